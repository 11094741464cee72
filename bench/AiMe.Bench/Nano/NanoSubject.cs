using AiMe.Nano;
using AiMe.Nano.Training;

namespace AiMe.Bench.Nano;

/// <summary>A model of one preset, and the work that it is measured at.</summary>
/// <remarks>
/// The text is a chain over 96 tokens in which one of four follows each, so that a model which has seen a little of it is as sure of its next token as
/// one that was trained on sentences: a sampler's work depends on that, the other kernels' does not.
/// </remarks>
internal sealed class NanoSubject
{
    private const int Used = 96;

    public const int Sequence = 128,
        Batch = 16,
        Prompt = 32,
        Drawn = 96,
        Prompts = 64,
        Tuned = 200,
        TunedTokens = 64;

    private static readonly SamplingOptions Free = new() { Temperature = 0.8, MaxTokens = Drawn };

    private readonly TokenExample[] _examples;
    private readonly Weights _start;
    private readonly Model _model;
    private readonly Prefix[] _prefixes;

    public NanoSubject(string preset)
    {
        Config = NanoConfig.Preset(preset);
        _start = Weights.Initialise(Config, 1);
        var rng = new Rng(1);
        _examples = [.. Enumerable.Range(0, 64).Select(_ => new TokenExample(Text(Sequence + 1, ref rng)))];
        _model = new Model(Train(steps: 40, Environment.ProcessorCount).Weights);
        _prefixes = [.. Enumerable.Range(0, Prompts).Select(i => _model.Prefill(_examples[i].Tokens.AsSpan(0, Prompt)))];
    }

    public NanoConfig Config { get; }

    /// <summary>So many steps over batches of 16 sequences of 128.</summary>
    public TrainingResult Train(int steps, int threads) =>
        Trainer.Train(
            _start,
            _examples,
            new TrainingOptions
            {
                Steps = steps,
                TokensPerBatch = Batch * Sequence,
                Threads = threads,
            },
            progress: null,
            CancellationToken.None
        );

    /// <summary>A whole fine-tuning of 200 examples of 64 tokens, two passes, as a round of the product does it.</summary>
    public long FineTune(int threads)
    {
        var examples = Enumerable
            .Range(0, Tuned)
            .Select(i => new TokenExample(_examples[i % _examples.Length].Tokens[..(TunedTokens + 1)], TunedTokens / 2))
            .ToArray();
        var options = new TrainingOptions
        {
            Epochs = 2,
            TokensPerBatch = 1024,
            LearningRate = 0.001,
            WarmUpShare = 0.1,
            Threads = threads,
        };
        return Trainer.Train(_model.Weights, examples, options, progress: null, CancellationToken.None).Tokens;
    }

    /// <summary>Texts one after the other, with temperature and, if below 1, top-p.</summary>
    public long SampleOne(int texts, double topP) =>
        Enumerable
            .Range(0, texts)
            .Sum(i => (long)_model.Generate(_prefixes[i % Prompts], Free with { TopP = topP }, (ulong)i).Tokens.Count);

    /// <summary>All prompts side by side, so many times.</summary>
    public long SampleMany(int rounds, int threads) =>
        Enumerable
            .Range(0, rounds)
            .Sum(r =>
                _model
                    .Generate(_prefixes, Free, [.. Enumerable.Range(0, Prompts).Select(i => (ulong)(r * Prompts + i))], threads)
                    .Sum(t => (long)t.Tokens.Count)
            );

    /// <summary>ln p of each token of so many texts of 128, shared by threads.</summary>
    public long Score(int texts, int threads)
    {
        InParallel.Run(threads, t =>
        {
            for (var i = t; i < texts; i += threads)
                _model.LogProbabilities(_examples[i % _examples.Length].Tokens);
        });
        return (long)texts * Sequence;
    }

    private static int[] Text(int length, ref Rng rng)
    {
        var tokens = new int[length];
        tokens[0] = rng.NextInt(Used);
        for (var i = 1; i < length; i++)
            tokens[i] = (tokens[i - 1] * 31 + 7 * rng.NextInt(4) + 1) % Used;
        return tokens;
    }
}
