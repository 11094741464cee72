using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Instances that receive input.</summary>
internal sealed record InputTarget(SupervisorState Run, ImmutableArray<string> Instances)
{
    /// <summary>Finds one instance, or the instances of a run or of one of its variants.</summary>
    /// <exception cref="UsageException">There are none, or one of them cannot receive input.</exception>
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
                $"found no recipient, expected an instance, or a run with --all-of. To list them: "
                    + Invocation.Of("list", "--store", store.Address)
            );
        }
        else
        {
            var found = await StoreLookup.RunAsync(store, run, CancellationToken.None);
            string[] variants = [.. found.Plan!.Variants.Select(v => v.Name)];
            if (variant is not null && !variants.Contains(variant))
                throw new UsageException(
                    $"found variant '{variant}', expected one of the variants of {found.Plan.Run}: "
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

/// <summary>Options of a submission.</summary>
/// <param name="Parallel">Threads for model work.</param>
/// <param name="Wait">Whether to wait for the result.</param>
/// <param name="Told">Whether the inputs are imported experiences, which are summarized instead of printed.</param>
/// <param name="Synchronous">When writes reach the disk.</param>
internal sealed record InputOptions(int Parallel, bool Wait, bool Json, bool Told, Synchronous Synchronous);

/// <summary>Sends inputs to instances, waits for the results, and prints them.</summary>
internal static class InputSubmission
{
    /// <summary>Returns the inputs of a file, or prints every problem on standard error.</summary>
    /// <exception cref="UsageException">The file is invalid.</exception>
    public static ImmutableArray<Input> Read(LoadedInputs loaded, string path)
    {
        foreach (var problem in loaded.Problems)
            System.Console.Error.WriteLine(problem);
        var errors = loaded.Problems.Count(p => p.Severity == Severity.Error);
        return errors == 0
            ? loaded.Inputs
            : throw new UsageException($"{path} has {errors} {(errors == 1 ? "problem" : "problems")}; nothing was written.");
    }

    /// <summary>Each input for each instance, input by input, so that the answers to one can be printed side by side.</summary>
    public static ImmutableArray<SubmittedInput> For(InputTarget target, ImmutableArray<Input> inputs) =>
        [.. inputs.SelectMany(input => target.Instances.Select(name => SubmittedInput.New(name, input)))];

    public static async Task<int> RunAsync(
        StoreAddress address,
        InputTarget target,
        ImmutableArray<SubmittedInput> gifts,
        InputOptions options
    )
    {
        using var interruption = new Interruption("Stopped waiting; the input remains in the inbox.");
        await using var store = await Stores.OpenAsync(address, options.Synchronous, interruption.Now, CancellationToken.None);
        await using var visit = RunHosting.Visit(store, target.Run, options.Parallel, new FailureLog());
        await visit.PutAsync(gifts, CancellationToken.None);
        if (!options.Wait)
            return await TellGivenAsync(store, target, gifts, options.Json);
        try
        {
            return await ShowAsync(visit, target, gifts, options, interruption);
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            System.Console.Error.WriteLine(
                $"Submitted {Lines.Count(gifts.Length)}; not all were processed. The rest wait in the inbox for the next host of the run."
            );
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await TellWaitingAsync(store, target.Run.Plan!.Run, gifts);
            throw;
        }
    }

    // Printed before the failure itself: the input is durable, and the next host of the run processes it.
    private static async Task TellWaitingAsync(EventStore store, string run, ImmutableArray<SubmittedInput> gifts)
    {
        var waiting = (await store.Inbox.WaitingAsync(run, CancellationToken.None)).Count(l => gifts.Any(g => g.Arrival == l.Arrival));
        if (waiting > 0)
            System.Console.Error.WriteLine(
                "Your input waits in the run's inbox. The next run, inject or console command of the run answers it "
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
        var (unanswered, kept, held, waiting) = (0, 0, 0, 0);
        foreach (var group in gifts.Chunk(target.Instances.Length))
        {
            await visit.SeeThroughAsync([.. group], interruption.Gently);
            var exchanges = new List<Exchange>();
            foreach (var gift in group)
            {
                if (await visit.ReadAsync(gift, CancellationToken.None) is { } exchange)
                    exchanges.Add(exchange);
                else
                {
                    var instance = visit.State.Instances[gift.Instance];
                    var reason =
                        instance.Status == InstanceState.Parked ? $"it is parked: {instance.Reason}"
                        : instance.AwaitsReviews
                            ? $"its round waits for {Lines.Count(instance.ReviewsSoFar.Open.Length, "verdict")} of people: `aime review`"
                        : visit.Settled.GetValueOrDefault(gift.Arrival)?.TakenBack;
                    System.Console.Error.WriteLine($"{gift.Instance}: no result: {reason}");
                }
            }

            unanswered += group.Length - exchanges.Count(e => e.Stored is not null);
            kept += exchanges.Count(e => e.Stored?.Verdict == Verdict.Keep);
            held += exchanges.Count(e => e.Stored?.Verdict == Verdict.Hold && e.Judgement is not { AwaitsDraw: true });
            waiting += exchanges.Count(e => e.Judgement is { AwaitsDraw: true });
            Print(target, exchanges, options);
        }

        await visit.CloseAsync(interruption.Now);
        if (options.Told && !options.Json)
            TerminalWriter.Line(
                $"{Lines.Count(gifts.Length - unanswered, "experience")} given to {target.Instances[0]}: {Lines.Count(kept)} kept, "
                    + $"{(held > 0 ? $"{Lines.Count(held)} remembered and not trained on, " : "")}"
                    + $"{(waiting > 0 ? $"{Lines.Count(waiting)} waiting for the draw at the end of the round, " : "")}"
                    + $"{Lines.Count(gifts.Length - unanswered - kept - held - waiting)} not kept."
            );
        if (unanswered > 0)
            TerminalWriter.Error.MarkupLineInterpolated(
                $"[red]error:[/] {Lines.Count(unanswered)} of {Lines.Count(gifts.Length)} gave no experience; the journal has the reasons."
            );
        return unanswered > 0 ? ExitCode.Error : ExitCode.Done;
    }

    private static void Print(InputTarget target, List<Exchange> exchanges, InputOptions options)
    {
        if (options.Json)
            exchanges.ForEach(e => TerminalWriter.Json(ExchangeOutput.Of(target.Run.Plan!.Run, e)));
        else if (!options.Told)
            ExchangeView.Write(TerminalWriter.Output, exchanges);
    }

    private static async Task<int> TellGivenAsync(EventStore store, InputTarget target, ImmutableArray<SubmittedInput> gifts, bool json)
    {
        var run = target.Run.Plan!.Run;
        if (json)
        {
            foreach (var gift in gifts)
                TerminalWriter.Json(new SubmittedOutput(run, gift.Instance, gift.Arrival));
            return ExitCode.Done;
        }

        var owner = await store.Ownership.FindAsync(run, CancellationToken.None);
        var next = owner is null
            ? "No process hosts it: the next run, inject or console command answers them."
            : $"Process {owner.Info.ProcessId} on {owner.Info.Host} hosts it and takes them at the next end of a cycle.";
        TerminalWriter.Line($"{Lines.Count(gifts.Length, "input")} in the inbox of {run}. {next}");
        TerminalWriter.Line($"  {Invocation.Of("replay", $"{run}/{gifts[0].Instance}", "--store", store.Address)}");
        return ExitCode.Done;
    }
}
