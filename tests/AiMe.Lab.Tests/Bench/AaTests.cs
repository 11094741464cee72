using AiMe.Bench.Experiments;
using AiMe.EventSourcing;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Bench;

/// <summary>The experiments behind docs/SCIENCE.md, a few and smaller ones, by the code of the bench.</summary>
public sealed class AaTests(AaTests.SmallLaboratory laboratory) : IClassFixture<AaTests.SmallLaboratory>
{
    private static readonly string[] s_small = ["replicates=2", "model.records=100", "stimuli.count=2", "train.every=2"];

    [Fact]
    public async Task Equal_variants_are_tested_by_every_family()
    {
        Experiment file = Laboratory.Read("aa.yaml", s_small);
        var results = await laboratory.Runs.RunAsync(
            [.. new ulong[] { 1, 2 }.Select(s => file with { Seed = new Seed(s) })],
            record => AaStudy.Test(record, relabellings: 2),
            CancellationToken.None
        );

        var tables = new AaTables(results);
        results.ShouldAllBe(r => r.Tests.Length == AaFamilies.All.Length && r.Relabelled.Length == 2);
        results.SelectMany(r => r.Tests).SelectMany(f => f).Count(t => double.IsNaN(t.P)).ShouldBe(0, "two replicates have every outcome");
        tables.Flagged().ShouldBe(0, "two replicates reach no significance with sign flips, and these seeds none with Page's");
        tables.Families().Rows.Count.ShouldBe(AaFamilies.All.Length);
        tables.Unadjusted().Rows.Select(r => r[0]).ShouldBeUnique();
    }

    [Fact]
    public async Task A_pilot_forecasts_later_runs()
    {
        var study = await ForecastStudy.RunAsync(
            laboratory.Runs,
            Laboratory.Read("effect.yaml", s_small),
            replicates: 2,
            later: 1,
            most: 6,
            seed: 1,
            CancellationToken.None
        );

        study.Later.Count.ShouldBe(1);
        study.Later.ShouldAllBe(t => t.N == study.Replicates);
        study.Forecast.Low.ShouldBeLessThanOrEqualTo(study.Forecast.High);
        study.Table().Rows.Count.ShouldBe(6);
    }

    /// <summary>One base model for all tests.</summary>
    public sealed class SmallLaboratory : IDisposable
    {
        private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("aime-aa-");

        public SmallLaboratory() => Runs = new Laboratory(_place.FullName);

        internal Laboratory Runs { get; }

        public void Dispose()
        {
            Runs.Dispose();
            _place.Delete(recursive: true);
        }
    }
}
