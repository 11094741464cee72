using System.CommandLine;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Runs.Talk;
using AiMe.Lab.Upkeep;
using Spectre.Console;

namespace AiMe.Console.Commands.Models;

/// <summary>
/// Shared by <c>promote</c> and <c>rollback</c>: sends a request for another champion to an instance, and prints the
/// result.
/// </summary>
internal sealed class ModelAppointment
{
    private readonly Option<string?> _why = new("--why") { Description = "Reason, stored in the journal", HelpName = "text" };
    private readonly Option<string?> _by = new("--by")
    {
        Description = "Author of the request, stored in the journal. Default: the user of this process",
        HelpName = "name",
    };
    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description =
            "Return when the request is durable in the run's inbox. The process that hosts the run takes it from there; "
            + "without such a process, the next inject, console or run does",
    };
    private readonly Option<StoreAddress> _store = SharedOptions.StoreOption();
    private readonly Option<Synchronous> _synchronous = SynchronousOption.Create();
    private readonly Option<bool> _json = SharedOptions.JsonOption(
        "One JSON object: {\"run\", \"instance\", \"wished\", \"model\", \"before\", \"changed\", \"waiting\"}"
    );

    /// <summary>The shared options.</summary>
    public IEnumerable<Option> Options => [_why, _by, _noWait, _store, _synchronous, _json];

    /// <summary>Finds the instance, chooses a model of its lineage, and makes it the champion.</summary>
    /// <param name="choose">Returns the model and the default reason.</param>
    /// <exception cref="UsageException">
    /// The instance does not exist or is parked, or no model can be chosen.
    /// </exception>
    public async Task<int> RunAsync(ParseResult parsed, string instance, Func<InstanceLineage, (ModelId Model, string Why)> choose)
    {
        var address = parsed.GetRequiredValue(_store);
        var (target, lineage) = await FindAsync(address, instance);
        var (model, why) = choose(lineage);
        RefuseRemoved(address, model);
        var wish = new Input.Appointment(
            model,
            Text(parsed.GetValue(_by), "--by") ?? Environment.UserName,
            Text(parsed.GetValue(_why), "--why") ?? why
        );
        var asJson = parsed.GetValue(_json);
        if (lineage.Champion == model)
            return Tell(lineage, lineage, model, waiting: false, asJson);

        using var interruption = new Interruption("Stopped waiting; the request remains in the inbox.");
        await using var store = await Stores.OpenAsync(address, parsed.GetValue(_synchronous), interruption.Now, CancellationToken.None);
        await using var visit = RunHosting.Visit(store, target.Run, Environment.ProcessorCount, new FailureLog());
        var gifts = await visit.PutAsync([(lineage.Instance, wish)], CancellationToken.None);
        if (parsed.GetValue(_noWait))
            return Tell(lineage, lineage, model, waiting: true, asJson);
        try
        {
            await visit.SeeThroughAsync(gifts, interruption.Gently);
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            System.Console.Error.WriteLine("The request waits in the inbox for the next host of the run.");
            return ExitCode.Interrupted;
        }

        await visit.CloseAsync(interruption.Now);
        var after = await LineageAsync(store, target.Run, lineage.Instance);
        if (after.Champion == model)
            return Tell(lineage, after, model, waiting: false, asJson);
        TerminalWriter.Error.MarkupLineInterpolated(
            $"[red]error:[/] {lineage.Instance} uses {after.Champion.Short} and not {model.Short}; the journal has the reason."
        );
        return ExitCode.Error;
    }

    private static void RefuseRemoved(StoreAddress address, ModelId model)
    {
        if (RemovedWeights.At(new FileBlobs(Path.Combine(address.Root, "blobs")), model) is { } removed)
            throw new UsageException(
                $"`aime gc` removed the weights of {model.Short} at {removed:yyyy-MM-dd HH:mm:ss} UTC; expected a checkpoint that is "
                    + "kept, as `aime models list` shows"
            );
    }

    private static async Task<(InputTarget Target, InstanceLineage Lineage)> FindAsync(StoreAddress address, string instance)
    {
        await using var store = Stores.OpenReadOnly(address);
        var target = await InputTarget.FindAsync(store, instance, run: null, variant: null);
        return (target, await LineageAsync(store, target.Run, target.Instances[0]));
    }

    private static async Task<InstanceLineage> LineageAsync(EventStore store, SupervisorState run, string instance) =>
        (await LineageReader.ReadAsync(store.Journal, run, [instance], CancellationToken.None)) is [var lineage]
            ? lineage
            : throw new UsageException($"{instance} has not started yet: it has no model");

    private static string? Text(string? text, string option) =>
        text is null || text.Trim().Length > 0
            ? text?.Trim()
            : throw new UsageException($"{option}: found an empty text, expected a text for the journal");

    private static int Tell(InstanceLineage before, InstanceLineage after, ModelId wished, bool waiting, bool json)
    {
        if (json)
        {
            TerminalWriter.Json(
                new AppointmentOutput(
                    after.Run,
                    after.Instance,
                    wished.Value,
                    after.Champion.Value,
                    before.Champion.Value,
                    before.Champion != after.Champion,
                    waiting
                )
            );
        }
        else
        {
            TerminalWriter.Line(
                waiting ? $"In the inbox of {after.Run}; {after.Instance} still uses {Named(after, after.Champion)}."
                : before.Champion == after.Champion ? $"{after.Instance} already uses {Named(after, after.Champion)}; nothing was changed."
                : $"{after.Instance} now uses {Named(after, after.Champion)}; before, it used " + $"{Named(before, before.Champion)}."
            );
        }

        return ExitCode.Done;
    }

    private static string Named(InstanceLineage instance, ModelId model) =>
        instance.Checkpoints.FirstOrDefault(c => c.Id == model) is { } made ? $"{model.Short} ({made.Place})" : $"{model.Short} (its base)";
}
