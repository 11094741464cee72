using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Recognition;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A whole run whose variants begin with models of two sizes, which have learned eight exchanges each.</summary>
public sealed class VariantModelRunTests : IClassFixture<TwoSizes>
{
    private readonly TwoSizes _run;
    private readonly Experiment _experiment;
    private readonly EventStore _store;

    public VariantModelRunTests(TwoSizes run) => (_run, _experiment, _store) = (run, run.Experiment, run.Store);

    [Fact]
    public async Task Every_instance_begins_with_the_model_of_its_variant_and_descends_from_it()
    {
        var plan = _run.Plan;
        plan.Bases.Count().ShouldBe(2);
        var record = await RunRecord.ReadAsync(_store.Journal, plan.Run, CancellationToken.None);
        foreach (var instance in record.Instances)
        {
            var generation0 = plan.BaseOf(instance.Variant);
            instance.Events.Select(e => e.Happened).OfType<SelfBegan>().Single().Spec.Base.ShouldBe(generation0);
            // A checkpoint can be read with the shape of its own generation 0 alone.
            foreach (var candidate in instance.Events.Select(e => e.Happened).OfType<Trained>())
                (await LoadedCheckpoint.ReadAsync(_store, candidate.Candidate, generation0, CancellationToken.None)).Base.Preset.ShouldBe(
                    instance.Variant.Name
                );
        }

        record.Instances.ShouldAllBe(i => i.Events.Any(e => e.Happened is Trained));
    }

    [Fact]
    public async Task Generation_0_is_each_instances_own_and_the_comparison_says_so()
    {
        var plan = _run.Plan;
        var comparison = RunComparison.Of(await RunRecord.ReadAsync(_store.Journal, plan.Run, CancellationToken.None));
        foreach (var instance in comparison.Instances)
        {
            instance.Generations[0].Model!.KlToBirth!.Value.ShouldBe(0, 1e-9);
            instance.Generations[0].Dose.ShouldBe(TrainingDose.None);
            instance.Generations[^1].Model!.KlToBirth!.Value.ShouldBeGreaterThan(0);
        }

        comparison.Batteries.Select(b => b.Variant).ShouldBe(["tiny", "small"]);
        Findings.Of(comparison).Single(f => f.About == ModelFindings.About).Text.ShouldContain("are not comparable");
    }

    [Fact]
    public async Task It_is_whole_verifies_and_can_be_studied()
    {
        var plan = _run.Plan;
        var record = await RunRecord.ReadAsync(_store.Journal, plan.Run, CancellationToken.None);
        var study = await RecognitionStudy.OpenAsync(_store, record, 1, 2, CancellationToken.None);
        (await study.RunAsync(1, progress: null, CancellationToken.None)).Length.ShouldBe(study.Judges.Length);
        BlobReferences references = new();
        references.Take(new RowPlace(new PersistenceId("p"), 1, 1, 0, ""), new RunPlanned(plan));
        references
            .All.Select(r => r.Sha256)
            .ShouldBe([.. plan.Bases.Select(b => b.Value), ((ModelOrigin.Nano)plan.Origin!).Corpus], ignoreOrder: true);
    }

    [Fact]
    public async Task A_resumed_run_has_the_digest_of_one_that_was_not_interrupted()
    {
        var plan = _run.Plan;
        var again = Directory.CreateTempSubdirectory("aime-sizes-").FullName;
        try
        {
            await using var store = await TwoSizes.OpenAsync(again);
            _run.CopyTo(again, "models");
            var world = await PreparedModels.PrepareAsync(_experiment, store, 1, null, null, CancellationToken.None);
            using CancellationTokenSource stop = new();
            await TwoSizes.HostAsync(world.PlanOf(_experiment), store, new Stopping(world.Effects, stop), stop.Token);
            // From the store alone, as a resumed run is.
            var known = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!.Plan!;
            var resumed = await PreparedModels.PrepareAsync(known, store, 1, null, null, CancellationToken.None);
            (await TwoSizes.HostAsync(known, store, resumed.Effects, CancellationToken.None)).ShouldBe(_run.Digest);
        }
        finally
        {
            Directory.Delete(again, recursive: true);
        }
    }

    [Fact]
    public async Task A_fork_keeps_the_model_of_its_variant()
    {
        var plan = _run.Plan;
        var copy = Directory.CreateTempSubdirectory("aime-sizes-").FullName;
        _run.CopyTo(copy);
        await using var store = await TwoSizes.OpenAsync(copy);
        var state = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!;
        var events = await InstanceReader.ReadAsync(store.Journal, state, "small-1", CancellationToken.None);
        var at = events.First(e => e.Happened is Adopted { Generation: 1 });
        var spec = ((SelfState)events.Last(e => e.Faculty == Loop.Self).State).Spec!;
        ForkOrder order = new(
            "small-1",
            at.Index,
            spec.Settings,
            ForkReader.Read(["generate.temperature=0.5"], plan, spec).Settings!,
            "tiny-1-forked",
            0
        );
        var made = (await ForkHost.MakeAsync(plan, store, order, TimeProvider.System, CancellationToken.None)).Made;
        var world = await PreparedModels.PrepareAsync(plan, store, 1, null, null, CancellationToken.None);
        await ForkHost.LiveAsync(
            plan,
            store,
            world.Effects,
            new SessionOptions(1),
            [.. made.Select(m => m.Name)],
            new Forks.LivedStore.Quiet(),
            TimeProvider.System,
            CancellationToken.None,
            CancellationToken.None
        );
        state = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!;
        state.Instances["tiny-1-forked"].Status.ShouldBe(InstanceState.Finished);
        var last = (await InstanceReader.ReadAsync(store.Journal, state, "tiny-1-forked", CancellationToken.None))
            .Select(e => e.Happened)
            .OfType<Trained>()
            .Last();
        (await LoadedCheckpoint.ReadAsync(store, last.Candidate, plan.BaseOf("small"), CancellationToken.None)).Base.Preset.ShouldBe(
            "small"
        );
    }

    [Fact]
    public void A_forecast_counts_each_size_at_its_own_cost()
    {
        UnitCosts cheap = new(0, 1, 0, 0),
            dear = new(0, 7, 0, 0);
        double Seconds(UnitCosts small) =>
            Forecast
                .Of(_experiment, size => size == "small" ? small : cheap, earlier: null, threads: 1, (_, _) => true, _ => true)
                .Seconds.Low;
        (Seconds(dear) / Seconds(cheap)).ShouldBe(4, 1e-9);
        Forecast
            .Of(_experiment, _ => cheap with { Trained = 1 }, earlier: null, threads: 1, (_, m) => m.Preset == "tiny", _ => true)
            .BaseSeconds.Low.ShouldBeGreaterThan(0);
    }
}
