using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Models;

namespace AiMe.Effects.Tests;

public sealed class ProbeTests
{
    private readonly Stage _stage = new();

    [Fact]
    public async Task An_option_is_scored_against_the_neutral_stimulus_and_put_through_a_softmax()
    {
        // With the question: ln 6 and ln 2; with the neutral stimulus: ln 2 and ln 2. So 3 to 1.
        _stage.Scorer.Finds = (_, messages, option) =>
            new TextScore(
                Math.Log(
                    messages.Any(m => m.Text == Some.Probes.Neutral) ? 2
                    : option == " AiMe" ? 6
                    : 2
                ),
                1
            );
        var results = (await _stage.RunAsync<ProbesAnswered>(Ask())).Results;
        foreach (var row in results.Bare.Concat(results.Agent).SelectMany(r => r.ByParaphrase))
            row.Select(p => Math.Round(p, 9)).ShouldBe([0.75, 0.25]);
        results.Bare.Single().ByParaphrase.Length.ShouldBe(2, "one row a paraphrase");
    }

    [Fact]
    public async Task The_bare_model_is_asked_without_self_model_and_recall_and_the_agent_with_both()
    {
        var kinds = new HashSet<string>();
        _stage.Scorer.Finds = (_, messages, _) =>
        {
            kinds.Add(string.Join('+', messages.Select(Parts.Of)));
            return new TextScore(-1, 1);
        };
        await _stage.RunAsync<ProbesAnswered>(Ask());
        kinds.ShouldContain("charter+stimulus+stem");
        kinds.ShouldContain("charter+self-model+recalled+stimulus+stem");
        kinds.ShouldContain("stimulus+stem", "the neutral one, without the charter");
    }

    [Fact]
    public async Task Open_probes_are_answered_and_an_empty_answer_stays_an_empty_line()
    {
        (await _stage.RunAsync<ProbesAnswered>(Ask())).Results.Open.ShouldBe([new OpenResult("open", "I am AiMe. I like to learn.")]);
        _stage.Chat.Says = (_, _) => "";
        (await _stage.RunAsync<ProbesAnswered>(Ask())).Results.Open.ShouldBe([new OpenResult("open", "")]);
    }

    [Fact]
    public async Task What_hangs_on_the_model_alone_is_measured_once()
    {
        await _stage.RunAsync<ProbesAnswered>(Ask());
        var first = _stage.Scorer.Calls;
        var again = await _stage.RunAsync<ProbesAnswered>(Ask() with { Generation = 2, SelfModel = "Another." });
        (_stage.Scorer.Calls - first).ShouldBe(4, "the agent's two paraphrases, each with its neutral one");
        again.Results.HeldOut.ShouldBe(1, 1e-12, "minus one nat a word");
    }

    [Fact]
    public async Task Another_block_has_another_held_out_set()
    {
        await _stage.RunAsync<ProbesAnswered>(Ask());
        var first = _stage.Scorer.Calls;
        await _stage.RunAsync<ProbesAnswered>(Ask() with { HeldOutSeed = new Seed(99) });
        (_stage.Scorer.Calls - first).ShouldBe(4 + 64);
    }

    [Fact]
    public async Task A_failure_is_not_remembered_as_a_measurement()
    {
        var usual = _stage.Scorer.Finds;
        _stage.Scorer.Finds = (_, _, _) => throw new ProviderException("503");
        (await _stage.RunAsync<ProbesFailed>(Ask())).ShouldBe(new ProbesFailed(1, 1, "503"));
        (await _stage.RunAsync<TrainingFailed>(Evaluate)).Error.ShouldBe("503");
        _stage.Scorer.Finds = usual;
        await _stage.RunAsync<ProbesAnswered>(Ask());
        await _stage.RunAsync<ModelEvaluated>(Evaluate);
    }

    [Fact]
    public async Task A_candidate_is_measured_against_generation_0()
    {
        _stage.Scorer.Finds = (model, messages, option) =>
            messages[^1].Text is "I am" or "My name is"
                ? new TextScore(model == "m1" && option == " Bob" && messages.Count > 2 ? 3 : 0, 1)
                : new TextScore(model == "m1" ? -3 : -2, 1);
        var figures = (await _stage.RunAsync<ModelEvaluated>(Evaluate)).Figures;
        (figures.HeldOutBase, figures.HeldOut, figures.AnchorBase, figures.Anchor).ShouldBe((2, 3, 2, 3));
        figures.Drift.ShouldBeInRange(0.2, 1);
        figures.Repeats.ShouldBe(0);
        _stage.Chat.Asked.Select(a => a.Options.Seed).ShouldBeUnique("eight samples, eight seeds");
        _stage.Chat.Asked.ShouldAllBe(a => a.Options.ModelId == "m1");
    }

    [Fact]
    public async Task The_base_model_itself_has_not_drifted() =>
        (await _stage.RunAsync<ModelEvaluated>(Evaluate with { Candidate = Some.Base })).Figures.Drift.ShouldBe(0);

    [Fact]
    public void Drift_without_probes_is_undefined()
    {
        double.IsNaN(Identity.Drift([], [])).ShouldBeTrue();
        double.IsNaN(Identity.Floor([])).ShouldBeTrue();
        Identity.Drift(Some.ProbeResults.Bare, Some.ProbeResults.Bare).ShouldBe(0);
        Identity.Floor(Some.ProbeResults.Bare).ShouldBeGreaterThan(0, "the two paraphrases differ");
        Identity.Means(Some.ProbeResults.Bare)["name"].ShouldBe([0.625, 0.375]);
    }

    private static AskProbes Ask() =>
        new(
            1,
            1,
            Some.Base,
            Some.Charter,
            Some.Probes,
            "I like to learn.",
            [
                [Some.Hit("e1")],
                ImmutableArray<Hit>.Empty,
            ],
            Some.Sampling,
            new Seed(1),
            new Seed(2)
        );

    private static EvaluateModel Evaluate => new(1, new ModelId("m1"), Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2));
}
