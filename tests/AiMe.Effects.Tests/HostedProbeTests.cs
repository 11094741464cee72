using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

public sealed class HostedProbeTests
{
    private static readonly ChoiceProbe Four = new(
        "calm",
        "calm",
        [new("How are you?", "I stay"), new("And when it is loud?", "Then I stay")],
        [" angry", " loud", " calm", " cold"],
        2
    );

    private static readonly ImmutableArray<int> Order = [1, 2, 3, 0];

    private readonly HostedStage _stage = new();

    [Fact]
    public void Options_stand_under_letters_and_turn_by_one_with_each_paraphrase()
    {
        SampledOptionScorer
            .Ask(Four, 0)
            .Question.ShouldBe(
                "How are you?\nWhich of these would you say? \"I stay ...\"\nA) angry\nB) loud\nC) calm\nD) cold\nAnswer with one letter and nothing else: A, B, C, D."
            );
        var (question, order) = SampledOptionScorer.Ask(Four, 1);
        question.ShouldContain("A) loud\nB) calm\nC) cold\nD) angry\n");
        order.ShouldBe(Order);
    }

    [Theory]
    [InlineData("B", 2)]
    [InlineData(" b ", 2)]
    [InlineData("B)", 2)]
    [InlineData("**B**", 2)]
    [InlineData("(B) calm", 2)]
    [InlineData("B. I stay calm, not cold.", 2)]
    [InlineData("The answer is B.", 2)]
    [InlineData("My answer: D", 0)]
    [InlineData("I would choose option A", 1)]
    [InlineData("calm", 2)]
    [InlineData("I stay calm.", 2)]
    [InlineData("I stay calm and cold.", null)]
    [InlineData("A person stays as they are.", null)]
    [InlineData("I'd rather not say.", null)]
    [InlineData("E", null)]
    [InlineData("", null)]
    [InlineData("42", null)]
    public void A_reply_names_an_option_by_its_letter_or_in_words_or_it_names_none(string reply, int? option) =>
        SampledOptionScorer.Named(reply, Four.Options, Order).ShouldBe(option);

    [Fact]
    public void Shares_come_from_the_letters_among_the_alternatives()
    {
        var shares = SampledOptionScorer
            .Shares(
                [
                    new("A", Math.Log(0.5)),
                    new(" a", Math.Log(0.1)),
                    new("(B)", Math.Log(0.2)),
                    new("The", Math.Log(0.1)),
                    new("E", Math.Log(0.05)),
                ],
                Order
            )!
            .Value;
        shares.Select(s => Math.Round(s, 9)).ShouldBe([0, 0.75, 0.25, 0]);
    }

    [Fact]
    public void Letters_with_less_than_half_of_the_mass_tell_nothing() =>
        SampledOptionScorer.Shares([new("I", Math.Log(0.6)), new("A", Math.Log(0.3))], Order).ShouldBeNull();

    [Fact]
    public async Task Where_alternatives_are_told_one_call_a_wording_is_enough()
    {
        _stage.Chat.Properties = Told(new Alternative("A", Math.Log(0.75)), new Alternative("B", Math.Log(0.25)));
        var results = await AskAsync();
        // The second wording has its options turned by one, so the same letters are the other options.
        results
            .Bare.Single()
            .ByParaphrase.Select(row => string.Join(' ', row.Select(p => Math.Round(p, 9))))
            .ShouldBe(["0.75 0.25", "0.25 0.75"]);
        _stage
            .Chat.Asked.Count(a => a.Options.AdditionalProperties!.ContainsKey(Parts.AlternativesWanted))
            .ShouldBe(4, "two wordings, of the bare model and of the agent");
    }

    [Fact]
    public async Task Where_none_are_told_answers_are_sampled_and_counted()
    {
        Queue<string> replies = new(["A", "B", "hm", "A", "A", "hm"]);
        _stage.Chat.Says = (_, _) => replies.TryDequeue(out var reply) ? reply : "A";
        var rows = (await AskAsync()).Bare.Single().ByParaphrase;
        rows[0].ShouldBe([0.5, 0.5], "of the two that named an option");
        rows[1].ShouldBe([0, 1], "A stands for the second option now");
        _stage.Chat.Asked.Take(6).Select(a => a.Options.Seed).ShouldBeUnique();
    }

