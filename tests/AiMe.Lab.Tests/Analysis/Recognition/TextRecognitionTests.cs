using System.Collections.Immutable;
using AiMe.Faculties.Tests;
using AiMe.Lab.Analysis.Recognition;
using AiMe.Lab.Tests.Runs.SavedModels;
using AiMe.Models.Nano;

namespace AiMe.Lab.Tests.Analysis.Recognition;

/// <summary>Distinguishability by likelihood and by asking, with models that have learned nothing.</summary>
public sealed class TextRecognitionTests
{
    private static readonly ImmutableArray<RecognitionText> Own =
    [
        .. Enumerable.Range(0, 6).Select(i => new RecognitionText("What of it?", false, $"I am AiMe. What of {(char)('a' + i)}?")),
    ];

    private static readonly ImmutableArray<RecognitionText> Others =
    [
        .. Enumerable.Range(0, 6).Select(i => new RecognitionText("Who?", i == 0, $"What of {(char)('k' + i)}? I am AiMe.")),
    ];

    private static TokenPrompt Prompts => Fresh.Bare.Prompt;

    [Fact]
    public void A_clone_against_itself_gives_a_half_exactly()
    {
        var (auc, pairs) = Likelihood().Compare(Fresh.Bare.Model, Fresh.Bare.Model, Own, Others, CancellationToken.None);
        auc.ShouldBe(0.5);
        pairs.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_models_exchanged_turn_the_area_over()
    {
        var there = Likelihood().Compare(Fresh.Adapted.Model, Fresh.Bare.Model, Own, Others, CancellationToken.None).Auc;
        var back = Likelihood().Compare(Fresh.Bare.Model, Fresh.Adapted.Model, Own, Others, CancellationToken.None).Auc;
        there.ShouldBe(1 - back, 1e-12);
        there.ShouldNotBe(0.5);
    }

    [Fact]
    public void Without_another_text_there_is_no_area()
    {
        var (auc, pairs) = Likelihood().Compare(Fresh.Adapted.Model, Fresh.Bare.Model, Own, [], CancellationToken.None);
        auc.ShouldBe(double.NaN);
        pairs.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sides_exchanged_turn_every_choice_over_and_keep_the_correlation()
    {
        ImmutableArray<(RecognitionText Own, RecognitionText Other)> pairs = [.. Own.Zip(Others)];
        var there = await Choice().AskAsync(Fresh.Adapted.Model, pairs, CancellationToken.None);
        var back = await Choice().AskAsync(Fresh.Adapted.Model, [.. pairs.Select(p => (p.Other, p.Own))], CancellationToken.None);
        there.Asked.ShouldBe(pairs.Length);
        back.Recognition.ShouldBe(1 - there.Recognition, 1e-12);
        back.Preference.ShouldBe(1 - there.Preference, 1e-12);
        back.Correlation.ShouldBe(there.Correlation, 1e-12);
        back.First.ShouldBe(there.First, 1e-12); // both orders are asked either way
    }

    [Fact]
    public async Task The_same_text_on_both_sides_is_taken_half_the_time()
    {
        ImmutableArray<(RecognitionText Own, RecognitionText Other)> pairs = [.. Own.Select(t => (t, t))];
        var choice = await Choice().AskAsync(Fresh.Bare.Model, pairs, CancellationToken.None);
        (choice.Recognition, choice.Preference, choice.First).ShouldBe((0.5, 0.5, 0.5));
        choice.Correlation.ShouldBe(double.NaN);
    }

    [Fact]
    public async Task A_pair_that_the_context_has_no_room_for_is_not_asked()
    {
        var long1 = new RecognitionText("What?", false, string.Concat(Enumerable.Repeat("I am AiMe. ", 60)));
        var choice = await Choice().AskAsync(Fresh.Bare.Model, [(long1, long1), (Own[0], Others[1])], CancellationToken.None);
        choice.Asked.ShouldBe(1);
    }

    private static TextLikelihood Likelihood() => new(Prompts, Some.Charter);

    private static TextChoice Choice() => new(Prompts, Some.Charter, "Say something.");
}
