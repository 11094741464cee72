using AiMe.Nano.Lora;
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

    public static List<TokenExample> Examples(int count, ulong seed = 3)
    {
        var rng = new Rng(seed);
        var examples = new List<TokenExample>();
        for (var i = 0; i < count; i++)
            examples.Add(new TokenExample(Tokens(2 + rng.NextInt(60), rng.NextBits()), 1));
        return examples;
    }

    /// <summary>An adapter that has learned something, as it were: no number of it is 0.</summary>
    public static Adapter Adapter(Weights weights, int rank = 5, double alpha = 7, ulong seed = 21)
    {
        var adapter = Nano.Lora.Adapter.Initialise(weights, new AdapterOptions { Rank = rank, Alpha = alpha }, seed);
        adapter.ForEach(
            (layer, site, part) =>
            {
                var b = adapter.B(layer, site, part);
                var noise = Floats(b.Length, seed + (ulong)(100 * layer + 10 * (int)site + part));
                adapter.PutB(layer, site, part, [.. noise.Select(v => 0.2f * v)]);
            }
        );
        return adapter;
    }

    /// <summary>Pairs of answers to prompts of four tokens; the preferred one begins with a 1, the other with a 2.</summary>
    public static List<PreferencePair> Pairs(int count, int vocabulary = 37, ulong seed = 31)
    {
        var rng = new Rng(seed);
        var pairs = new List<PreferencePair>();
        for (var i = 0; i < count; i++)
        {
            var prompt = Tokens(4, rng.NextBits(), vocabulary);
            pairs.Add(
                new(
                    new TokenExample([.. prompt, 1, .. Tokens(1 + rng.NextInt(9), rng.NextBits(), vocabulary)], 4),
                    new TokenExample([.. prompt, 2, .. Tokens(1 + rng.NextInt(9), rng.NextBits(), vocabulary)], 4)
                )
            );
        }

        return pairs;
    }

    public static TrainingResult Train(Weights start, IReadOnlyList<TokenExample> examples, TrainingOptions options) =>
        Trainer.Train(start, examples, options, progress: null, CancellationToken.None);
}
