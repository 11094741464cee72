using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

public sealed class HostedSpeakingTests
{
    private readonly HostedStage _stage = new();

    private static readonly GenerateAnswer Ask = new(
        3,
        1,
        Some.Base,
        Some.Prompt(3, Some.Hit("e1")),
        Some.Charter,
        Some.Stimulus(3),
        Some.Self with
        {
            Candidates = 2,
        },
        new Seed(5)
    );

    private static readonly GenerateReflection Reflect = new(2, Some.Draft(1), Some.Charter, Some.Sampling, new Seed(9));

    [Fact]
    public async Task What_a_hosted_model_cannot_tell_of_an_answer_is_undefined_and_the_rest_is_measured()
    {
        _stage.Chat.Says = (_, _) => "I am here. It rains. It rains.";
        var candidates = (
            await _stage.RunAsync<AnswerGenerated>(Ask with { Stimulus = Some.Stimulus(3) with { Check = "rains" } })
        ).Candidates;
        candidates.Length.ShouldBe(2, "one call a candidate");
        _stage.Chat.Asked.Count.ShouldBe(2);
        var scores = candidates[0].Scores;
        (double.IsNaN(scores.Alignment), double.IsNaN(scores.Quality), double.IsNaN(scores.Perplexity)).ShouldBe((true, true, true));
        (scores.Correctness, double.IsNaN(scores.Coherence), scores.SelfReference > 0).ShouldBe((1, false, true));
        _stage.Embedder.Asked.Take(3).ShouldBe(["I am here.", "It rains.", "It rains."]);
    }

