using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Lab.Experiments;
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
        var all = new Option<bool>("--all") { Description = "Every shipped replication; 25 to 45 minutes on two cores" };
        var quick = new Option<bool>("--quick")
        {
            Description = "The small form of each, on its first development seed: a look at whether all works, not a verdict",
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
                ReplicateOrder order = new(
                    Chosen(parsed.GetValue(names) ?? [], parsed.GetValue(all)),
                    parsed.GetValue(all),
                    parsed.GetValue(quick),
                    parsed.GetValue(seed),
                    parsed.GetValue(output),
                    parsed.GetValue(reports),
                    parsed.GetValue(json)
                );
                order.Check();
                if (order.Names.Length == 0)
                    return List(order.Json);
                ImmutableArray<Experiment> loaded = [.. order.Names.Select(n => Load(n, [], advise: true))];
                MustDiffer(loaded);
                var address = parsed.GetRequiredValue(store);
                using var interruption = new Interruption();
                await using var opened = await Stores.OpenAsync(
                    address,
                    parsed.GetValue(synchronous),
                    interruption.Now,
                    CancellationToken.None
                );
                ReplicationSession session = new(opened, address, parsed.Threads(parallel), interruption);
                return await session.RunAsync(order, loaded, Load, cancellationToken);
            }
        );
        return command;
    }

    private static ImmutableArray<string> Chosen(string[] names, bool all)
    {
        if (all && names.Length > 0)
            throw new UsageException($"found --all and {names[0]}, expected one of them");
        return all ? [.. BundledFiles.Replications] : [.. names.Distinct(StringComparer.Ordinal)];
    }

    // A report, and a place in the page, is named by the experiment.
    private static void MustDiffer(ImmutableArray<Experiment> experiments)
    {
        if (experiments.GroupBy(e => e.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException(
                $"{string.Join(" and ", twice.Select(e => e.Source))} have the same name, {twice.Key}; expected different "
                    + "names"
            );
    }

    private static int List(bool json)
    {
        var shipped = BundledFiles.Replications.Select(name =>
            (Name: name, About: ExperimentFile.Load(BundledFiles.Replication(name)).Experiment!.Replication!)
        );
        if (json)
        {
            TerminalWriter.Json(
                new ReplicationListOutput([.. shipped.Select(r => new ListedReplication(r.Name, r.About.Claim, r.About.Source))])
            );
            return ExitCode.Done;
        }

        foreach (var (name, about) in shipped)
        {
            TerminalWriter.Line(name);
            TerminalWriter.Output.Write(new Padder(new Text(about.Claim), new Padding(2, 0, 0, 0)));
        }

        return ExitCode.Done;
    }

    private static Experiment Load(string name, IEnumerable<string> sets, bool advise)
    {
        var file = BundledFiles.Replications.Contains(name, StringComparer.Ordinal) ? BundledFiles.Replication(name) : name;
        if (!File.Exists(file))
            throw new UsageException(
                $"{name}: there is no such file and no shipped replication of that name, expected a path or one of "
                    + $"{string.Join(", ", BundledFiles.Replications)}{Nearest.Hint(name, BundledFiles.Replications)}"
            );
        var experiment = SharedOptions.Load(file, [.. sets], null, advise);
        return experiment is { Replication: not null, Analysis.Declared.IsEmpty: false }
            ? experiment
            : throw new UsageException($"{name}: it replicates nothing; expected an experiment with replication and analysis.predict");
    }
}
