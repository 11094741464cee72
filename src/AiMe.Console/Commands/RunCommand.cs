using System.CommandLine;
using System.Text.Json;
using AiMe.Console.Views;
using AiMe.Journal;
using AiMe.Lab;
using AiMe.Mind;
using Spectre.Console;
using Store = AiMe.Journal.Store;

namespace AiMe.Console.Commands;

/// <summary><c>aime run</c>: every variant side by side, then the comparison.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var experiment = Common.ExperimentArgument();
        var store = Common.StoreOption();
        var sets = Common.SetOption();
        var seed = Common.SeedOption();
        var parallel = Common.WholeOption("--parallel", "Threads for model work, as many as there are cores unless told otherwise. The result does not depend on it", least: 1, most: 1024);
        var dry = new Option<bool>("--dry-run") { Description = "Print what the run comes to (calls, tokens, disk, time), and do nothing. The time is guessed from the store's earlier runs, or from a measurement of a few seconds" };
        var json = Common.JsonOption("End with one line, one JSON object, and print nothing else on standard output");
        var command = new Command("run", "Run an experiment, or go on with it: the same command on the same store is the same run")
        {
            experiment, store, parallel, seed, sets, dry, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var loaded = Common.Load(parsed.GetRequiredValue(experiment), parsed.GetValue(sets), parsed.GetValue(seed), advise: parsed.GetValue(dry));
            World.Check(loaded); // before a store is made: what is wrong must leave nothing behind
            var threads = (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount);
            if (parsed.GetValue(dry))
                return DryRun.Write(loaded, await ForecastAsync(loaded, parsed.GetRequiredValue(store), threads, cancellationToken), parsed.GetValue(json));
            if (!File.Exists(Path.Combine(parsed.GetRequiredValue(store), "journal.db")))
                World.CheckKey(loaded); // where there is a store, its run may have ended and need none
            return await RunAsync(loaded, parsed.GetRequiredValue(store), threads, parsed.GetValue(json));
        });
        return command;
    }

    // Nothing is made: a store that is not there yet has no earlier run and no base model.
    private static async Task<Forecast?> ForecastAsync(Experiment experiment, string directory, int threads, CancellationToken cancellationToken)
    {
        if (experiment.Model is not NanoModel { Preset: var preset })
            return null; // what another provider takes cannot be measured here
        EarlierRun? earlier = null;
        if (File.Exists(Path.Combine(directory, "journal.db")))
        {
            await using var store = Common.OpenReadOnly(directory);
            earlier = await EarlierRun.FindAsync(store, preset, cancellationToken);
        }

        var hasBase = Directory.Exists(Path.Combine(directory, "models")) && Directory.GetDirectories(Path.Combine(directory, "models"), $"nano-{preset}-*").Length > 0;
        return Forecast.Of(experiment, UnitCosts.Measure(preset, TimeProvider.System), earlier, threads, hasBase);
    }

    private static async Task<int> RunAsync(Experiment experiment, string directory, int parallel, bool json)
    {
        using var interruption = new Interruption();
        await using var store = await Common.OpenAsync(directory, CancellationToken.None);
        var outcome = await RunDisplay.ShowAsync(display => LiveAsync(experiment, store, parallel, display, interruption));
        if (outcome.Digest is null)
        {
            Terminal.Error.MarkupLineInterpolated($"[yellow]Interrupted after {outcome.Lived} {(outcome.Lived == 1 ? "experience" : "experiences")}.[/] Nothing is lost; the same command goes on:");
            System.Console.Error.WriteLine($"  {Invocation.Of(Environment.GetCommandLineArgs()[1..])}"); // not wrapped, so that it can be copied
            return ExitCode.Interrupted;
        }

        var record = await RunRecord.ReadAsync(store.Journal, outcome.Run, CancellationToken.None);
        if (json)
            Terminal.Json(Summary(outcome, record));
        else
            ComparePage.Write(record, outcome, directory);
        return record.Run.Lives.Values.Any(l => l.Status == LifeStatus.Parked) ? ExitCode.Error : ExitCode.Done;
    }

    private static async Task<RunOutcome> LiveAsync(Experiment experiment, Store store, int parallel, RunDisplay display, Interruption interruption)
    {
        try
        {
            if (await RunHost.DigestOfEndedAsync(experiment.RunId, store, CancellationToken.None) is { } digest)
                return new RunOutcome(experiment.RunId, digest, Lived: 0, TimeSpan.Zero); // it has ended: no model is needed
            if (await store.Ownership.FindAsync(experiment.RunId, CancellationToken.None) is { } owner)
                throw new AlreadyOwnedException(owner); // before any work; the claim itself comes with the run
            var world = await World.PrepareAsync(experiment, store, parallel, listener: null, display, interruption.Gently);
            var plan = experiment.Plan(world.Base, world.Origin);
            var known = await LifeReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None);
            display.Begin(plan, known?.Lives.ToDictionary(StringComparer.Ordinal) ?? []);
            return await RunHost.RunAsync(plan, store, world.Effects, parallel, display, TimeProvider.System, interruption.Gently, interruption.Now);
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            return new RunOutcome(experiment.RunId, Digest: null, Lived: 0, TimeSpan.Zero); // while the base model was trained
        }
    }

    private static byte[] Summary(RunOutcome outcome, RunRecord record)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("run", outcome.Run);
            writer.WriteString("digest", outcome.Digest);
            writer.WriteNumber("instances", record.Lives.Length);
            writer.WriteNumber("experiences", record.Experiences);
            writer.WriteNumber("generations", record.Generations);
            writer.WriteNumber("seconds", Math.Round(outcome.Took.TotalSeconds, 3));
            writer.WriteNumber("experiencesPerSecond", outcome.Lived == 0 ? 0 : Math.Round(outcome.Lived / outcome.Took.TotalSeconds, 3));
            writer.WriteNumber("tokens", record.Tokens);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
