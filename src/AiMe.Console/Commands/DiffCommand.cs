using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime diff</c>: two lives side by side, stimulus by stimulus.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("first")
        {
            Description = "An instance such as keep-all-1, or run/instance where several runs have one of that name",
        };
        var second = new Argument<string>("second") { Description = "The instance to lay beside it" };
        // for both: the arguments of a command are all asked, whichever is being written
        second.CompletionSources.Add(Completions.Instances);
        var store = SharedOptions.StoreOption();
        var round = SharedOptions.WholeOption("--round", "This round of the first alone, and the probes after it", least: 1);
        var changed = new Option<bool>("--changed") { Description = "Only answers that differ" };
        var json = SharedOptions.JsonOption("One JSON object a matched pair");
        var command = new Command(
            "diff",
            "Lay two lives side by side: what both answered to the same, in which words they differ, what was kept, and "
                + "how they answer the probes"
        )
        {
            first,
            second,
            store,
            round,
            changed,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (one, other) = (
                    await StoreLookup.InstanceAsync(opened, parsed.GetRequiredValue(first), cancellationToken),
                    await StoreLookup.InstanceAsync(opened, parsed.GetRequiredValue(second), cancellationToken)
                );
                if (one.Instance == other.Instance && one.Run.Plan!.Run == other.Run.Plan!.Run)
                    throw new UsageException($"found {one.Instance} twice, expected two instances: a life does not differ from itself");
                var diff = InstanceDiff.Of(
                    await SideAsync(opened, one.Run, one.Instance, cancellationToken),
                    await SideAsync(opened, other.Run, other.Instance, cancellationToken)
                );
                var last = diff.First.Of<Stored>().Select(s => s.Round).DefaultIfEmpty(0).Max();
                if (parsed.GetValue(round) is { } r)
                    diff =
                        r <= last
                            ? diff.In((int)r)
                            : throw new UsageException(
                                $"--round: found {r}, "
                                    + $"{(last == 0 ? $"but {one.Instance} has no experience yet" : $"expected 1 to {last}: the rounds of {one.Instance}")}"
                            );
                var onlyChanged = parsed.GetValue(changed);
                if (!parsed.GetValue(json))
                    DiffView.Write(TerminalWriter.Output, diff, onlyChanged);
                foreach (
                    var pair in parsed.GetValue(json) ? diff.Rounds.SelectMany(x => x.Pairs).Where(p => !onlyChanged || !p.IsIdentical) : []
                )
                    TerminalWriter.Json(DiffJson.Write(diff, pair));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<DiffSide> SideAsync(
        Journal.EventStore store,
        SupervisorState run,
        string instance,
        CancellationToken cancellationToken
    ) =>
        new(
            run.Plan!,
            instance,
            run.Instances[instance].Status,
            await InstanceReader.ReadAsync(store.Journal, run, instance, cancellationToken)
        );
}
