using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiMe.Nano.Lora;
using AiMe.Nano.Tests.Lora;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

public sealed class PreferenceTests
{
    private const double Beta = 0.3;
    private static readonly PreferenceOptions Option = new() { Beta = Beta };
    private static readonly AdapterOptions Size = new() { Rank = 4, Alpha = 8 };
    private static readonly TrainingOptions Short = new()
    {
        Steps = 10,
        TokensPerBatch = 300,
        Seed = 4,
        LearningRate = 0.003,
    };

    public static TheoryData<string> Tensors => GradientTests.Tensors;

    public static TheoryData<string> Projections => AdapterTrainingTests.Projections;

    [Theory]
    [MemberData(nameof(Tensors))]
    public void The_gradient_of_every_tensor_is_that_of_finite_differences(string tensor)
    {
        var weights = GradientTests.Lively();
        var pairs = Compared();
        var packed = new PackedWeights(weights.Config, inRows: true);
        packed.Load(weights);
        var shard = new GradientShard(packed);
        shard.Run(pairs, Beta, 1f / pairs.Count);
        var reference = Reference.Of(weights);
        (shard.Loss / pairs.Count).ShouldBe(Loss(reference, pairs), 1e-5);

        var place = weights.Tensors.Single(t => t.Name == tensor);
        var largest = shard.Gradient.Span.Slice(place.Offset, place.Length).ToArray().Max(Math.Abs);
        largest.ShouldBeGreaterThan(0);
        var rng = new Rng(5);
        for (var i = 0; i < 5; i++)
        {
            var at = place.Offset + rng.NextInt(place.Length);
            const double step = 1e-4;
            var value = reference.Values[at];
            reference.Values[at] = value + step;
            var above = Loss(reference, pairs);
            reference.Values[at] = value - step;
            var below = Loss(reference, pairs);
            reference.Values[at] = value;
            ((double)shard.Gradient.Span[at]).ShouldBe(
                (above - below) / (2 * step),
                3e-4 * largest,
                $"{tensor}, element {at - place.Offset}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Projections))]
    public void The_gradient_of_an_adapter_is_that_of_finite_differences(string projection)
    {
        var (weights, pairs) = (GradientTests.Lively(), Compared());
        var adapter = Some.Adapter(weights);
        var gradient = AdapterTrainingTests.Gradient(weights, adapter, s => s.Run(pairs, Beta, 1f / pairs.Count));
        Gradients.Check(weights, adapter, gradient, projection, r => Loss(r, pairs));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        var one = PreferAdapter(Some.Model(), Short);
        var many = PreferAdapter(Some.Model(), Short with { Threads = threads });
        many.Losses.ShouldBe(one.Losses);
        many.Adapter.ToSafetensors().ShouldBe(one.Adapter.ToSafetensors());
        var all = Prefer(Some.Weights(), Short);
        Digest(Prefer(Some.Weights(), Short with { Threads = threads }).Weights).ShouldBe(Digest(all.Weights));
    }

    [Fact]
    public void The_golden_preference_has_the_golden_losses_and_weights()
    {
        var all = Prefer(Some.Weights(), Short);
        double[] golden =
        [
            0.6931471805599452,
            0.6550648361025306,
            0.6254386022222993,
            0.6008131262500991,
            0.3887310327357841,
            0.44826120285385995,
            0.3487364198794997,
            0.40437990884070013,
            0.32574760617044146,
            0.3626199677151799,
        ];
        all.Losses.ShouldBe(golden);
        Digest(all.Weights).ShouldBe("13CA17EBAC562167C51C46C5F7157C917E6E84A4C39374B4198C578E99222ECB");
    }

    [Fact]
    public void The_golden_preference_of_an_adapter_has_the_golden_losses_and_numbers()
    {
        var result = PreferAdapter(Some.Model(), Short);
        double[] golden =
        [
            0.6931471805599452,
            0.6928247013280235,
            0.6796845594861012,
            0.6821085811794915,
            0.640617013447964,
            0.6390329984802166,
            0.6230522681330325,
            0.6212930540679964,
            0.6069959381788179,
            0.630047999213162,
        ];
        result.Losses.ShouldBe(golden);
        Convert
            .ToHexString(SHA256.HashData(result.Adapter.ToSafetensors()))
            .ShouldBe("295479923E313571A9EDCB2CCAA234D990EA0646A17D50CB2225A14EC164582A");
    }

    [Fact]
    public void The_first_loss_is_ln_2_because_the_start_is_the_reference()
    {
        Prefer(Some.Weights(), Short).Losses[0].ShouldBe(Math.Log(2), 1e-6);
        PreferAdapter(Some.Model().With(Some.Adapter(Some.Weights(), rank: 4, alpha: 8)), Short).Losses[0].ShouldBe(Math.Log(2), 1e-6);
    }

    [Fact]
    public void A_preference_is_learned_and_holds_for_prompts_that_were_not_seen()
    {
        var model = Some.Model();
        var result = PreferAdapter(model, Short with { Steps = 60 });
        var unseen = Some.Pairs(40, seed: 99);
        var after = Trainer.Evaluate(model.With(result.Adapter), model, unseen, Option, CancellationToken.None);
        Trainer.Evaluate(model, model, unseen, Option, CancellationToken.None).Loss.ShouldBe(Math.Log(2), 1e-12);
        after.Accuracy.ShouldBeGreaterThan(0.9);
        after.Loss.ShouldBeLessThan(0.5);
    }

    [Theory]
    [InlineData(0.1, 1e9, 0)]
    [InlineData(0.1, -1e9, 1e8)]
    [InlineData(1, 0, 0.6931471805599453)]
    public void The_loss_does_not_overflow(double beta, double margin, double expected) =>
        Preferring.Loss(beta, margin).ShouldBe(expected, 1e-12);

    [Fact]
    public void Doubt_is_the_slope_of_the_loss()
    {
        foreach (var margin in (double[])[-30, -2, 0, 0.5, 40])
            Preferring
                .Doubt(0.7, margin)
                .ShouldBe((Preferring.Loss(0.7, margin - 1e-6) - Preferring.Loss(0.7, margin + 1e-6)) / 2e-6 / 0.7, 1e-8);
    }

    [Fact]
    public void Impossible_pairs_are_refused()
    {
        Refused([]).ShouldContain("no pairs");
        Refused([new(new([1, 2, 3], 2), new([1, 4, 3], 2))]).ShouldContain("different prompts");
        Refused([new(new([1, 2, 3], 2), new([1, 2, 3], 1))]).ShouldContain("different prompts");
        Refused([new(new([1, 2, 3], 2), new([1, 2], 2))]).ShouldContain("LossFrom");
        Refused([new(new(Some.Tokens(66), 2), new([1, 2, 3], 2))]).ShouldContain("66");

        static string Refused(List<PreferencePair> pairs) =>
            Should
                .Throw<ArgumentException>(() =>
                    Trainer.Prefer(Some.Weights(), pairs, Option, Short, progress: null, CancellationToken.None)
                )
                .Message;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_beta_that_is_not_above_0_is_refused(double beta) =>
        Should
            .Throw<ArgumentException>(() =>
                Trainer.Prefer(
                    Some.Weights(),
                    Some.Pairs(3),
                    new PreferenceOptions { Beta = beta },
                    Short,
                    progress: null,
                    CancellationToken.None
                )
            )
            .Message.ShouldContain("Beta");

    [Fact]
    public void Cancelling_stops_before_the_reference_reads_the_next_pair()
    {
        using var source = new CancellationTokenSource();
        var pairs = new CancellingPairs(Some.Pairs(20), source);
        Should.Throw<OperationCanceledException>(() => Trainer.Prefer(Some.Weights(), pairs, Option, Short, progress: null, source.Token));
        pairs.Read.ShouldBe(3);
    }

    /// <summary>Pairs with the values of a reference that is another model, so that no margin is 0.</summary>
    private static List<Compared> Compared()
    {
        var other = new Model(Weights.Initialise(GradientTests.Config, 77));
        return [.. Training.Compared.By(other, Some.Pairs(4, vocabulary: 19), CancellationToken.None)];
    }

    private static double Loss(Reference model, List<Compared> pairs) =>
        pairs.Average(p =>
            Math.Log(1 + Math.Exp(-Beta * (model.Nats(p.Pair.Chosen) - p.Chosen - model.Nats(p.Pair.Rejected) + p.Rejected)))
        );

    private static TrainingResult Prefer(Weights start, TrainingOptions options) =>
        Trainer.Prefer(start, Some.Pairs(60), Option, options, progress: null, CancellationToken.None);

    private static AdapterResult PreferAdapter(Model start, TrainingOptions options) =>
        Trainer.PreferAdapter(start, Size, Some.Pairs(60), Option, options, progress: null, CancellationToken.None);

    private static string Digest(Weights weights) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(weights.Values.Span)));

    /// <summary>Pairs of which the third is read as somebody cancels.</summary>
    private sealed class CancellingPairs(IReadOnlyList<PreferencePair> pairs, CancellationTokenSource source)
        : IReadOnlyList<PreferencePair>
    {
        public int Read { get; private set; }

        public int Count => pairs.Count;

        public PreferencePair this[int index] => pairs[index];

        public IEnumerator<PreferencePair> GetEnumerator()
        {
            foreach (var pair in pairs)
            {
                if (++Read == 3)
                    source.Cancel();
                yield return pair;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
