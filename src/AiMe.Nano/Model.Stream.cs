using System.Buffers;
using AiMe.Nano.Kernels;

namespace AiMe.Nano;

public sealed unsafe partial class Model
{
    /// <summary>Continues a prefix token by token; the text equals the one that the same seed gives without a listener.</summary>
    /// <param name="likeliest">Number of likeliest tokens that are given with each drawn one.</param>
    /// <param name="drawn">Called with each token, in order; the text ends if it returns false.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the prefix belongs to another model.</exception>
    /// <exception cref="ArithmeticException">The logits are not numbers: the weights are damaged.</exception>
    public GeneratedText Generate(Prefix prefix, SamplingOptions options, ulong seed, int likeliest, Func<DrawnToken, bool> drawn)
    {
        Own(prefix);
        options.Validate();
        var (inference, text, goesOn) = (Rent(), new Text(Fork(prefix), seed), true);
        fixed (float* logits = prefix.Logits)
            Next(logits);
        while (goesOn && !text.Done)
        {
            inference.Clear();
            inference.Add(text.Cache, 1);
            inference.Run([text.Tokens[^1]]);
            inference.Logits([0], (_, _, logits) => Next(logits));
        }

        _caches.Add(text.Cache);
        Return(inference);
        return text.Result();

        void Next(float* logits)
        {
            var before = text.Tokens.Count;
            text.Continue(logits, inference.Sampler, options, Config.Context);
            if (text.Tokens.Count > before)
                goesOn = drawn(new DrawnToken(text.Tokens[^1], text.Result().LogProbabilities[^1], Likeliest(logits, likeliest)));
        }
    }

    /// <summary>Each token of a text but the first, with its probability, its rank and the likeliest tokens of its place.</summary>
    /// <param name="tokens">At least one, at most Context.</param>
    /// <param name="prefix">The text, read, to be continued.</param>
    /// <returns>Shape (n - 1); the probabilities are those of <see cref="LogProbabilities"/>, to the bit.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Prefill"/>.</exception>
    public RankedToken[] Ranked(ReadOnlySpan<int> tokens, int likeliest, out Prefix prefix)
    {
        Check(tokens, 0);
        var (inference, result, text) = (Rent(), new RankedToken[tokens.Length - 1], tokens.ToArray());
        var (cache, last) = (new KvCache(Config, text.Length), new float[Config.Vocabulary]);
        inference.Add(cache, text.Length);
        inference.Run(tokens);
        inference.Logits(Range(0, text.Length), (first, rows, logits) =>
        {
            for (var r = 0; r < rows; r++)
            {
                var row = logits + (nint)r * inference.LogitRow;
                var next = first + r + 1;
                if (next == text.Length)
                    new ReadOnlySpan<float>(row, last.Length).CopyTo(last);
                else
                    result[next - 1] = new(text[next], LogProbability(row, text[next]), RankOf(row, text[next]), Likeliest(row, likeliest));
            }
        });
        Return(inference);
        prefix = new Prefix(this, text, cache, last);
        return result;
    }

    private int RankOf(float* logits, int token)
    {
        var above = 0;
        for (var i = 0; i < Config.Vocabulary; i++)
        {
            if (logits[i] > logits[token])
                above++;
        }

        return above + 1;
    }

    // By insertion: a few of them are wanted.
    private LikelyToken[] Likeliest(float* logits, int count)
    {
        if (count == 0)
            return [];
        Span<int> best = stackalloc int[Math.Min(count, Config.Vocabulary)];
        var held = 0;
        for (var i = 0; i < Config.Vocabulary; i++)
        {
            var at = held;
            while (at > 0 && logits[i] > logits[best[at - 1]])
                at--;
            if (at == best.Length)
                continue;
            held = Math.Min(held + 1, best.Length);
            best[at..(held - 1)].CopyTo(best[(at + 1)..]);
            best[at] = i;
        }

        var scratch = ArrayPool<float>.Shared.Rent(Config.Vocabulary);
        try
        {
            var found = new LikelyToken[held];
            fixed (float* exponentials = scratch)
            {
                var normaliser = LogSoftmax.Normaliser(logits, exponentials, Config.Vocabulary);
                for (var i = 0; i < held; i++)
                    found[i] = new(best[i], LogSoftmax.At(logits[best[i]], normaliser));
            }

            return found;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }
}
