using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

/// <summary>Small models, texts and examples, all from seeds.</summary>
internal static class Some
{
    public static NanoConfig Config { get; } = new(Vocabulary: 37, Width: 32, Layers: 2, Heads: 2, Hidden: 48, Context: 64);

    public static Weights Weights(ulong seed = 1) => Nano.Weights.Initialise(Config, seed);

    public static Model Model(ulong seed = 1) => new(Weights(seed));

    public static int[] Tokens(int count, ulong seed = 7, int vocabulary = 37)
    {
        var rng = new Rng(seed);
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
            tokens[i] = rng.NextInt(vocabulary);
        return tokens;
    }

    public static float[] Floats(int count, ulong seed)
    {
        var rng = new Rng(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)rng.NextNormal();
        return values;
    }

    public static List<Example> Examples(int count, ulong seed = 3)
    {
        var rng = new Rng(seed);
        var examples = new List<Example>();
        for (var i = 0; i < count; i++)
            examples.Add(new Example(Tokens(2 + rng.NextInt(60), rng.NextBits()), 1));
        return examples;
    }

    public static TrainingResult Train(Weights start, IReadOnlyList<Example> examples, TrainingOptions options) =>
        Trainer.Train(start, examples, options, progress: null, CancellationToken.None);
}