    [Theory]
    [InlineData("I'd rather not say.")]
    [InlineData("")]
    public async Task A_question_that_is_never_answered_is_undefined_and_neither_0_nor_an_error(string reply)
    {
        _stage.Chat.Says = (_, _) => reply;
        var results = await AskAsync();
        results.Bare.Single().ByParaphrase.ShouldAllBe(row => row.All(double.IsNaN));
        Identity.Answered(results.Bare).ShouldBe((0, 2));
        double.IsNaN(Identity.Drift(results.Bare, results.Bare)).ShouldBeTrue();
        double.IsNaN(Identity.Floor(results.Bare)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_that_reasons_first_is_given_the_tokens_that_it_needs_and_its_answer_alone_is_read()
    {
        var cut = new ProviderException("used up by its reasoning") { CutOff = true };
        _stage.Chat.Says = (messages, options) => IsChoice(messages) && options.MaxOutputTokens < 1024 ? throw cut : "A";
        _stage.Chat.Properties = Told(new Alternative("A", 0));
        var results = await AskAsync();
        results.Bare.Single().ByParaphrase.ShouldAllBe(row => !row.Any(double.IsNaN));
        _stage
            .Chat.Asked.Count(a => a.Options.MaxOutputTokens == 16 && a.Options.AdditionalProperties!.ContainsKey(Parts.AlternativesWanted))
            .ShouldBe(1, "the first question teaches it");
        _stage.Chat.Says = (messages, _) => IsChoice(messages) ? throw cut : "A";
        (await _stage.RunAsync<ProbesFailed>(Ask)).Error.ShouldContain("used up 8192 tokens before it answered probe");
    }

    [Fact]
    public async Task Cross_entropy_is_not_known_and_not_0() => double.IsNaN((await AskAsync()).HeldOut).ShouldBeTrue();

    [Fact]
    public async Task The_bare_model_is_asked_once_and_told_its_stem_alone()
    {
        _stage.Chat.Properties = Told(new Alternative("A", 0));
        await AskAsync();
        _stage.Chat.Asked.First().Messages[0].Text.ShouldBe(Some.Charter.Stem);
        var first = _stage.Chat.Asked.Count;
        await AskAsync();
        (_stage.Chat.Asked.Count - first).ShouldBe(3, "the agent's two wordings and its open question");
    }

    [Fact]
    public async Task A_failed_call_fails_the_probes_with_their_attempt_and_is_no_empty_answer()
    {
        _stage.Chat.Says = (messages, _) =>
            messages[^1].Text.Contains("Answer with one letter", StringComparison.Ordinal)
                ? "A"
                : throw new ProviderException("the server failed");
        (await _stage.RunAsync<ProbesFailed>(Ask)).ShouldBe(new ProbesFailed(1, 1, "the server failed"), "the open question");
        _stage.Chat.Says = (_, _) => throw new ProviderException("429");
        (await _stage.RunAsync<ProbesFailed>(Ask)).Error.ShouldBe("429");
        _stage.Chat.Says = (_, _) => "A";
        await AskAsync();
    }

    [Fact]
    public void Undefined_rows_are_left_out_and_the_rest_is_compared()
    {
        ImmutableArray<ChoiceResult> then =
        [
            Result("a", [0.5, 0.5], [double.NaN, double.NaN]),
            Result("b", [1, 0], [1, 0]),
            Result("c", [double.NaN, double.NaN], [double.NaN, double.NaN]),
        ];
        ImmutableArray<ChoiceResult> now =
        [
            Result("a", [0.5, 0.5], [0.5, 0.5]),
            Result("b", [double.NaN, double.NaN], [double.NaN, double.NaN]),
            Result("c", [1, 0], [1, 0]),
        ];
        Identity.Answered(then).ShouldBe((3, 6));
        Identity.Means(then).Keys.Order().ShouldBe(["a", "b"]);
        Identity.Drift(now, then).ShouldBe(0, "a alone is known at both");
        Identity.Floor(then).ShouldBe(0, "b alone has two halves");
    }

    private static bool IsChoice(IReadOnlyList<ChatMessage> messages) =>
        messages[^1].Text.Contains("Answer with one letter", StringComparison.Ordinal);

    private static ChoiceResult Result(string probe, params double[][] rows) => new(probe, [.. rows.Select(row => row.ToImmutableArray())]);

    private static AdditionalPropertiesDictionary Told(params Alternative[] alternatives) =>
        new() { [Parts.Alternatives] = alternatives.ToImmutableArray() };

    private static AskProbes Ask =>
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

    private async Task<ProbeResults> AskAsync() => (await _stage.RunAsync<ProbesAnswered>(Ask)).Results;
}
