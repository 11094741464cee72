using AiMe.Nano.Lora;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

/// <summary>A training of a fixed length has exactly that length, whatever the size of its set.</summary>
public sealed class TrainingLengthTests
{
    private const int SetSize = 20;

    private static readonly TrainingOptions Short = new() { TokensPerBatch = 200, Seed = 9 };

    private static readonly AdapterOptions Size = new() { Rank = 3, Alpha = 6 };

    [Theory]
    [InlineData(SetSize, 3)]
    [InlineData(SetSize, 40)]
    [InlineData(1, 5)]
    public void Steps_are_counted_exactly(int examples, int steps)
    {
        var result = Train(examples, Short with { Steps = steps });
        result.Losses.Count.ShouldBe(steps);
        result.Passes.ShouldBeGreaterThanOrEqualTo(steps);
    }

    [Theory]
    [InlineData(SetSize, 1)]
    [InlineData(SetSize, 7)]
    [InlineData(SetSize, 20)]
    [InlineData(SetSize, 21)]
    [InlineData(SetSize, 53)]
    [InlineData(1, 4)]
    public void Example_passes_are_counted_exactly(int examples, int passes) =>
        Train(examples, Short with { Examples = passes }).Passes.ShouldBe(passes);

    [Theory]
    [InlineData(SetSize, 1)]
    [InlineData(SetSize, 150)]
    [InlineData(SetSize, 2000)]
    [InlineData(1, 300)]
    public void Tokens_are_reached_and_exceeded_by_less_than_an_example(int examples, int tokens)
    {
        var result = Train(examples, Short with { Tokens = tokens });
        result.Tokens.ShouldBeInRange(tokens, tokens + Some.Examples(examples).Max(e => e.Tokens.Length - 1) - 1);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(53)]
    public void No_example_is_ahead_of_another_by_more_than_one_pass(int passes)
    {
        var seen = Seen(Short with { Examples = passes });
        seen.Length.ShouldBe(passes);
        var counts = Enumerable.Range(0, SetSize).Select(i => seen.Count(s => s == i)).ToArray();
        (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_sample_is_drawn_by_the_seed()
    {
        var one = Seen(Short with { Examples = 7 });
        Seen(Short with { Examples = 7 }).ShouldBe(one);
        Seen(Short with { Examples = 7, Seed = 10 }).Order().ShouldNotBe(one.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Epochs_and_as_many_example_passes_give_the_same_bits(int epochs)
    {
        var byEpochs = Train(SetSize, Short with { Epochs = epochs });
        byEpochs.Passes.ShouldBe(epochs * SetSize);
        foreach (
            var length in (TrainingOptions[])
                [
                    Short with
                    {
                        Examples = epochs * SetSize,
                    },
                    Short with
                    {
                        Tokens = byEpochs.Tokens,
                    },
                    Short with
                    {
                        Steps = byEpochs.Losses.Count,
                    },
                ]
        )
            Same(Train(SetSize, length), byEpochs);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        foreach (var length in Lengths)
            Same(Train(SetSize, length with { Threads = threads }), Train(SetSize, length));
    }

    [Fact]
    public void A_repeated_training_gives_the_same_bits()
    {
        foreach (var length in Lengths)
            Same(Train(SetSize, length), Train(SetSize, length));
    }

    [Fact]
    public void The_rate_falls_over_the_steps_of_the_fixed_length()
    {
        List<TrainingProgress> steps = [];
        Trainer.Train(Some.Weights(), Some.Examples(SetSize), Short with { Examples = 33 }, new Steps(steps), CancellationToken.None);
        steps.Select(s => s.Step).ShouldBe(Enumerable.Range(1, steps.Count));
        steps.ShouldAllBe(s => s.Steps == steps.Count);
    }

    [Fact]
    public void An_adapter_is_trained_as_long()
    {
        Adapter(Short with { Steps = 5 }).Losses.Count.ShouldBe(5);
        Adapter(Short with { Examples = 33 }).Passes.ShouldBe(33);
        Adapter(Short with { Tokens = 900 }).Tokens.ShouldBeInRange(900, 963);

        AdapterResult Adapter(TrainingOptions options) =>
            Trainer.TrainAdapter(Some.Model(), Size, Some.Examples(SetSize), options, progress: null, CancellationToken.None);
    }

    [Fact]
    public void A_pair_is_an_example_and_its_tokens_are_those_of_both_answers()
    {
        var pairs = Some.Pairs(6);
        Prefer(Short with { Steps = 5 }).Losses.Count.ShouldBe(5);
        Prefer(Short with { Examples = 4 }).Passes.ShouldBe(4);
        Prefer(Short with { Examples = 15 }).Passes.ShouldBe(15);
        Prefer(Short with { Tokens = 400 })
            .Tokens.ShouldBeInRange(400, 400 + pairs.Max(p => p.Chosen.Tokens.Length + p.Rejected.Tokens.Length - 2) - 1);
        var byEpochs = Prefer(Short with { Epochs = 2 });
        var byPairs = Prefer(Short with { Examples = 12 });
        byPairs.Losses.ShouldBe(byEpochs.Losses);
        byPairs.Adapter.ToSafetensors().ShouldBe(byEpochs.Adapter.ToSafetensors());

        AdapterResult Prefer(TrainingOptions options) =>
            Trainer.PreferAdapter(Some.Model(), Size, pairs, new PreferenceOptions(), options, progress: null, CancellationToken.None);
    }

    [Fact]
    public void Two_lengths_or_none_of_anything_are_refused()
    {
        Refused(Short with { Steps = 1, Tokens = 1 }).ShouldContain("one of Steps, Examples and Tokens");
        Refused(Short with { Steps = 0 }).ShouldContain("Steps must be at least 1");
        Refused(Short with { Examples = 0 }).ShouldContain("Examples must be at least 1");
        Refused(Short with { Tokens = 0 }).ShouldContain("Tokens must be at least 1");
        Refused(Short with { Epochs = 0 }).ShouldContain("Epochs must be at least 1");

        static string Refused(TrainingOptions options) => Should.Throw<ArgumentException>(() => Train(SetSize, options)).Message;
    }

    private static TrainingOptions[] Lengths => [Short with { Steps = 9 }, Short with { Examples = 33 }, Short with { Tokens = 700 }];

    private static TrainingResult Train(int examples, TrainingOptions options) =>
        Some.Train(Some.Weights(), Some.Examples(examples), options);

    private static void Same(TrainingResult one, TrainingResult other)
    {
        one.Losses.ShouldBe(other.Losses);
        (one.Tokens, one.Passes).ShouldBe((other.Tokens, other.Passes));
        one.Weights.Values.Span.SequenceEqual(other.Weights.Values.Span).ShouldBeTrue();
    }

    // Items of all steps, in order of the steps.
    private static int[] Seen(TrainingOptions options)
    {
        Batches<int> batches = new([.. Enumerable.Range(0, SetSize)], _ => 30, options);
        return [.. Enumerable.Range(0, batches.Steps).SelectMany(s => batches.Of(s).SelectMany(shard => shard))];
    }

    private sealed class Steps(List<TrainingProgress> steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => steps.Add(value);
    }
}