    [Fact]
    public async Task Below_three_sentences_the_embedder_is_not_asked()
    {
        await _stage.RunAsync<AnswerGenerated>(Ask);
        _stage.Embedder.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_agent_is_told_its_goals_its_values_and_how_it_speaks()
    {
        await _stage.RunAsync<AnswerGenerated>(Ask);
        var charter = _stage.Chat.Asked.First().Messages.Single(m => Parts.Of(m) == Parts.Charter).Text;
        charter.ShouldStartWith(Some.Charter.Stem);
        foreach (var told in Some.Charter.Goals.Concat(Some.Charter.Values).Concat(Some.Charter.Voice))
            charter.ShouldContain(told);
    }

    [Fact]
    public async Task A_reflection_is_asked_for_in_a_strict_form_and_brings_the_scores()
    {
        _stage.Chat.Says = (_, _) => """{"reflection": " I was honest. ", "alignment": 0.75, "quality": 1}""";
        var reflected = await _stage.RunAsync<ReflectionGenerated>(Reflect);
        (reflected.Text, reflected.Alignment, reflected.Quality, reflected.Attempt).ShouldBe(("I was honest.", 0.75, 1, 2));
        var (messages, options) = _stage.Chat.Asked.Single();
        messages.Select(Parts.Of).ShouldBe([Parts.Charter, Parts.Stimulus, Parts.Answer, Parts.Request]);
        var form = options.ResponseFormat.ShouldBeOfType<ChatResponseFormatJson>();
        form.SchemaName.ShouldBe("reflection");
        form.Schema!.Value.GetProperty("required")
            .EnumerateArray()
            .Select(r => r.GetString())
            .ShouldBe(["reflection", "alignment", "quality"]);
        form.Schema.Value.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("I was honest.", "it is not JSON")]
    [InlineData("```json\n{}\n```", "it is not an object with exactly these three members")]
    [InlineData("{\"reflection\": \"I w", "it is not JSON")]
    [InlineData("""{"reflection": "I was.", "alignment": "high", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "8", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "120%", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "3/7", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "11/10", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "-0.1", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": "NaN", "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": 1e999, "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": true, "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "Reflection": "No.", "alignment": 1, "quality": 1}""", "exactly these three members")]
    [InlineData(
        """{"reflection": "I was.", "alignment": 1, "quality": 1} or {"reflection": "No.", "alignment": 1, "quality": 1}""",
        "it has 2 different ones"
    )]
    [InlineData("[1]", "it is not an object with exactly these three members")]
    [InlineData(
        """{"reflection": "I was.", "alignment": 0.5, "quality": 0.5, "mood": 1}""",
        "it is not an object with exactly these three members"
    )]
    [InlineData("""{"reflection": " ", "alignment": 0.5, "quality": 0.5}""", "its reflection is empty")]
    [InlineData("""{"alignment": 0.5, "quality": 0.5}""", "its reflection is empty")]
    [InlineData("""{"reflection": "I was.", "alignment": 7, "quality": 0.5}""", "alignment is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": 0.5, "quality": "high"}""", "quality is not a number from 0 to 1")]
    [InlineData("""{"reflection": "I was.", "alignment": 0.5}""", "quality is not a number from 0 to 1")]
    public async Task A_reply_of_another_form_is_a_failure_and_never_a_thought(string reply, string told)
    {
        _stage.Chat.Says = (_, _) => reply;
        var failed = await _stage.RunAsync<ReflectionFailed>(Reflect);
        failed.Error.ShouldContain(told);
        failed.Attempt.ShouldBe(2);
    }

    /// <summary>Replies whose meaning is certain: "I was.", 0.8, 0.5.</summary>
    public static TheoryData<string> Certain =>
        [
            """{"reflection": "I was.", "alignment": 0.8, "quality": 0.5}""",
            "```json\n{\"reflection\": \"I was.\", \"alignment\": 0.8, \"quality\": 0.5}\n```",
            "Here it is {as you asked}:\n```\n{\"reflection\": \"I was.\", \"alignment\": 0.8, \"quality\": 0.5,}\n```\nI hope that it helps {you}.",
            """{"reflection": "I was.", "alignment": "0.8", "quality": ".5"}""",
            """{"reflection": "I was.", "alignment": "80%", "quality": "50 %"}""",
            """{"reflection": "I was.", "alignment": "8/10", "quality": "50 out of 100"}""",
            """{"reflection": "I was.", "alignment": "0,8", "quality": "2.5 / 5"}""",
            """{"Reflection": "I was.", "ALIGNMENT": 0.8, "quality": 5e-1}""",
            """[{"reflection": "I was.", "alignment": 0.8, "quality": 0.5}]""",
            """{"answer": {"reflection": "I was.", "alignment": 0.8, "quality": 0.5}}""",
            """{"reflection": "I was.", "alignment": 0.8, /* fits */ "quality": 0.5}""",
            """{"reflection": "...", "alignment": "a number", "quality": "a number"} {"reflection": "I was.", "alignment": 0.8, "quality": 0.5}""",
            """{"reflection": "I was.", "alignment": 0.8, "quality": 0.5} {"reflection": "I was.", "alignment": 0.8, "quality": 0.5}""",
        ];

    [Theory, MemberData(nameof(Certain))]
    public async Task A_reflection_is_read_however_it_is_wrapped_if_its_meaning_is_certain(string reply)
    {
        _stage.Chat.Says = (_, _) => reply;
        var reflected = await _stage.RunAsync<ReflectionGenerated>(Reflect);
        (reflected.Text, reflected.Alignment, reflected.Quality).ShouldBe(("I was.", 0.8, 0.5));
    }

    [Theory]
    [InlineData("{\"reflection\": \"I was\nand am.\", \"alignment\": 1, \"quality\": 1}", "I was\nand am.")]
    [InlineData("""{"reflection": "I \ud800was {so}.", "alignment": 1, "quality": 1}""", "I \uFFFDwas {so}.")]
    public async Task A_reflection_whose_text_is_not_quite_JSON_is_read(string reply, string text)
    {
        _stage.Chat.Says = (_, _) => reply;
        (await _stage.RunAsync<ReflectionGenerated>(Reflect)).Text.ShouldBe(text);
    }

    [Fact]
    public async Task A_reflection_that_was_cut_off_says_what_to_raise()
    {
        (_stage.Chat.Says, _stage.Chat.Finish) = ((_, _) => """{"reflection": "I w""", ChatFinishReason.Length);
        (await _stage.RunAsync<ReflectionFailed>(Reflect)).Error.ShouldBe(
            "The reflection was truncated after 16 tokens (finish_reason length): raise reflect.max-tokens."
        );
    }

    [Fact]
    public async Task An_insight_is_asked_for_in_plain_text()
    {
        _stage.Chat.Says = (_, _) => "I like rain.";
        (
            await _stage.RunAsync<InsightGenerated>(
                new GenerateInsight(1, Some.Draft(1), Some.Reflection(), Some.Charter, Some.Sampling, new Seed(9))
            )
        ).Statement.ShouldBe("I like rain.");
        _stage.Chat.Asked.Single().Options.ResponseFormat.ShouldBeNull();
    }

    [Fact]
    public async Task A_failed_embedder_fails_the_answer()
    {
        _stage.Chat.Says = (_, _) => "One. Two. Three.";
        _stage.Embedder.Finds = _ => throw new ProviderException("the embedder is down");
        (await _stage.RunAsync<AnswerFailed>(Ask)).Error.ShouldBe("the embedder is down");
    }

    [Fact]
    public async Task An_embedder_that_has_changed_since_the_memories_were_stored_is_a_failure()
    {
        MemoryView view = new(
            "kept-1",
            Some.Memory,
            [new MemoryItem(MemoryId.OfCycle(1), "x", 3, Some.At(1), Faculties.Embedding.From([1, 0]))],
            Some.At(9)
        );
        var failed = await _stage.RunAsync<SearchFailed>(new SearchMemory(1, new RecallFor("c4"), ["a"], view));
        failed.Error.ShouldContain("The embedder gives 3 components, but the memories of this instance have 2");
    }

    [Fact]
    public async Task It_cannot_be_trained_and_says_so() =>
        (
            await _stage.RunAsync<TrainingFailed>(
                new TrainModel(new TrainingPlan(1, ImmutableArray<string>.Empty, Some.Base, 1, 0.1, default))
            )
        ).Error.ShouldContain("cannot be trained");
}
