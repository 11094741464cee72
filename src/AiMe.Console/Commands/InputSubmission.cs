using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Whom something is given to.</summary>
internal sealed record InputTarget(SupervisorState Run, ImmutableArray<string> Instances)
{
    /// <summary>One instance, or the instances of a run or of one of its variants.</summary>
    /// <exception cref="UsageException">There are none, or one of them cannot be spoken to.</exception>
    public static async Task<InputTarget> FindAsync(EventStore store, string? instance, string? run, string? variant)
    {
        InputTarget target;
        if (instance is not null)
        {
            var (found, name) = await StoreLookup.InstanceAsync(store, instance, CancellationToken.None);
            target = new(found, [name]);
        }
        else if (run is null && variant is null)
        {
            throw new UsageException(
                $"to whom? Name an instance, or a run with --all-of; {Invocation.Of("list", "--store", store.Address)} shows them"
            );
        }
        else
        {
            var found = await StoreLookup.RunAsync(store, run, CancellationToken.None);
            string[] variants = [.. found.Plan!.Variants.Select(v => v.Name)];
            if (variant is not null && !variants.Contains(variant))
                throw new UsageException(
                    $"the run {found.Plan.Run} has no variant '{variant}'; it has "
                        + $"{string.Join(", ", variants)}{Nearest.Hint(variant, variants)}"
                );
            target = new(
                found,
                [
                    .. found
                        .Plan.Instances.Where(i => variant is null || i.Variant.Name == variant)
                        .Select(i => RunPlan.NameOf(i.Variant, i.Replicate)),
                ]
            );
        }

        foreach (var name in target.Instances)
            RunHosting.MustListen(target.Run, name, store.Address);
        return target;
    }
}

/// <summary>How something is given.</summary>
/// <param name="Parallel">Threads for model work.</param>
/// <param name="Wait">Whether what comes of it is waited for.</param>
/// <param name="Told">Whether it happened elsewhere, so that a summary says more than each experience.</param>
/// <param name="Synchronous">When it is on the disk.</param>
internal sealed record InputOptions(int Parallel, bool Wait, bool Json, bool Told, Synchronous Synchronous);

/// <summary>Gives inputs to instances, waits for what comes of them, and prints it.</summary>
internal static class InputSubmission
{
    /// <summary>The inputs of a file, or every problem on standard error.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static ImmutableArray<Input> Read(LoadedInputs loaded, string path)
    {
        foreach (var problem in loaded.Problems)
            System.Console.Error.WriteLine(problem);
        var errors = loaded.Problems.Count(p => p.Severity == Severity.Error);
        return errors == 0
            ? loaded.Inputs
            : throw new UsageException($"{path} has {errors} {(errors == 1 ? "problem" : "problems")}; nothing was written.");
    }

    public static async Task<int> RunAsync(StoreAddress address, InputTarget target, ImmutableArray<Input> inputs, InputOptions options)
    {
        using var interruption = new Interruption("Waiting no longer; what was given stays given.");
        await using var store = await Stores.OpenAsync(address, options.Synchronous, interruption.Now, CancellationToken.None);
        await using var visit = RunHosting.Visit(store, target.Run, options.Parallel, new FailureLog());
        // Input by input, so that the same stimulus stands side by side.
        var gifts = await visit.PutAsync(
            inputs.SelectMany(input => target.Instances.Select(name => (name, input))),
            CancellationToken.None
        );
        if (!options.Wait)
            return await TellGivenAsync(store, target, gifts, options.Json);
        try
        {
            return await ShowAsync(visit, target, gifts, options, interruption);
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            System.Console.Error.WriteLine(
                $"{gifts.Length} given; not all were lived through. They wait in the inbox and are taken up when the run is hosted again."
            );
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await TellWaitingAsync(store, target.Run.Plan!.Run, gifts);
            throw;
        }
    }

    // Said before the failure itself: what was given is durable, and whoever hosts the run next meets it again.
    private static async Task TellWaitingAsync(EventStore store, string run, ImmutableArray<SubmittedInput> gifts)
    {
        var waiting = (await store.Inbox.WaitingAsync(run, CancellationToken.None)).Count(l => gifts.Any(g => g.Arrival == l.Arrival));
        if (waiting > 0)
            System.Console.Error.WriteLine(
                "What you said waits in the run's inbox and is answered at the next run, inject or console of it "
                    + $"({Lines.Count(waiting)} of {Lines.Count(gifts.Length)} waiting)."
            );
    }

    private static async Task<int> ShowAsync(
        RunConnection visit,
        InputTarget target,
        ImmutableArray<SubmittedInput> gifts,
        InputOptions options,
        Interruption interruption
    )
    {
        var (unanswered, kept) = (0, 0);
        foreach (var group in gifts.Chunk(target.Instances.Length))
        {
            await visit.SeeThroughAsync([.. group], interruption.Gently);
            var exchanges = new List<Exchange>();
            foreach (var gift in group)
            {
                if (await visit.ReadAsync(gift, CancellationToken.None) is { } exchange)
                    exchanges.Add(exchange);
                else
                    System.Console.Error.WriteLine(
                        $"{gift.Instance}: nothing came of it: "
                            + $"{(visit.State.Instances[gift.Instance] is { Status: InstanceState.Parked } instance ? $"it is parked: {instance.Reason}" : visit.Settled.GetValueOrDefault(gift.Arrival)?.TakenBack)}"
                    );
            }

            unanswered += group.Length - exchanges.Count(e => e.Stored is not null);
            kept += exchanges.Count(e => e.Stored?.Verdict == Verdict.Keep);
            Print(target, exchanges, options);
        }

        await visit.CloseAsync(interruption.Now);
        if (options.Told && !options.Json)
            TerminalWriter.Line(
                $"{Lines.Count(gifts.Length - unanswered, "experience")} told to {target.Instances[0]}: {kept} kept, "
                    + $"{gifts.Length - unanswered - kept} not kept."
            );
        if (unanswered > 0)
            TerminalWriter.Error.MarkupLineInterpolated(
                $"[red]error:[/] {unanswered} of {gifts.Length} left no experience; the journal says why."
            );
        return unanswered > 0 ? ExitCode.Error : ExitCode.Done;
    }

    private static void Print(InputTarget target, List<Exchange> exchanges, InputOptions options)
    {
        if (options.Json)
            exchanges.ForEach(e => ExchangeView.WriteJson(target.Run.Plan!.Run, e));
        else if (!options.Told)
            ExchangeView.Write(TerminalWriter.Output, exchanges);
    }

    private static async Task<int> TellGivenAsync(EventStore store, InputTarget target, ImmutableArray<SubmittedInput> gifts, bool json)
    {
        var run = target.Run.Plan!.Run;
        if (json)
        {
            foreach (var gift in gifts)
            {
                TerminalWriter.Json(
                    JsonObject.Of(o =>
                    {
                        o.WriteString("run", run);
                        o.WriteString("instance", gift.Instance);
                        o.WriteString("arrival", gift.Arrival);
                    })
                );
            }

            return ExitCode.Done;
        }

        var owner = await store.Ownership.FindAsync(run, CancellationToken.None);
        TerminalWriter.Line(
            $"{gifts.Length} in the inbox of {run}. "
                + $"{(owner is null ? "Nobody hosts it now: they are answered at the next run, inject or console." : $"Process {owner.Info.ProcessId} on {owner.Info.Host} hosts it and takes them at the next boundary of a cycle.")}"
        );
        TerminalWriter.Line($"  {Invocation.Of("replay", $"{run}/{gifts[0].Instance}", "--store", store.Address)}");
        return ExitCode.Done;
    }
}
