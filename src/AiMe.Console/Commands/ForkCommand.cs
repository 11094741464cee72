using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Commands;

/// <summary>
/// <c>aime fork</c>: creates an instance from an event of a recorded one, optionally with other settings.
/// </summary>
internal static class ForkCommand
{
    private const long MostReplicates = 1000;

    public static Command Create()
    {
        var moment = new Argument<string>("instance@event")
        {
            Description = $"An instance and one of its events, such as inward-1@120. The event is {EventReference.Forms}",
        };
        moment.CompletionSources.Add(Completions.Instances);
        var sets = new Option<string[]>("--set")
        {
            Description =
                "Setting of the fork from this event on, such as 'curate=[keep-all]' (in quotes for the shell), "
                + "train.epochs=4 or seed=7; may be repeated. Allowed: seed, generate, reflect, memory, train and curate; "
                + "the other settings belong to the run",
            HelpName = "path=value",
        };
        var name = new Option<string?>("--as")
        {
            Description = "Name of the fork: small letters, digits and hyphens. Default: the next free one, such as inward-1-fork-1",
            HelpName = "name",
        };
        var replicates = SharedOptions.WholeOption(
            "--replicates",
            "Make N forks with the changed settings, each with its own seed, and N controls with the same seeds and unchanged "
                + "settings, and print their paired differences with intervals",
            least: 2,
            most: MostReplicates
        );
        var noRun = new Option<bool>("--no-run")
        {
            Description = "Only create the fork. To run it later, repeat this command, or the command that started the run",
        };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create();
        var json = SharedOptions.JsonOption("Print one JSON object on one line, and nothing else on standard output");
        var command = new Command(
            "fork",
            "Create an instance from an event of a recorded one, optionally with other settings, and run it to the end of the plan"
        )
        {
            moment,
            sets,
            name,
            replicates,
            noRun,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var address = parsed.GetRequiredValue(store);
                ForkTarget target;
                await using (var opened = Stores.OpenReadOnly(address)) // check the arguments before anything is written
                    target = await ForkTarget.FindAsync(
                        opened,
                        parsed.GetRequiredValue(moment),
                        parsed.GetValue(sets) ?? [],
                        parsed.GetValue(name),
                        (int)(parsed.GetValue(replicates) ?? 0)
                    );
                return await RunAsync(
                    target,
                    address,
                    parsed.GetValue(synchronous),
                    parsed.Threads(parallel),
                    !parsed.GetValue(noRun),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ForkTarget target,
        StoreAddress address,
        Synchronous synchronous,
        int parallel,
        bool live,
        bool json
    )
    {
        using var interruption = new Interruption();
        await using var store = await Stores.OpenAsync(address, synchronous, interruption.Now, CancellationToken.None);
        var (made, finished) = await ForkHost.MakeAsync(target.Run.Plan!, store, target.Order, TimeProvider.System, CancellationToken.None);
        foreach (var wish in finished.Except(made))
            System.Console.Error.WriteLine($"Completed {wish.Name}, an unfinished fork of {wish.Parent}.");
        foreach (var wish in made)
            System.Console.Error.WriteLine($"Forked {wish.Name} from {wish.Parent} at event {Lines.Count(wish.Index)}.");
        var over = live && await RunDisplay.ShowAsync(display => LiveAsync(target, store, made, parallel, display, interruption));
        var state = (await InstanceReader.ReadRunAsync(store.Journal, target.Run.Plan!.Run, CancellationToken.None))!;
        ForkReport report = new(
            target,
            state,
            made,
            over,
            target.Order.Replicates > 0 && over
                ? await ForkComparison.ReadAsync(
                    store.Journal,
                    state,
                    BaseOf(target, made),
                    target.Order.Replicates,
                    CancellationToken.None
                )
                : null
        );
        if (json)
            TerminalWriter.Json(ForkOutput.Of(report));
        else
            ForkView.Write(TerminalWriter.Output, report, address);
        if (live && !over)
        {
            System.Console.Error.WriteLine(
                $"Interrupted. Nothing is lost; run the same command to resume:\n  {Invocation.Of(Environment.GetCommandLineArgs()[1..])}"
            );
            return ExitCode.Interrupted;
        }

        return made.Any(w => state.Instances[w.Name].Status == InstanceState.Parked) ? ExitCode.Error : ExitCode.Done;
    }

    private static async Task<bool> LiveAsync(
        ForkTarget target,
        EventStore store,
        ImmutableArray<ForkRequest> made,
        int parallel,
        RunDisplay display,
        Interruption interruption
    )
    {
        var (plan, order) = (target.Run.Plan!, target.Order);
        var state = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!;
        ImmutableArray<string> names = [.. made.Select(w => w.Name)];
        if (names.All(n => state.Instances[n].IsAtRest))
            return true; // every fork is at rest: no model is needed
        try
        {
            var world = await PreparedModels.PrepareAsync(plan, store, parallel, listener: null, display, interruption.Gently);
            ImmutableArray<InstanceGroup> groups =
                order.Replicates == 0
                    ? [new(names[0], names)]
                    :
                    [
                        new(BaseOf(target, made), names[..order.Replicates]),
                        new(ForkOrder.Arms(BaseOf(target, made)).Control, names[order.Replicates..]),
                    ];
            display.Begin(
                plan,
                state.Instances.ToDictionary(StringComparer.Ordinal),
                groups,
                $"{plan.Run}: {string.Join(" and ", groups.Select(g => $"{g.Name} x {g.Instances.Length}"))}, from event "
                    + $"{order.Index} of {order.Parent} to {plan.Cycles} experiences each"
            );
            return await ForkHost.LiveAsync(
                plan,
                store,
                world.Effects,
                new SessionOptions(parallel, Meter: world.Meter, Refusals: world.Refusals, Index: world.Index),
                names,
                display,
                TimeProvider.System,
                interruption.Gently,
                interruption.Now
            );
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            return false; // interrupted while the base model was being prepared
        }
    }

    // A single fork is the group's name; with replicates, the name is that of the first without its number.
    private static string BaseOf(ForkTarget target, ImmutableArray<ForkRequest> made) =>
        target.Order.Replicates > 0 ? made[0].Name[..^2] : made[0].Name;
}
