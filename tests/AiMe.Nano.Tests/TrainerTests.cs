using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Short = new()
    {
        Steps = 12,
        TokensPerBatch = 700,
        Seed = 9,
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        var examples = Some.Examples(60);
        var one = Some.Train(Some.Weights(), examples, Short);
        var many = Some.Train(Some.Weights(), examples, Short with { Threads = threads });
        many.Losses.ShouldBe(one.Losses);
        Digest(many.Weights).ShouldBe(Digest(one.Weights));
    }

    /// <remarks>
    /// The same constants must come out with the wide vectors switched off; run this test once more with each of
    /// <c>DOTNET_EnableAVX512=0</c>, <c>DOTNET_EnableAVX512F=0</c> (its older name) and <c>DOTNET_EnableAVX2=0</c>:
    /// <c>DOTNET_EnableAVX512=0 dotnet test tests/AiMe.Nano.Tests --filter golden</c>.
    /// </remarks>
    [Fact]
    public void The_golden_run_gives_the_golden_losses_weights_and_text()
    {
        var result = Some.Train(Some.Weights(), Some.Examples(60), Short);
        double[] golden =
        [
            3.619822040816424,
            3.6369226752378556,
            3.6451800499279052,
            3.5270243563786168,
            3.542438662350467,
            3.541428808082215,
            3.482663091061993,
            3.4641612589696984,
            3.493735840343268,
            3.465297783896877,
            3.460289367461109,
            3.4279977005581967,
        ];
        result.Losses.ShouldBe(golden);
        Digest(result.Weights).ShouldBe("7AAB6A3990A5FE585ADDA1A99BD0889D92C1EF4678154B4BC225965DA0422881");
        var text = new Model(result.Weights).Generate([1, 2, 3], new SamplingOptions { MaxTokens = 12, TopP = 0.9 }, 5);
        text.Tokens.ShouldBe([20, 0, 28, 17, 28, 20, 34, 5, 17, 19, 1, 10]);
    }

    [Fact]
    public void A_text_of_2_kB_is_learned_by_heart()
    {
        var text = string.Concat(
            Enumerable
                .Range(0, 40)
                .Select(i => $"Line {i}: the {(i * 7 % 13)} grey cats of house {i * i % 17} sleep until {i % 5} o'clock. ")
        );
        text.Length.ShouldBeInRange(2000, 2500);
        var tokenizer = Tokenizer.Train([text], 300, []);
        var ids = tokenizer.Encode(text);
        var config = Some.Config with { Vocabulary = tokenizer.VocabularySize };
        var examples = ids.Chunk(60).Where(c => c.Length > 1).Select(c => new TokenExample(c)).ToList();
        var options = new TrainingOptions
        {
            Steps = 300,
            TokensPerBatch = 4096,
            LearningRate = 0.01,
            Threads = 2,
            WeightDecay = 0,
        };
        var result = Some.Train(Weights.Initialise(config, 1), examples, options);
        Trainer.Evaluate(new Model(result.Weights), examples, CancellationToken.None).CrossEntropy.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void The_starting_weights_stay_as_they_were()
    {
        var start = Some.Weights();
        var before = Digest(start);
        Some.Train(start, Some.Examples(10), Short);
        Digest(start).ShouldBe(before);
    }

    [Fact]
    public void The_prompt_is_not_learned()
    {
        // Two examples that differ only in what is learned: a loss over the last token alone equals minus its log-probability.
        var tokens = Some.Tokens(20);
        var result = Some.Train(Some.Weights(), [new TokenExample(tokens, 19)], new TrainingOptions());
        result.Losses[0].ShouldBe(-Some.Model().LogProbabilities(tokens, 19)[0], 1e-6);
        result.Tokens.ShouldBe(19);
    }

    [Fact]
    public void A_rate_that_is_far_too_high_ends_in_an_exception_with_step_and_loss()
    {
        var wild = new TrainingOptions
        {
            Steps = 50,
            LearningRate = 1e30,
            ClipNorm = double.PositiveInfinity,
            WarmUpShare = 0,
        };
        var e = Should.Throw<TrainingDivergedException>(() => Some.Train(Some.Weights(), Some.Examples(20), wild));
        e.Step.ShouldBeGreaterThan(1);
        e.Message.ShouldContain($"step {e.Step}");
    }

    [Fact]
    public void Impossible_examples_are_refused()
    {
        Refused([]).ShouldContain("no examples");
        Refused([new(Some.Tokens(66), 1)]).ShouldContain("66");
        Refused([new([1, 2], 2)]).ShouldContain("LossFrom");
        Refused([new([1, 2], 0)]).ShouldContain("LossFrom");
        Refused([new([1, 37], 1)]).ShouldContain("37");

        static string Refused(List<TokenExample> examples) =>
            Should.Throw<ArgumentException>(() => Some.Train(Some.Weights(), examples, Short)).Message;
    }

    [Fact]
    public void Every_example_is_seen_once_an_epoch_and_no_batch_exceeds_its_budget()
    {
        var examples = Some.Examples(50);
        var batches = new Batches<TokenExample>(
            examples,
            e => e.Tokens.Length - 1,
            new TrainingOptions { Epochs = 3, TokensPerBatch = 200 }
        );
        var seen = new List<TokenExample>();
        for (var step = 0; step < batches.Steps; step++)
        {
            var batch = batches.Of(step).SelectMany(s => s).ToList();
            batch.Sum(e => e.Tokens.Length - 1).ShouldBeLessThanOrEqualTo(200);
            seen.AddRange(batch);
        }

        seen.GroupBy(e => e).ShouldAllBe(g => g.Count() == 3);
        seen.Count.ShouldBe(150);
    }

    [Fact]
    public void The_rate_climbs_then_falls_to_its_floor()
    {
        var options = new TrainingOptions
        {
            LearningRate = 1,
            WarmUpShare = 0.1,
            FloorShare = 0.2,
        };
        options.RateAt(0, 100).ShouldBe(0.1, 1e-12);
        options.RateAt(9, 100).ShouldBe(1, 1e-12);
        options.RateAt(99, 100).ShouldBe(0.2, 1e-12);
        (options with { Schedule = LearningRateSchedule.Linear }).RateAt(55, 100).ShouldBe(0.2 + 0.8 * (1 - 45.0 / 89), 1e-12);
        (options with { Schedule = LearningRateSchedule.Constant }).RateAt(99, 100).ShouldBe(1);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_step()
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        var progress = new Callback(p =>
        {
            steps = p.Step;
            source.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => Trainer.Train(Some.Weights(), Some.Examples(20), Short, progress, source.Token));
        steps.ShouldBe(1);
    }

    [Fact]
    public void Cancelling_stops_an_evaluation() =>
        Should.Throw<OperationCanceledException>(() =>
            Trainer.Evaluate(Some.Model(), Some.Examples(20), new CancellationToken(canceled: true))
        );

    private static string Digest(Weights weights) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(weights.Values.Span)));

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
