using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Commands;

/// <summary><c>aime fork</c>: another life from an event of a recorded one, with other settings where wished.</summary>
internal static class ForkCommand
{
    private const long MostReplicates = 1000;

    public static Command Create()
    {
        var moment = new Argument<string>("instance@event")
        {
            Description = $"A life and one of its events, such as aligned-1@120. The event is {EventReference.Forms}",
        };
        moment.CompletionSources.Add(Completions.Instances);
        var sets = new Option<string[]>("--set")
        {
            Description =
                "What the fork lives by from there on, such as 'curate=[keep-all]' (in quotes for the shell), "
                + "train.epochs=4 or seed=7; may be repeated. It may set seed, generate, reflect, memory, train and "
                + "curate; all else belongs to the run",
            HelpName = "path=value",
        };
        var name = new Option<string?>("--as")
        {
            Description = "Its name, small letters, digits and hyphens; the next free one, such as aligned-1-fork-1, unless told otherwise",
            HelpName = "name",
        };
        var replicates = SharedOptions.WholeOption(
            "--replicates",
            "So many forks with the changed settings, each with a seed of its own, and as many controls with the same "
                + "seeds and nothing else changed; then their differences, pair by pair, with intervals",
            least: 2,
            most: MostReplicates
        );
        var noRun = new Option<bool>("--no-run")
        {
            Description = "Only make it; the command that started its run lives it on, or this command once more",
        };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work, as many as there are cores unless told otherwise. The result does not depend on it",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption("End with one line, one JSON object, and print nothing else on standard output");
        var command = new Command(
            "fork",
            "Make another life from an event of a recorded one, with other settings where wished, and let it live to the plan's end"
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
                await using (var opened = Stores.OpenReadOnly(address)) // what is wrong with it must leave nothing behind
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
                    (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
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
            System.Console.Error.WriteLine($"{wish.Name}, a fork of {wish.Parent} that was begun and never finished, is whole now.");
        foreach (var wish in made)
            System.Console.Error.WriteLine($"{wish.Name} branches off from {wish.Parent} at event {wish.Index}.");
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
            TerminalWriter.Json(ForkJson.Of(report));
        else
            ForkView.Write(TerminalWriter.Output, report, address);
        if (live && !over)
        {
            System.Console.Error.WriteLine(
                $"Interrupted. Nothing is lost; the same command goes on:\n  {Invocation.Of(Environment.GetCommandLineArgs()[1..])}"
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
            return true; // there is nothing left to live: no model is needed
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
                world.Meter,
                parallel,
                names,
                display,
                TimeProvider.System,
                interruption.Gently,
                interruption.Now
            );
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            return false; // while the base model was made ready
        }
    }

    // A changed fork is called by it and its number.
    private static string BaseOf(ForkTarget target, ImmutableArray<ForkRequest> made) =>
        target.Order.Replicates > 0 ? made[0].Name[..^2] : made[0].Name;
}
