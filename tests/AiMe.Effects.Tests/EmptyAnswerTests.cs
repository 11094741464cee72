using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

/// <summary>What a model that stops without text has answered, and what a prompt leaves out, in each version of the loop.</summary>
public sealed class EmptyAnswerTests
{
    private readonly Stage _stage = new();

    private static readonly GenerateAnswer Ask = new(
        3,
        1,
        Some.Base,
        Some.Prompt(3, Some.Hit("e1")),
        Some.Charter,
        Some.Stimulus(3),
        Some.Self,
        new Seed(5),
        LoopVersion.Second
    );

    private static readonly Draft Silent = Some.Draft(4, new Candidate("", 1, -0.5, "stop", Scores.Undefined));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public async Task A_model_that_stops_without_text_has_answered_and_its_scores_are_undefined(string said)
    {
        _stage.Chat.Says = (_, _) => said;
        var candidate = (await _stage.RunAsync<AnswerGenerated>(Ask)).Candidates.Single();
        (candidate.Text, candidate.Finish, candidate.Scores).ShouldBe(("", "stop", Scores.Undefined));
        _stage.Chat.Asked.Count.ShouldBe(1, "it is not asked again");
        _stage.Scorer.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_problem_that_is_not_answered_is_not_solved()
    {
        _stage.Chat.Says = (_, _) => "";
        var ask = Ask with { Stimulus = Some.Stimulus(3) with { Check = "7" } };
        (await _stage.RunAsync<AnswerGenerated>(ask)).Candidates.Single().Scores.Correctness.ShouldBe(0);
    }

    [Fact]
    public async Task No_text_up_to_the_limit_of_tokens_is_a_failed_call()
    {
        (_stage.Chat.Says, _stage.Chat.Finish) = ((_, _) => "", ChatFinishReason.Length);
        (await _stage.RunAsync<AnswerFailed>(Ask)).Error.ShouldBe("The model returned an empty answer.");
    }

    [Fact]
    public async Task In_the_first_loop_version_no_text_is_a_failed_call()
    {
        _stage.Chat.Says = (_, _) => "";
        (await _stage.RunAsync<AnswerFailed>(Ask with { LoopVersion = null })).Error.ShouldBe("The model returned an empty answer.");
    }

    [Fact]
    public async Task A_reflection_without_text_is_still_a_failed_call()
    {
        _stage.Chat.Says = (_, _) => "";
        await _stage.RunAsync<ReflectionFailed>(new GenerateReflection(1, Silent, Some.Charter, Some.Sampling, new Seed(9)));
    }

    [Fact]
    public async Task An_answer_without_text_has_no_direction_and_the_embedder_gets_no_empty_text()
    {
        HostedStage hosted = new();
        var embedded = await hosted.RunAsync<ExperienceEmbedded>(new EmbedExperience(1, Silent, Some.Reflection(), Some.Insight(1)));
        double.IsNaN(embedded.Output.Cosine(embedded.Output)).ShouldBeTrue();
        embedded.Output.Components.Length.ShouldBe(embedded.Whole.Components.Length);
        hosted.Embedder.Asked.ShouldBe([MemoryDecider.TextOf(Silent.Stimulus.Text, ""), Some.Insight(1).Statement]);
        embedded.Statement.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_hosted_model_reflects_on_no_answer_without_an_empty_message()
    {
        HostedStage hosted = new();
        hosted.Chat.Says = (_, _) => """{"reflection": "I was silent.", "alignment": 0.1, "quality": 0}""";
        await hosted.RunAsync<ReflectionGenerated>(new GenerateReflection(1, Silent, Some.Charter, Some.Sampling, new Seed(9)));
        hosted.Chat.Asked.Single().Messages.ShouldAllBe(m => m.Text.Length > 0);
        hosted.Chat.Asked.Single().Messages.Single(m => Parts.Of(m) == Parts.Answer).Text.ShouldBe("(no answer)");
    }

    [Fact]
    public async Task What_a_prompt_leaves_out_is_told_with_the_answer_in_the_second_loop_version()
    {
        _stage.Chat.Properties = new() { [Parts.Nats] = -8.0, [Parts.LeftOut] = ImmutableArray.Create(2) };
        (await _stage.RunAsync<AnswerGenerated>(Ask)).LeftOut.ShouldBe([2]);
        (await _stage.RunAsync<AnswerGenerated>(Ask with { LoopVersion = null })).LeftOut.IsDefault.ShouldBeTrue();
        _stage.Chat.Properties = new() { [Parts.LeftOut] = ImmutableArray<int>.Empty };
        (await _stage.RunAsync<AnswerGenerated>(Ask)).LeftOut.IsDefault.ShouldBeTrue("nothing is left out");
    }
}
