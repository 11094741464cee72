using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Tests;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Lab.Tests.Runs.SavedModels;

public sealed class SampledTextTests
{
    private static readonly ImmutableArray<Stimulus> Three = [Some.Stimulus(1), Some.Stimulus(2), Some.Stimulus(3)];

    [Fact]
    public void Samples_go_round_the_stimuli_in_their_order() =>
        Draw(7).Select(s => s.Stimulus.Id).ShouldBe(["s1", "s2", "s3", "s1", "s2", "s3", "s1"]);

    [Fact]
    public void The_same_seed_gives_the_same_texts_and_a_longer_list_begins_with_the_shorter() =>
        Draw(3).Select(s => s.Text).ShouldBe(Draw(7).Take(3).Select(s => s.Text));

    [Fact]
    public void Another_seed_gives_other_texts() => Draw(3).Select(s => s.Text).ShouldNotBe(Draw(3, seed: 2).Select(s => s.Text));

    [Fact]
    public void Two_samples_of_one_stimulus_differ() => Draw(4)[0].Text.ShouldNotBe(Draw(4)[3].Text);

    [Fact]
    public void Every_token_has_its_probability_and_the_text_is_the_tokens()
    {
        foreach (var sample in Draw(5))
        {
            sample.Tokens.ShouldAllBe(t => t.Nats <= 0 && double.IsFinite(t.Nats));
            sample.Nats.ShouldBe(sample.Tokens.Sum(t => t.Nats));
            double.IsNaN(sample.EndNats).ShouldBe(!sample.Ended);
        }
    }

    [Fact]
    public void At_temperature_0_all_samples_of_a_stimulus_are_the_same() =>
        SampledText
            .Draw(Fresh.Bare, Some.Charter, [Three[0]], Some.Sampling with { Temperature = 0 }, 5, new Seed(1), CancellationToken.None)
            .Select(s => s.Text)
            .Distinct()
            .ShouldHaveSingleItem();

    [Fact]
    public void A_token_that_the_tokenizer_has_no_text_for_says_nothing_and_keeps_its_probability()
    {
        var tokens = SampledText
            .Draw(Fresh.Terse, Some.Charter, [Three[0]], Some.Sampling, 5, new Seed(1), CancellationToken.None)
            .SelectMany(s => s.Tokens)
            .ToArray();
        tokens.ShouldContain(t => t.Text.Length == 0);
        tokens.ShouldAllBe(t => t.Nats < 0 && double.IsFinite(t.Nats));
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_told() =>
        Should
            .Throw<Models.ProviderException>(() =>
                SampledText.Draw(
                    Fresh.Bare,
                    Some.Charter,
                    Three,
                    Some.Sampling with
                    {
                        MaxTokens = 256,
                    },
                    1,
                    new Seed(1),
                    CancellationToken.None
                )
            )
            .Message.ShouldContain("the context has only 256");

    private static ImmutableArray<SampledText> Draw(int count, ulong seed = 1) =>
        SampledText.Draw(Fresh.Bare, Some.Charter, Three, Some.Sampling, count, new Seed(seed), CancellationToken.None);
}
