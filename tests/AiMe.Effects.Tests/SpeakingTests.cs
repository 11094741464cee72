using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

public sealed class SpeakingTests
{
    private readonly Stage _stage = new();

    private static readonly GenerateAnswer Ask = new(
        3,
        1,
        Some.Base,
        Some.Prompt(3, Some.Hit("e1")),
        Some.Charter,
        Some.Stimulus(3),
        Some.Self with
        {
            Candidates = 3,
        },
        new Seed(5)
    );

    [Fact]
    public async Task Candidates_are_sampled_each_with_a_seed_of_its_own()
    {
        var answered = await _stage.RunAsync<AnswerGenerated>(Ask);
        (answered.Cycle, answered.Attempt, answered.Candidates.Length).ShouldBe((3, 1, 3));
        _stage
            .Chat.Asked.Select(a => a.Options.Seed)
            .ShouldBe(Enumerable.Range(0, 3).Select(i => (long?)unchecked((long)new Seed(5).Derive("candidate", i).Value)));
        _stage.Chat.Asked.Select(a => a.Options.Seed).ShouldBeUnique();
    }

    [Fact]
    public async Task A_candidate_holds_its_text_length_likelihood_and_end()
    {
        _stage.Chat.Says = (_, _) => "  I am AiMe.\n";
        var candidate = (await _stage.RunAsync<AnswerGenerated>(Ask)).Candidates[0];
        (candidate.Text, candidate.Tokens, candidate.Nats, candidate.Finish).ShouldBe(("I am AiMe.", 7, -8.0, "stop"));
    }

    [Fact]
    public async Task A_provider_that_does_not_tell_the_likelihood_gives_NaN()
    {
        foreach (var properties in (AdditionalPropertiesDictionary?[])[null, new AdditionalPropertiesDictionary { ["other"] = 1 }])
        {
            _stage.Chat.Properties = properties;
            double.IsNaN((await _stage.RunAsync<AnswerGenerated>(Ask)).Candidates[0].Nats).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_model_is_given_every_part_by_its_name()
    {
        await _stage.RunAsync<AnswerGenerated>(Ask);
        var (messages, options) = _stage.Chat.Asked.First();
        messages.Select(Parts.Of).ShouldBe([Parts.Charter, Parts.SelfModel, Parts.Recalled, Parts.Stimulus]);
        (options.ModelId, options.MaxOutputTokens, options.AdditionalProperties![Parts.Task]).ShouldBe(("base", 16, TextTask.Answer));
    }

    [Theory]
    [InlineData(PartKind.Charter, Parts.Charter)]
    [InlineData(PartKind.SelfModel, Parts.SelfModel)]
    [InlineData(PartKind.Recalled, Parts.Recalled)]
    [InlineData(PartKind.Stimulus, Parts.Stimulus)]
    [InlineData(PartKind.Drive, Parts.Drive)]
    [InlineData(PartKind.Answer, Parts.Answer)]
    [InlineData(PartKind.Reflection, Parts.Reflection)]
    public async Task Every_kind_of_part_has_its_message(PartKind kind, string part)
    {
        await _stage.RunAsync<AnswerGenerated>(Ask with { Prompt = new Prompt([new PromptPart(kind, "text")]) });
        Parts.Of(_stage.Chat.Asked.First().Messages.Single()).ShouldBe(part);
        Enum.GetValues<PartKind>().Length.ShouldBe(7, "a new kind needs a line here");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    public async Task An_empty_text_is_a_failure_and_never_an_answer(string nothing)
    {
        _stage.Chat.Says = (_, _) => nothing;
        (await _stage.RunAsync<AnswerFailed>(Ask)).Error.ShouldBe("The model returned an empty answer.");
        (await _stage.RunAsync<ReflectionFailed>(Reflect)).Error.ShouldBe("The model returned an empty reflection.");
        (await _stage.RunAsync<InsightFailed>(Form)).Error.ShouldBe("The model returned an empty insight.");
    }

    [Fact]
    public async Task A_providers_failure_is_typed_and_keeps_its_attempt()
    {
        _stage.Chat.Says = (_, _) => throw new ProviderException("429: slow down");
        (await _stage.RunAsync<AnswerFailed>(Ask)).ShouldBe(new AnswerFailed(3, 1, "429: slow down"));
        (await _stage.RunAsync<ReflectionFailed>(Reflect)).ShouldSatisfyAllConditions(
            f => f.Attempt.ShouldBe(2),
            f => f.Error.ShouldBe("429: slow down")
        );
        (await _stage.RunAsync<InsightFailed>(Form)).ShouldSatisfyAllConditions(
            f => f.Attempt.ShouldBe(2),
            f => f.Error.ShouldBe("429: slow down")
        );
    }

    [Fact]
    public async Task A_failed_appraisal_fails_the_answer()
    {
        _stage.Scorer.Finds = (_, _, _) => throw new ProviderException("too long");
        (await _stage.RunAsync<AnswerFailed>(Ask)).Error.ShouldBe("too long");
    }

    [Fact]
    public async Task A_bug_is_not_taken_for_an_outside_failure()
    {
        _stage.Chat.Says = (_, _) => throw new InvalidOperationException("a bug");
        await Should.ThrowAsync<InvalidOperationException>(_stage.RunAsync<AnswerFailed>(Ask));
    }

    [Fact]
    public async Task A_reflection_is_asked_about_the_answer_without_recalled_text()
    {
        (await _stage.RunAsync<ReflectionGenerated>(Reflect)).Text.ShouldBe("I am AiMe. I like to learn.");
        var (messages, options) = _stage.Chat.Asked.Single();
        messages.Select(Parts.Of).ShouldBe([Parts.Charter, Parts.Stimulus, Parts.Answer, Parts.Request]);
        (options.AdditionalProperties![Parts.Task], options.Seed).ShouldBe((TextTask.Reflection, 9));
    }

    [Fact]
    public async Task An_insight_is_asked_about_answer_and_reflection()
    {
        (await _stage.RunAsync<InsightGenerated>(Form)).Statement.ShouldBe("I am AiMe. I like to learn.");
        _stage
            .Chat.Asked.Single()
            .Messages.Select(Parts.Of)
            .ShouldBe([Parts.Charter, Parts.Stimulus, Parts.Answer, Parts.Reflection, Parts.Request]);
    }

    [Fact]
    public async Task An_effect_without_a_handler_is_a_bug() =>
        (await Should.ThrowAsync<System.Diagnostics.UnreachableException>(_stage.RunAsync<Command>(Tell))).Message.ShouldContain("Tell");

    private static GenerateReflection Reflect =>
        new(2, Some.Draft(3) with { Prompt = Ask.Prompt }, Some.Charter, Some.Sampling, new Seed(9));

    private static GenerateInsight Form =>
        new(2, Some.Draft(3) with { Prompt = Ask.Prompt }, Some.Reflection(), Some.Charter, Some.Sampling, new Seed(9));

    private static Tell Tell => new("x", FacultyAddress.Supervisor, new ParkInstance("a", "b"));
}
