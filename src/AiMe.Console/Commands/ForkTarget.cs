using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Upkeep;

namespace AiMe.Console.Commands;

/// <summary>Source of a fork, resolved from the command line.</summary>
/// <param name="At">The last shared event.</param>
/// <param name="Point">Position of the parent after that event.</param>
internal sealed partial record ForkTarget(SupervisorState Run, ForkOrder Order, InstanceEvent At, InstancePosition Point)
{
    /// <summary>Resolves the source, and checks everything that can be checked before anything is written.</summary>
    /// <exception cref="UsageException">
    /// The instance, the event, a setting or the name is wrong, or another process runs the run.
    /// </exception>
    public static async Task<ForkTarget> FindAsync(EventStore store, string moment, string[] sets, string? name, int replicates)
    {
        var split = moment.LastIndexOf('@');
        if (split < 0)
            throw new UsageException(
                $"found '{moment}', expected an instance and one of its events, such as {moment}@120: {EventReference.Forms}. "
                    + $"To list the events: {Invocation.Of("replay", moment, "--store", store.Address)}"
            );
        var (run, parent) = await StoreLookup.InstanceAsync(store, moment[..split], CancellationToken.None);
        if (await ForkHost.OwnerAsync(run.Plan!, store, parent, CancellationToken.None) is { } owner)
            throw new UsageException(
                $"process {owner.Info.ProcessId} on {owner.Info.Host} is running {run.Plan!.Run}, and only that process can fork "
                    + "it: wait until the run has ended, or interrupt it, fork, and resume it. In `aime console`, /rewind creates a fork"
            );
        if (run.Plan!.Origin is null)
            throw new UsageException(
                $"{parent} cannot be forked: its run {run.Plan.Run} was recorded before the journal stored the origin of models. "
                    + "It can be replayed, shown and compared"
            );
        CheckName(name);

        var instance = await InstanceReader.ReadAsync(store.Journal, run, parent, CancellationToken.None);
        var index = EventReference.Of(moment[(split + 1)..], parent, instance);
        var point = instance.TakeWhile(e => e.Index <= index).Aggregate(InstancePosition.Start, (p, e) => p.Next(e.Happened));
        RefuseRemoved(store, point.Self.Model, moment);
        var before = point.Self.Spec!;
        var settings = ForkReader.Read(sets, run.Plan, before);
        foreach (var problem in settings.Problems)
            System.Console.Error.WriteLine(problem);
        if (settings.Settings is not { } changed)
            throw new UsageException("--set: the settings cannot be used; nothing was written.");
        if (!changed.Curate.SequenceEqual(before.Curate) && NextPolicy(run, parent, instance.TakeWhile(e => e.Index <= index)) is { } next)
            System.Console.Error.WriteLine(
                $"--set: warning: curate: the plan sets the policy of {before.Variant} before cycle {next.Cycle}, in the fork too"
            );
        if (replicates > 0 && (changed with { Seed = before.Seed }).Equals(before.Settings))
            throw new UsageException(
                "--replicates compares changed settings with unchanged ones under the same seeds, but only the seed is "
                    + "changed: change a setting, such as --set 'curate=[keep-all]'"
            );
        ForkOrder order = new(parent, index, before.Settings, changed, name, replicates);
        await order.WishesAsync(store.Journal, run, CancellationToken.None); // refuses a name that is taken or too long
        return new ForkTarget(run, order, instance[(int)index - 1], point);
    }

    // One that the parent was about to apply is applied by the fork.
    private static ScheduledChange? NextPolicy(SupervisorState run, string parent, IEnumerable<InstanceEvent> past) =>
        run.Plan!.ChangesOf(run.Instances[parent].Variant, run.Instances[parent].Replicate)
            .Where(change => change.Input is Input.PolicyChange)
            .Skip(past.Count(e => e.Happened is PolicyChanged))
            .FirstOrDefault();

    private static void RefuseRemoved(EventStore store, ModelId model, string moment)
    {
        if (RemovedWeights.At(store.Blobs, model) is { } removed)
            throw new UsageException(
                $"{moment} cannot be forked: `aime gc` removed the weights of its model {model.Short} at "
                    + $"{removed:yyyy-MM-dd HH:mm:ss} UTC; expected an event of a generation whose weights are kept"
            );
    }

    private static void CheckName(string? name)
    {
        var taken = name switch
        {
            "supervisor" => "; 'supervisor' names the run's own stream",
            "index" or "pair" or "report" or "review" => $"; '{name}' names a page of `aime view`",
            _ => "",
        };
        if (name is not null && (!NameForm().IsMatch(name) || taken.Length > 0))
            throw new UsageException(
                $"--as: found '{name}', expected a name of small letters, digits and hyphens that begins with a letter or digit{taken}"
            );
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex NameForm();
}
