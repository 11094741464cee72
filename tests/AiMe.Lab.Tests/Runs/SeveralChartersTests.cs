using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Recognition;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A whole run with several charters, each of which has a model of generation 0 of its own.</summary>
public sealed class SeveralChartersTests(SeveralCharters run) : IClassFixture<SeveralCharters>
{
    [Fact]
    public async Task Every_instance_has_the_charter_of_its_block_and_descends_from_its_model()
    {
        run.Plan.Bases.Count().ShouldBe(3);
        var record = await RunRecord.ReadAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None);
        record.Instances.Length.ShouldBe(12);
        foreach (var instance in record.Instances)
        {
            var spec = instance.Events.Select(e => e.Happened).OfType<SelfBegan>().Single().Spec;
            var charter = run.Plan.Charters!.Value[(instance.Replicate - 1) / 2];
            spec.Charter.Name.ShouldBe(charter.Charter.Name);
            spec.Base.ShouldBe(charter.Base ?? run.Plan.Base);
            foreach (var candidate in instance.Events.Select(e => e.Happened).OfType<Trained>())
                await LoadedCheckpoint.ReadAsync(run.Store, candidate.Candidate, spec.Base, CancellationToken.None);
        }
    }

    [Fact]
    public void Each_base_model_and_each_identity_is_trained_once() =>
        Directory.GetDirectories(run.Store.ModelsDirectory, "nano-*").Length.ShouldBe(6);

    [Fact]
    public async Task The_comparison_is_over_charters_and_drift_is_from_each_ones_own_birth()
    {
        var comparison = RunComparison.Of(await RunRecord.ReadAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None));
        comparison.Instances.ShouldAllBe(i => i.Generations[0].BareDrift == 0);
        comparison.Instances.Select(i => i.Charter).Distinct().Count().ShouldBe(3);
        comparison.Tests.Single().N.ShouldBe(3);
        comparison.CharterContrasts.Single().Charters.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_run_is_prepared_from_its_store_alone_with_the_same_models()
    {
        var known = (await InstanceReader.ReadRunAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None))!.Plan!;
        known.Charters!.Value.Select(c => c.Charter.Name).ShouldBe(run.Plan.AllCharters.Select(c => c.Name));
        var again = await PreparedModels.PrepareAsync(known, run.Store, 1, null, null, CancellationToken.None);
        again.PlanOf(run.Experiment).BaseThatDiffersFrom(known).ShouldBeNull();
        (await TwoSizes.HostAsync(known, run.Store, again.Effects, CancellationToken.None)).ShouldBe(run.Digest);
    }

    [Fact]
    public void Every_model_and_every_identity_is_a_reference_of_the_plan()
    {
        BlobReferences references = new();
        references.Take(new RowPlace(new PersistenceId("p"), 1, 1, 0, ""), new RunPlanned(run.Plan));
        references
            .All.Select(r => r.Sha256)
            .Distinct()
            .ShouldBe(
                [
                    .. run.Plan.Bases.Select(b => b.Value),
                    ((ModelOrigin.Nano)run.Plan.Origin!).Corpus,
                    .. run.Plan.Charters!.Value.Select(c => c.Identity!.Data),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Self_recognition_is_not_studied_among_several_charters()
    {
        var record = await RunRecord.ReadAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None);
        (
            await Should.ThrowAsync<ArgumentException>(() => RecognitionStudy.OpenAsync(run.Store, record, 1, 2, CancellationToken.None))
        ).Message.ShouldContain("this run has several");
    }
}
