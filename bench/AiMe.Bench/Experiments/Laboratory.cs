using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.Bench.Experiments;

/// <summary>
/// Runs small experiments with the product's own host. Each has a store of its own, which is removed afterwards; all share
/// one base model.
/// </summary>
internal sealed class Laboratory : IDisposable
{
    private readonly DirectoryInfo _place;

    /// <param name="place">Directory for the stores; they need a few hundred megabytes at most.</param>
    /// <param name="models">Models folder of a store, whose base models are not trained again; null for none.</param>
    public Laboratory(string place, string? models = null)
    {
        _place = Directory.CreateDirectory(Path.Combine(place, $"aime-bench-{Environment.ProcessId}-experiments"));
        if (models is not null)
            Copy(models, Models);
    }

    private string Models => Path.Combine(_place.FullName, "models");

    /// <summary>Reads an experiment file of this bench.</summary>
    /// <param name="name">Such as <c>aa.yaml</c>.</param>
    /// <param name="sets">As <c>--set</c> of <c>aime run</c>.</param>
    /// <exception cref="InvalidOperationException">The file has a problem; the message lists all.</exception>
    public static Experiment Read(string name, params IEnumerable<string> sets)
    {
        var loaded = ExperimentFile.Load(Path.Combine(Source(), "bench", "AiMe.Bench", "Experiments", name), sets);
        return loaded.Experiment ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
    }

    /// <summary>
    /// Runs experiments side by side, each on one thread; the first alone and on all cores, since it trains the base model.
    /// Writes a line to stderr after each.
    /// </summary>
    /// <param name="read">What is kept of each run.</param>
    /// <returns>In the order of the experiments.</returns>
    public async Task<T[]> RunAsync<T>(IReadOnlyList<Experiment> experiments, Func<RunRecord, T> read, CancellationToken cancellationToken)
    {
        var results = new T[experiments.Count];
        var watch = Stopwatch.StartNew();
        await OneAsync(0, Environment.ProcessorCount, cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, experiments.Count - 1),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, cancelled) => await OneAsync(i, threads: 1, cancelled)
        );
        return results;

        async Task OneAsync(int i, int threads, CancellationToken cancelled)
        {
            results[i] = read(await RunAsync(experiments[i], threads, cancelled));
            await Console.Error.WriteLineAsync($"  seed {experiments[i].Seed.Value}: {watch.Elapsed.TotalSeconds:0} s");
        }
    }

    /// <summary>Runs an experiment to its end and reads it back from its journal.</summary>
    /// <param name="threads">Threads of model work; the result does not depend on it.</param>
    /// <exception cref="InvalidOperationException">An instance failed, or the run did not end.</exception>
    public async Task<RunRecord> RunAsync(Experiment experiment, int threads, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_place.FullName, experiment.RunId));
        try
        {
            var models = Path.Combine(directory.FullName, "models");
            Copy(Models, models);
            await using var store = await EventStore.OpenAsync(
                directory.FullName,
                TimeProvider.System,
                new SqliteSettings { Synchronous = Synchronous.Normal },
                Processes.IsRunning,
                cancellationToken
            );
            var world = await PreparedModels.PrepareAsync(experiment, store, threads, listener: null, progress: null, cancellationToken);
            Copy(models, Models);
            var outcome = await RunHost.RunAsync(
                experiment.Plan(world.Base, world.Origin),
                store,
                world.Effects,
                new SessionOptions(threads),
                new Watch(),
                TimeProvider.System,
                cancellationToken,
                cancellationToken
            );
            if (outcome.Digest is null)
                throw new InvalidOperationException($"The run {experiment.RunId} did not end.");
            return await RunRecord.ReadAsync(store.Journal, experiment.RunId, cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>What a bench took, in words.</summary>
    public static string Cost(TimeSpan took) =>
        $"{took.TotalSeconds:0} s on {Environment.ProcessorCount} cores; "
        + $"{Environment.CpuUsage.TotalTime.TotalSeconds:0} s of processor time.";

    public void Dispose() => _place.Delete(recursive: true);

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
            return;
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (!File.Exists(copy))
                File.Copy(file, copy);
        }
    }

    private static string Source()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a working copy of AiMe.");
        return folder;
    }

    /// <summary>A refused command or a failed instance is a bug here: figures of such a run would mean nothing.</summary>
    private sealed class Watch : IRuntimeObserver
    {
        public void Happened(string instance, string faculty, Event happened) { }

        public void Refused(string instance, string faculty, Command command, string why) =>
            Console.Error.WriteLine($"{instance}/{faculty} refused {command.GetType().Name}: {why}");

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
            Console.Error.WriteLine($"{instance} failed and is restarted: {failure.Message}");
    }
}
