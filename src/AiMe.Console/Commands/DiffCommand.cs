using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime diff</c>: shows two instances side by side, stimulus by stimulus.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("first")
        {
            Description = "An instance such as keep-all-1 (of the newest run that has one), or run/instance",
        };
        var second = new Argument<string>("second")
        {
            Description = "The instance to compare it with; a bare name means one of the same run",
        };
        // Registered once: completions of all arguments of a command are requested for each of them.
        second.CompletionSources.Add(Completions.Instances);
        var store = SharedOptions.StoreOption();
        var round = SharedOptions.WholeOption(
            "--round",
            "Only this round of the first instance, and the probes after it",
            least: 1,
            most: PlanLimits.Rounds
        );
        var changed = new Option<bool>("--changed") { Description = "Only answers that differ" };
        var json = SharedOptions.JsonOption("One JSON object per matched pair");
        var command = new Command(
            "diff",
            "Show two instances side by side: their answers to the same stimuli, word by word, what was kept, and "
                + "their answers to the probes"
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
                var (one, other) = await BothAsync(
                    opened,
                    parsed.GetRequiredValue(first),
                    parsed.GetRequiredValue(second),
                    cancellationToken
                );
                if (one.Instance == other.Instance && one.Run.Plan!.Run == other.Run.Plan!.Run)
                    throw new UsageException($"found {one.Instance} twice, expected two different instances");
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
                                    + (
                                        last == 0
                                            ? $"but {one.Instance} has no experience yet"
                                            : $"expected 1 to {last}, the rounds of {one.Instance}"
                                    )
                            );
                var onlyChanged = parsed.GetValue(changed);
                if (!parsed.GetValue(json))
                    DiffView.Write(TerminalWriter.Output, diff, onlyChanged);
                foreach (
                    var pair in parsed.GetValue(json) ? diff.Rounds.SelectMany(x => x.Pairs).Where(p => !onlyChanged || !p.IsIdentical) : []
                )
                    TerminalWriter.Json(DiffOutput.Of(diff, pair));
                return ExitCode.Done;
            }
        );
        return command;
    }

    // A bare name means an instance of the other one's run, if that has one of this name.
    private static async Task<((SupervisorState Run, string Instance) One, (SupervisorState Run, string Instance) Other)> BothAsync(
        EventStore store,
        string first,
        string second,
        CancellationToken cancellationToken
    )
    {
        if (second.Contains('/') && !first.Contains('/'))
        {
            var named = await StoreLookup.InstanceAsync(store, second, cancellationToken);
            return (await StoreLookup.InstanceAsync(store, first, within: named.Run.Plan!.Run, cancellationToken), named);
        }

        var one = await StoreLookup.InstanceAsync(store, first, cancellationToken);
        return (one, await StoreLookup.InstanceAsync(store, second, within: one.Run.Plan!.Run, cancellationToken));
    }

    private static async Task<DiffSide> SideAsync(
        EventStore store,
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
