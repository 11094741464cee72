using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;
using AiMe.Nano.Training;

namespace AiMe.Bench;

/// <summary>
/// What a thousand lives take in memory when each is trained by an adapter over one embedded model of preset small; and how fast it is trained and scored, beside
/// all weights.
/// </summary>
/// <remarks>Every adapter is read from a file of its own, and its model answers once, so that whatever a call keeps is counted.</remarks>
internal static class AdapterBench
{
    private const int Instances = 1_000,
        Experiences = 5;

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        await foreach (var figure in RatesAsync(bench))
            yield return figure;
        if (!bench.Wants("resident set"))
            yield break;
        var instances = bench.Scaled(Instances);
        var (alone, adapters, heap) = (new List<double>(), new List<double>(), new List<double>());
        await bench.ValuesAsync(async directory =>
        {
            await using var journal = await new SqliteStore().OpenAsync(directory, bench.Cancelled);
            await using var run = new ScriptedRun(
                ScriptedMind.Plan(instances, Experiences, every: Experiences),
                journal,
                TimeSpan.FromHours(1)
            );
            await run.EndAsync(bench.Cancelled);
            await run.RestAsync(bench.Cancelled);
            alone.Add(Resident());
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var models = await LoadAsync(Path.Combine(directory, "adapters"), instances, bench.Cancelled);
            heap.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)instances);
            adapters.Add(Resident());
            GC.KeepAlive(models);
            return 0;
        });
        yield return new($"resident set, {instances:#,0} lives and no model", "bytes", alone);
        yield return new(
            $"resident set, {instances:#,0} lives, each with an adapter of rank 8 over one small base",
            "bytes",
            adapters,
            1e9
        );
        yield return new("heap of an adapter, its share of the base with it", "bytes", heap);
    }

    // 200 examples of 64 tokens, of which 24 are learned; one epoch on one thread, as a run trains.
    private static async IAsyncEnumerable<Figure> RatesAsync(Measuring bench)
    {
        var weights = Weights.Initialise(NanoConfig.Small, seed: 1);
        var (bare, size, rng) = (new Model(weights), new AdapterOptions(), new Rng(7));
        TokenExample[] examples = [.. Enumerable.Range(0, bench.Scaled(200)).Select(_ => new TokenExample(Tokens(64), 40))];
        PreferencePair[] pairs = [.. examples.Select(e => new PreferencePair(e, new TokenExample([.. e.Tokens[..40], .. Tokens(24)], 40)))];
        var options = new TrainingOptions { TokensPerBatch = 1024, LearningRate = 0.001 };
        var adapted = bare.With(Adapter.Initialise(weights, size, seed: 1));
        (string Name, Func<long> Run)[] all =
        [
            ("trained, all weights", () => Trainer.Train(weights, examples, options, progress: null, bench.Cancelled).Tokens),
            ("trained, an adapter", () => Trainer.TrainAdapter(bare, size, examples, options, progress: null, bench.Cancelled).Tokens),
            ("trained, an adapter by preferences", () =>
                Trainer.PreferAdapter(bare, size, pairs, new PreferenceOptions(), options, progress: null, bench.Cancelled).Tokens
            ),
            ("scored, all weights", () => Trainer.Evaluate(bare, examples, CancellationToken.None).Tokens * 63 / 24),
            ("scored, under an adapter", () => Trainer.Evaluate(adapted, examples, CancellationToken.None).Tokens * 63 / 24),
        ];
        foreach (var (name, run) in all.Where(a => bench.Wants(a.Name)))
            yield return await bench.RateAsync(name, "tokens/s", _ => Measuring.TimeAsync(() => Task.FromResult(run())));

        int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => rng.NextInt(NanoConfig.Small.Vocabulary))];
    }

    private static async Task<NanoModels> LoadAsync(string directory, int count, CancellationToken cancelled)
    {
        Directory.CreateDirectory(directory);
        var (files, ids) = (new Files(directory), new List<string>());
        await MakeAsync(files, ids, count, cancelled);
        var models = new NanoModels(NanoConfig.Small, files);
        var prompt = Enumerable.Range(1, 64).ToArray();
        foreach (var id in ids)
        {
            var model = await models.GetAsync(id, cancelled);
            model.Generate(prompt, new SamplingOptions { MaxTokens = 4 }, seed: 1);
        }

        return models;
    }

    private static async Task MakeAsync(Files files, List<string> ids, int count, CancellationToken cancelled)
    {
        var weights = Weights.Initialise(NanoConfig.Small, seed: 1);
        await files.SaveAsync(weights.ToSafetensors(), cancelled);
        for (var i = 0; i < count; i++)
            ids.Add(await files.SaveAsync(Adapter.Initialise(weights, new AdapterOptions(), (ulong)i).ToSafetensors(), cancelled));
    }

    private static double Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>Checkpoints as files named by their content.</summary>
    private sealed class Files(string directory) : ICheckpoints
    {
        public Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken) =>
            File.ReadAllBytesAsync(Path.Combine(directory, id), cancellationToken);

        public async Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.Span));
            await File.WriteAllBytesAsync(Path.Combine(directory, id), bytes, cancellationToken);
            return id;
        }
    }
}
