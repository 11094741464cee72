using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Simulation;

namespace AiMe.Console.Commands;

/// <summary>
/// <c>aime simulate</c>: runs instances on a simulated machine that crashes, delays, duplicates and reorders, seed by
/// seed, until an invariant breaks.
/// </summary>
internal static class SimulateCommand
{
    private const int LinesShown = 40;

    public static Command Create()
    {
        var seeds = SharedOptions.WholeOption(
            "--seeds",
            "Number of seeds to try. Default: 1000, or 1 with --seed",
            least: 1,
            most: 1_000_000_000
        );
        var seed = SharedOptions.WholeOption("--seed", "The first seed. Default: 1", least: 0, most: 1_000_000_000_000_000_000);
        var experiences = SharedOptions.WholeOption(
            "--experiences",
            "Planned experiences per seed, over all its instances. Default: 20",
            least: 1,
            most: 10_000
        );
        var instances = SharedOptions.WholeOption(
            "--instances",
            "Instances per seed, at most one per experience. Default: one or two, chosen by the seed",
            least: 1,
            most: 1000
        );
        var parallel = ParallelOption.Create(
            "Seeds tried at the same time; the result does not depend on it. Default: the number of processors"
        );
        string[] mistakes = [.. Mistake.All.Select(m => m.Name)];
        var plant = SharedOptions.OneOf(
            "--plant",
            $"Inject a known defect into the runtime, to check that it is found: {string.Join(", ", mistakes)}",
            mistakes,
            many: false
        );
        plant.HelpName = "mistake";
        var schedule = new Option<FileInfo?>("--schedule")
        {
            Description = "File for the whole schedule of the seed that breaks an invariant, or of the only seed",
            HelpName = "file",
        };
        var json = SharedOptions.JsonOption("One JSON object: what was tried, and the violation with its schedule, or null");
        var command = new Command(
            "simulate",
            "Try to break the runtime on a simulated machine with crashes, delays, duplicates and failures, reproducible from a seed"
        )
        {
            seeds,
            seed,
            experiences,
            instances,
            parallel,
            plant,
            schedule,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    new SimulationRequest(
                        parsed.GetValue(seed) ?? 1,
                        parsed.GetValue(seeds) ?? (parsed.GetValue(seed) is null ? 1000 : 1),
                        OptionsOf((int)(parsed.GetValue(experiences) ?? 20), (int?)parsed.GetValue(instances), parsed.GetValue(plant)),
                        parsed.Threads(parallel),
                        Writable(parsed.GetValue(schedule)),
                        parsed.GetValue(json)
                    )
                )
        );
        return command;
    }

    private static SimulationOptions OptionsOf(int experiences, int? instances, string[]? plant) =>
        instances > experiences
            ? throw new UsageException(
                $"--instances: found {instances}, expected at most {experiences}, the number of --experiences: each needs at least one"
            )
            : new SimulationOptions(experiences, instances, plant is [var name] ? Mistake.All.Single(m => m.Name == name) : null);

    private static string? Writable(FileInfo? file) =>
        file is null || file.Directory is { Exists: true } && !Directory.Exists(file.FullName)
            ? file?.FullName
            : throw new UsageException(
                $"--schedule: {file.FullName} cannot be written: "
                    + $"{(Directory.Exists(file.FullName) ? "it is a directory" : "its directory does not exist")}"
            );

    private static async Task<int> RunAsync(SimulationRequest request)
    {
        using var interruption = new Interruption("Completing the seeds in progress; a second signal ends at once.");
        var (simulator, started) = (new Simulator(request.Options), Stopwatch.GetTimestamp());
        var report = await SimulationProgress.ShowAsync(request.First, request.Count, note =>
            simulator.SearchAsync(request.First, request.Count, request.Parallel, note, interruption.Gently)
        );
        var found = new SimulationFindings(
            request,
            report,
            Stopwatch.GetElapsedTime(started),
            report.Seed is { } broken ? simulator.Record(broken, report.Violation!.Invariant)
                : request is { Count: 1, Schedule: not null } ? simulator.Record(request.First)
                : null
        );
        if (request.Schedule is { } path && found.Recorded is { } recorded)
            await File.WriteAllLinesAsync(path, recorded.Schedule, CancellationToken.None);
        if (request.Json)
            TerminalWriter.Json(found.ToOutput());
        else
            found.Tell(LinesShown);
        return report.Seed is not null ? ExitCode.Error
            : interruption.Gently.IsCancellationRequested ? ExitCode.Interrupted
            : ExitCode.Done;
    }

    /// <summary>Options of the search.</summary>
    /// <param name="Schedule">Full path of the file for the schedule, or null.</param>
    internal sealed record SimulationRequest(long First, long Count, SimulationOptions Options, int Parallel, string? Schedule, bool Json)
    {
        /// <summary>The command line that repeats one seed.</summary>
        public string Again(long seed)
        {
            List<string> words = ["simulate", "--seed", seed.ToString(CultureInfo.InvariantCulture)];
            if (Options.Experiences != 20)
                words.AddRange(["--experiences", Options.Experiences.ToString(CultureInfo.InvariantCulture)]);
            if (Options.Instances is { } instances)
                words.AddRange(["--instances", instances.ToString(CultureInfo.InvariantCulture)]);
            if (Options.Mistake is { } mistake)
                words.AddRange(["--plant", mistake.Name]);
            return Invocation.Of([.. words]);
        }
    }
}
