using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Models;
using AiMe.Models.Distributions;

namespace AiMe.Effects.Tests;

/// <summary>The effects over a distribution: what it has is measured, and what it has not is undefined.</summary>
public sealed class DistributionTests
{
    private const ulong Birth = 3;
    private const int Records = 4;

    private static readonly DistributionShape s_shape = new(6);

    private readonly InMemoryBlobs _blobs = new();
    private readonly FacultyEffects _effects;

    public DistributionTests() =>
        _effects = new FacultyEffects(new DistributionProvider(s_shape, new Checkpoints(_blobs)), Birth, new ScanIndex(), _blobs);

    [Fact]
    public async Task The_real_examples_are_the_draws_that_generation_0_was_fitted_to()
    {
        var written = await RunAsync<BatchWritten>(new WriteBatch(1, [], Anchor: 0, new Seed(7), Records));

        written.AnchorCount.ShouldBe(Records);
        var plan = new TrainingPlan(1, [written.Batch, written.Anchor!], await BirthAsync(), 1, 0.001, new Seed(11));
        (await RunAsync<ModelTrained>(new TrainModel(plan))).Candidate.ShouldBe(await BirthAsync(), "the fit to the same draws");
    }

    [Fact]
    public async Task Anchors_are_fresh_draws_of_the_truth()
    {
        var kept = ImmutableArray.Create(Some.Example(1), Some.Example(2), Some.Example(3));
        var written = await RunAsync<BatchWritten>(new WriteBatch(1, kept, Anchor: 0.5, new Seed(7), 0));
        var other = await RunAsync<BatchWritten>(new WriteBatch(1, kept, Anchor: 0.5, new Seed(8), 0));

        (written.AnchorCount, written.Anchor == other.Anchor).ShouldBe((3, false));
        foreach (var example in Datasets.Read(await _blobs.GetAsync(new BlobId(written.Anchor!), default)))
            DrawText.TryRead(s_shape, example[^1].Text, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Probes_measure_the_distribution_and_leave_words_and_tokens_undefined()
    {
        var birth = await BirthAsync();
        var probed = await RunAsync<ProbesAnswered>(Ask(birth));

        var fit = Fit();
        probed.Results.Measures.ShouldBe(new ModelMeasures(MeanError: fit.MeanError, Diversity: fit.Diversity));
        Identity.Answered(probed.Results.Bare).Known.ShouldBe(0, "no option can be drawn");
        Identity.Answered(probed.Results.Agent).Known.ShouldBe(0);
        probed.Results.HeldOut.ShouldBeGreaterThan(0);
        DrawText.TryRead(s_shape, probed.Results.Open[0].Text, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task It_does_not_reflect()
    {
        var reflected = await RunAsync<ReflectionGenerated>(
            new GenerateReflection(1, Some.Draft(1), Some.Charter, Some.Sampling, new Seed(1))
        );

        reflected.Text.ShouldBeEmpty();
        (reflected.Alignment, reflected.Quality).ShouldBe((null, null));
    }

    [Fact]
    public async Task Cross_entropy_that_is_infinite_is_undefined()
    {
        DistributionShape coin = new(1, Categories: 2);
        var provider = new DistributionProvider(coin, new Checkpoints(_blobs));
        var onlyHeads = await new Checkpoints(_blobs).SaveAsync(
            coin.Fit([
                    [0],
                ])
                .ToBytes(),
            default
        );

        (
            await new HeldOutEvaluator(provider, new DrawExamples(coin, Birth)).HeldOutAsync(new ModelId(onlyHeads), new Seed(1), default)
        ).ShouldBe(double.NaN);
    }

    private static FittedDistribution Fit() => s_shape.Fit([.. s_shape.Real(Birth, Records)]);

    private async Task<ModelId> BirthAsync() => new(await new Checkpoints(_blobs).SaveAsync(Fit().ToBytes(), default));

    private async Task<T> RunAsync<T>(Effect effect)
        where T : Command => (await _effects.RunAsync("kept-1", effect, CancellationToken.None)).ShouldBeOfType<T>();

    private static AskProbes Ask(ModelId model) =>
        new(
            1,
            1,
            model,
            Some.Charter,
            Some.Probes,
            "I like to learn.",
            [ImmutableArray<Hit>.Empty, ImmutableArray<Hit>.Empty],
            Some.Sampling,
            new Seed(1),
            new Seed(2)
        )
        {
            LoopVersion = LoopVersion.Newest,
        };
}
