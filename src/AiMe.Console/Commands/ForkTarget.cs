using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Commands;

/// <summary>What a fork is made from, as the command line names it.</summary>
/// <param name="At">The last event that is shared.</param>
/// <param name="Point">Where the parent stood behind it.</param>
internal sealed partial record ForkTarget(SupervisorState Run, ForkOrder Order, InstanceEvent At, InstancePosition Point)
{
    /// <summary>Reads it, and checks all that can be checked before anything is written.</summary>
    /// <exception cref="UsageException">The life, the event, a setting or the name is wrong, or another process runs the run.</exception>
    public static async Task<ForkTarget> FindAsync(EventStore store, string moment, string[] sets, string? name, int replicates)
    {
        var split = moment.LastIndexOf('@');
        if (split < 0)
            throw new UsageException(
                $"found '{moment}', expected a life and one of its events, such as {moment}@120: {EventReference.Forms}. "
                    + $"{Invocation.Of("replay", moment, "--store", store.Address)} shows them"
            );
        var (run, parent) = await StoreLookup.InstanceAsync(store, moment[..split], CancellationToken.None);
        if (await ForkHost.OwnerAsync(run.Plan!, store, parent, CancellationToken.None) is { } owner)
            throw new UsageException(
                $"process {owner.Info.ProcessId} on {owner.Info.Host} runs {run.Plan!.Run} now, and who runs it makes its "
                    + "forks: wait until it has ended, or interrupt it, fork, and go on with it. In `aime console` /rewind "
                    + "makes one"
            );
        if (run.Plan!.Origin is null)
            throw new UsageException(
                $"{parent} cannot be forked: its run {run.Plan.Run} was recorded before the journal noted where models "
                    + "come from. It can be replayed, shown and compared"
            );
        CheckName(name);

        var instance = await InstanceReader.ReadAsync(store.Journal, run, parent, CancellationToken.None);
        var index = EventReference.Of(moment[(split + 1)..], parent, instance);
        var point = instance.TakeWhile(e => e.Index <= index).Aggregate(InstancePosition.Start, (p, e) => p.Next(e.Happened));
        var before = point.Self.Spec!;
        var settings = ForkReader.Read(sets, run.Plan, before);
        foreach (var problem in settings.Problems)
            System.Console.Error.WriteLine(problem);
        if (settings.Settings is not { } changed)
            throw new UsageException($"what --set says cannot be used; nothing was written.");
        if (replicates > 0 && (changed with { Seed = before.Seed }).Equals(before.Settings))
            throw new UsageException(
                "--replicates compares changed settings with unchanged ones under the same seeds, and nothing but the "
                    + "seed is changed: say what with --set, such as --set 'curate=[keep-all]'"
            );
        ForkOrder order = new(parent, index, before.Settings, changed, name, replicates);
        await order.WishesAsync(store.Journal, run, CancellationToken.None); // a name that is taken or too long is told now
        return new ForkTarget(run, order, instance[(int)index - 1], point);
    }

    private static void CheckName(string? name)
    {
        if (name is not null && (!NameForm().IsMatch(name) || name == "supervisor"))
            throw new UsageException(
                $"--as: found '{name}', expected a name of small letters, digits and hyphens that begins with a letter or "
                    + $"digit{(name == "supervisor" ? "; 'supervisor' is the run's own stream" : "")}"
            );
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex NameForm();
}
