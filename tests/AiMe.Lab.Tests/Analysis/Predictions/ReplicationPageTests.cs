using System.Text.RegularExpressions;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Analysis.Replications;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Analysis.Predictions;

public sealed partial class ReplicationPageTests
{
    [Fact]
    public void Two_seeds_that_differ_are_told_apart_and_the_verdict_is_inconclusive()
    {
        ReplicationOutcome outcome = new("small", About(), [Run(1001, 0.3), Run(2002, 0.1)], IsQuick: false);
        outcome.Verdict.ShouldBe(PredictionVerdict.Inconclusive);
        var page = ReplicationPage.Of([outcome], "replications");
        page.ShouldContain("| [small](#small) | inconclusive | Somebody 2024 |");
        page.ShouldContain("Seed 1001: reproduced; seed 2002: not reproduced.");
        page.ShouldContain("| quantity | gen. | predicted | seed 1001 | seed 2002 |");
        page.ShouldContain("| bare drift of a | 2 | above 0.200 | 0.300 [0.290, 0.310] | 0.100 [0.090, 0.110], not reproduced |");
        page.ShouldContain("[Report of seed 1001](replications/small.html).");
        page.ShouldContain("- More rounds, with the same result.");
    }

    [Fact]
    public void Fewer_replicates_than_were_run_are_counted_at_their_interval() =>
        ReplicationPage
            .Of([new("small", About(), [Run(1001, 0.3, of: 4)], IsQuick: false)], reports: null)
            .ShouldContain("0.300 [0.290, 0.310] (n 4)");

    /// <summary>The page is made of these texts and of runs: whoever changes a text writes the page again.</summary>
    [Fact]
    public void Every_text_of_the_shipped_files_stands_on_the_page()
    {
        var page = Spaces().Replace(File.ReadAllText(Path.Combine(Repository.Config, "..", "docs", "REPLICATIONS.md")), " ");
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Config, "experiments", "replications"), "*.yaml"))
        {
            var about = ExperimentFile.Load(file).Experiment!.Replication!;
            foreach (var text in (string[])[about.Claim, about.Differs, .. about.Tried])
                page.ShouldContain(Spaces().Replace(text, " ").Trim(), customMessage: Path.GetFileName(file));
        }
    }

    private static Replication About() =>
        new("It drifts.", "Somebody 2024", "It is small.", [1], [1001, 2002], [], ["More rounds, with the same result."]);

    private static ReplicationRun Run(long seed, double drift, int of = 5) =>
        new(
            seed,
            $"small-{seed}",
            new string('a', 64),
            Instances: 5,
            Experiences: 20,
            Replicates: 5,
            [
                new PredictionResult(
                    new Prediction("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Higher, 0.2),
                    Measure.BareDrift,
                    2,
                    new Estimate(drift, drift - 0.01, drift + 0.01, of),
                    0.95
                )
                {
                    Alpha = 0.05,
                },
            ]
        );

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
