using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

/// <summary>A hosted model whose server scores given text is measured as the embedded model is.</summary>
public sealed class HostedScoringEffectTests : IDisposable
{
    private static readonly ChatMessage[] Exchange = [new(ChatRole.User, "Who?"), new(ChatRole.Assistant, "It is I.")];

    private static readonly GenerateReflection Reflect = new(2, Some.Draft(1), Some.Charter, Some.Sampling, new Seed(9));

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-scored-").FullName;
    private readonly StubChat _chat = new() { Properties = null };
    private readonly StubScorer _scorer = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Alignment_and_quality_are_ranks_among_the_outputs_of_generation_0_that_are_made_once()
    {
        // Each output has a likelihood of its own, higher with the charter by as much.
        _chat.Says = (_, options) => $"I say {options?.Seed % 1000} words.";
        _scorer.Finds = (_, messages, text) => new TextScore(messages.Count == 1 ? -4 : -2 - text.Length / 100.0, 4);
        var ask = new GenerateAnswer(3, 1, Some.Base, Some.Prompt(3), Some.Charter, Some.Stimulus(3), Some.Self, new Seed(5));

        var scores = ((AnswerGenerated)await Effects().RunAsync("kept-1", ask, default)).Candidates[0].Scores;

        scores.Alignment.ShouldBeInRange(0, 1);
        scores.Quality.ShouldBeInRange(0, 1);
        scores.Perplexity.ShouldBeGreaterThan(1);
        _chat.Asked.Count.ShouldBe(HostedScoring.Outputs + Some.Self.Candidates);
        await Effects().RunAsync("kept-1", ask, default);
        _chat.Asked.Count.ShouldBe(HostedScoring.Outputs + 2 * Some.Self.Candidates, "a later process finds the calibration");
    }

    [Fact]
    public async Task A_reflection_in_plain_text_is_one_and_scores_in_a_reflection_do_not_count()
    {
        _chat.Says = (_, _) => "I could say more.";
        var plain = (ReflectionGenerated)await Effects().RunAsync("kept-1", Reflect with { Form = ReflectionForm.Text }, default);
        (plain.Text, plain.Alignment, plain.Quality).ShouldBe(("I could say more.", null, null));
        _chat.Asked.Last().Options.ResponseFormat.ShouldBeNull();

        _chat.Says = (_, _) => """{"reflection":"I could say more.","alignment":0.8,"quality":0.7}""";
        var json = (ReflectionGenerated)await Effects().RunAsync("kept-1", Reflect, default);
        (json.Text, json.Alignment, json.Quality).ShouldBe(("I could say more.", null, null));
    }

    [Fact]
    public async Task Held_out_text_is_scored_and_a_candidate_that_is_the_base_under_another_name_is_found_out()
    {
        EvaluateModel evaluate = new(2, new("tuned"), Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2));
        _chat.Says = (_, _) => "I am calm.";
        var same = ((ModelEvaluated)await Effects().RunAsync("kept-1", evaluate, default)).Figures;
        (same.HeldOutBase, same.HeldOut, same.IsBase).ShouldBe((1, 1, true));

        _scorer.Finds = (model, _, text) => new TextScore(model == "tuned" ? -2.5 : -3, 3);
        var other = ((ModelEvaluated)await Effects().RunAsync("kept-1", evaluate, default)).Figures;
        (other.HeldOutBase, other.HeldOut, other.IsBase).ShouldBe((1, 2.5 / 3, false));
    }

    [Fact]
    public void Of_more_held_out_text_than_is_measured_a_block_has_a_draw_of_its_own()
    {
        IReadOnlyList<ChatMessage>[] many =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i => (IReadOnlyList<ChatMessage>)[new(ChatRole.User, $"{i}"), new(ChatRole.Assistant, "I.")]),
        ];
        GivenExamples given = new([.. many]);

        var drawn = given.HeldOut(new Seed(1)).ToList();
        drawn.Count.ShouldBe(HeldOutEvaluator.Records);
        given.HeldOut(new Seed(1)).ShouldBe(drawn);
        given.HeldOut(new Seed(2)).ShouldNotBe(drawn);
        new GivenExamples([.. many[..3]]).HeldOut(new Seed(1)).ShouldBe(many[..3]);
    }

    private FacultyEffects Effects() =>
        new(
            _chat,
            new StubEmbedder(),
            new ScanIndex(),
            new InMemoryBlobs(),
            samples: 1,
            "run",
            _ => new StubTrainer(),
            new FakeTime(),
            scoring: new HostedScoring(
                _scorer,
                Some.Base,
                [Exchange],
                [Some.Stimulus(1), Some.Stimulus(2)],
                Path.Combine(_folder, "calibration")
            )
        );
}
