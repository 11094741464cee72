using System.Diagnostics;
using System.Runtime.CompilerServices;
using AiMe.Hosts;
using AiMe.Nano;
using AiMe.Nano.Checkpoints;
using AiMe.Nano.Lora;
using AiMe.Nano.Tests;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;
using Xunit.Abstractions;

namespace AiMe.Oracles.Tests;

/// <summary>
/// A model of SmolLM2-135M's shape beside llama.cpp on the same file, one thread each, turn by turn in one process. The
/// figures are in docs/PERFORMANCE.md; the bound here is loose, since a shared machine is noisy.
/// </summary>
public sealed class SpeedTests(ITestOutputHelper output) : IDisposable
{
    private const int Turns = 5,
        Read = 256,
        Written = 32;

    private static readonly NanoConfig Shape = new(49152, 576, 30, 9, 1536, 8192) { KeyValueHeads = 3, RotaryBase = 100_000 };

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("aime-speed-").FullName, "model.gguf");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [SlowFact]
    public void A_text_is_read_at_least_a_third_as_fast_as_by_llama_cpp()
    {
        var shape = Shape with { Context = 512 };
        var weights = Weights.Initialise(shape, 5);
        var tokenizer = Tokenizer.Train(["the cat sat on the mat"], 280, ["<|end|>"]);
        using (var stream = File.Create(_file))
            GgufFile.Write(stream, weights, GgufVocabulary.FromJson(tokenizer.ToJson()), "speed", NumberForm.F32);
        var model = new Model(weights);
        using LlamaCpp llama = new(_file, shape.Context);
        var tokens = Some.Tokens(Read, 7, shape.Vocabulary);
        List<double> ours = [],
            theirs = [],
            sampled = [],
            single = [];
        for (var turn = -1; turn < Turns; turn++) // the first warms both up
        {
            double[] a = [],
                b = [];
            var nano = Seconds(() => a = model.LogProbabilities(tokens));
            var cpp = Seconds(() => b = llama.LogProbabilities(tokens));
            b.Sum().ShouldBe(a.Sum(), Math.Abs(a.Sum()) * 1e-4);
            var options = new SamplingOptions { MaxTokens = Written };
            var own = Seconds(() => model.Generate(model.Prefill(tokens[..64]), options, 1));
            var next = Seconds(() => llama.Continue(tokens[..64], Written));
            if (turn < 0)
                continue;
            ours.Add(Read / nano);
            theirs.Add(Read / cpp);
            sampled.Add(Written / own);
            single.Add(Written / next);
        }

        output.WriteLine($"reading {Read} tokens: nano {Median(ours):0}, llama.cpp {Median(theirs):0} tokens/s");
        output.WriteLine($"64 read and {Written} sampled: nano {Median(sampled):0.0}, llama.cpp {Median(single):0.0} tokens sampled/s");
        output.WriteLine($"working set {Process.GetCurrentProcess().WorkingSet64 / 1e6:0} MB with both models in memory");
        (Median(ours) / Median(theirs)).ShouldBeGreaterThan(1.0 / 3);
    }

    [SlowFact]
    public void An_adapter_is_trained_in_memory_that_holds_the_weights_once()
    {
        var shape = Shape with { Context = 512 };
        var model = Fresh(shape);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        List<TokenExample> examples =
        [
            .. Enumerable.Range(0, 8).Select(i => new TokenExample(Some.Tokens(128, (ulong)i, shape.Vocabulary), 64)),
        ];
        var options = new TrainingOptions { Steps = 2, TokensPerBatch = 1024 };
        AdapterResult? result = null;
        var seconds = Seconds(() =>
            result = Trainer.TrainAdapter(model, new AdapterOptions(), examples, options, progress: null, CancellationToken.None)
        );
        output.WriteLine($"training an adapter of rank 8: {result!.Tokens / seconds:0} tokens/s, one thread");
        output.WriteLine(
            $"weights {before / 1e6:0} MB; {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB at the peak of the process"
        );
        before.ShouldBeLessThan((long)(1.15 * 4 * shape.Parameters));
    }

    // In a method of its own, so that nothing holds the weights that were given.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Model Fresh(NanoConfig shape) => new(Weights.Initialise(shape, 5));

    private static double Seconds(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
