using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using AiMe.Console.Output;
using AiMe.Console.Output.Comparison;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Replications;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime replicate</c>: runs experiments with declared predictions, and says whether published results come out.</summary>
internal static class ReplicateCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name")
        {
            Description = "Shipped replications, or experiment files with replication and analysis.predict. Without a name: a list",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(_ => BundledFiles.Replications.Select(n => new System.CommandLine.Completions.CompletionItem(n)));
        var all = new Option<bool>("--all") { Description = "Every shipped replication" };
        var quick = new Option<bool>("--quick")
        {
            Description = "The small form of each, on the first of its two seeds: a look at whether all works, not a verdict",
        };
        var seed = SharedOptions.WholeOption(
            "--seed",
            "Another seed, to develop predictions on: no verdict. Default: the two seeds in the file",
            least: 0,
            most: long.MaxValue
        );
        var output = new Option<string?>("--out")
        {
            Description = "With --all: write the results to this Markdown page, which is replaced",
            HelpName = "file",
        };
        var reports = new Option<string?>("--reports")
        {
            Description = "Write a report of each replication, of its first seed, to this folder; the page links to them",
            HelpName = "folder",
        };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create();
        var json = SharedOptions.JsonOption("Print one JSON object on one line, and nothing else on standard output");
        var command = new Command("replicate", "Run experiments that replicate published results, each with a verdict")
        {
            names,
            all,
            quick,
            seed,
            output,
            reports,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(all) ? BundledFiles.Replications : parsed.GetValue(names) ?? [];
                if (chosen.Length == 0)
                    return List();
                if (
                    parsed.GetValue(output) is not null
                    && (!parsed.GetValue(all) || parsed.GetValue(quick) || parsed.GetValue(seed) is not null)
                )
                    throw new UsageException(
                        "--out: the page holds the verdicts of all replications; expected --all without --quick and --seed"
                    );
                Experiment[] loaded = [.. chosen.Select(n => Load(n, []))];
                using var interruption = new Interruption();
                await using var opened = await Stores.OpenAsync(
                    parsed.GetRequiredValue(store),
                    parsed.GetValue(synchronous),
                    interruption.Now,
                    CancellationToken.None
                );
                List<ReplicationOutcome> outcomes = [];
                for (var i = 0; i < chosen.Length; i++)
                {
                    var runs = ImmutableArray.CreateBuilder<ReplicationRun>();
                    var about = loaded[i].Replication!;
                    var started = Stopwatch.GetTimestamp();
                    foreach (var each in SeedsOf(about, parsed.GetValue(seed), parsed.GetValue(quick)))
                    {
                        var experiment = Load(chosen[i], [$"seed={each}", .. parsed.GetValue(quick) ? about.Quick : []]);
                        if (await RunAsync(experiment, opened, parsed.Threads(parallel), interruption) is not { } comparison)
                            return ExitCode.Interrupted;
                        runs.Add(ReplicationRun.Of(comparison.Comparison));
                        if (runs.Count == 1 && ReplicationPage.HasReport(runs[0]) && parsed.GetValue(reports) is { } folder)
                            await WriteReportAsync(comparison, folder, cancellationToken);
                    }

                    outcomes.Add(
                        new(loaded[i].Name, about, runs.DrainToImmutable(), parsed.GetValue(quick) || parsed.GetValue(seed) is not null)
                    );
                    if (!parsed.GetValue(json))
                        ReplicationView.Write(TerminalWriter.Output, outcomes[^1], Stopwatch.GetElapsedTime(started));
                }

                if (parsed.GetValue(json))
                    TerminalWriter.Json(ReplicateOutput.Of(outcomes));
                else if (outcomes.Count > 1)
                    ReplicationView.WriteAll(TerminalWriter.Output, outcomes);
                if (parsed.GetValue(output) is { } page)
                {
                    var linked = parsed.GetValue(reports) is { } to
                        ? Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, to).Replace('\\', '/')
                        : null;
                    await File.WriteAllTextAsync(page, ReplicationPage.Of(outcomes, linked), cancellationToken);
                    TerminalWriter.Line($"Wrote {page}.");
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static int List()
    {
        foreach (var name in BundledFiles.Replications)
        {
            TerminalWriter.Line(name);
            var about = ExperimentFile.Load(BundledFiles.Replication(name)).Experiment!.Replication!;
            TerminalWriter.Output.Write(new Padder(new Text(about.Claim), new Padding(2, 0, 0, 0)));
        }

        return ExitCode.Done;
    }

    private static IEnumerable<long> SeedsOf(Replication about, long? other, bool quick) =>
        other is { } one ? [one]
        : quick ? about.Seeds.Take(1)
        : about.Seeds;

    private static Experiment Load(string name, IEnumerable<string> sets)
    {
        var file = BundledFiles.Replications.Contains(name, StringComparer.Ordinal) ? BundledFiles.Replication(name) : name;
        if (!File.Exists(file))
            throw new UsageException(
                $"{name}: there is no such file and no shipped replication of that name, expected a path or one of "
                    + $"{string.Join(", ", BundledFiles.Replications)}{Nearest.Hint(name, BundledFiles.Replications)}"
            );
        var experiment = SharedOptions.Load(file, [.. sets], null, advise: false);
        return experiment is { Replication: not null, Analysis.Declared.IsEmpty: false }
            ? experiment
            : throw new UsageException($"{name}: it replicates nothing; expected an experiment with replication and analysis.predict");
    }

    private static async Task<(RunRecord Record, RunComparison Comparison)?> RunAsync(
        Experiment experiment,
        EventStore store,
        int threads,
        Interruption interruption
    )
    {
        var options = new SessionOptions(threads, Shard: null, Hosting: null, Budget: experiment.Budget);
        var outcome = await RunDisplay.ShowAsync(display => ExperimentHost.RunAsync(experiment, store, options, display, interruption));
        if (outcome.Digest is null)
            return null;
        var record = await RunRecord.ReadAsync(store.Journal, outcome.Run, CancellationToken.None);
        return (record, RunComparison.Of(record));
    }

    private static Task WriteReportAsync(
        (RunRecord Record, RunComparison Comparison) run,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        return ExportTarget.WriteAsync(
            stream => ReportPages.WriteAsync([run], Selection.All, check: null, stream),
            Path.Combine(folder, ReplicationPage.ReportOf(RunPlan.ExperimentOf(run.Comparison.Plan.Run))),
            force: true,
            cancellationToken
        );
    }
}
