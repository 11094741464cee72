namespace AiMe.Nano;

public sealed unsafe partial class Model
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">At least one token, at most Context; callers truncate.</param>
    /// <param name="options">Temperature and limits.</param>
    /// <param name="seed">The same prompt, options and seed give the same text.</param>
    /// <exception cref="ArgumentException">The prompt is empty or too long (both lengths are named), or an option is out of range.</exception>
    public Generation Generate(ReadOnlySpan<int> prompt, SamplingOptions options, ulong seed) => Generate(Prefill(prompt), options, seed);

    /// <summary>Continues a prompt that has been read.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or the prefix belongs to another model.</exception>
    public Generation Generate(Prefix prefix, SamplingOptions options, ulong seed) => Generate(prefix, options, [seed])[0];

    /// <summary>One continuation a seed, sampled side by side; each is what its seed gives alone.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or the prefix belongs to another model.</exception>
    public Generation[] Generate(Prefix prefix, SamplingOptions options, IReadOnlyList<ulong> seeds) =>
        Generate(Enumerable.Repeat(prefix, seeds.Count).ToArray(), options, seeds);

    /// <summary>One continuation a prompt, sampled side by side; each is what its prompt and seed give alone.</summary>
    /// <param name="prefixes">Any prompts of this model, of any lengths; the same one may stand there more than once.</param>
    /// <param name="options">Temperature and limits, of all.</param>
    /// <param name="seeds">One a prompt.</param>
    /// <param name="threads">Threads that share the prompts, at least 1. The result's bits do not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many seeds as prompts, fewer threads than 1, an option is out of range, or a prefix belongs to another model.
    /// </exception>
    public Generation[] Generate(IReadOnlyList<Prefix> prefixes, SamplingOptions options, IReadOnlyList<ulong> seeds, int threads = 1)
    {
        if (prefixes.Count != seeds.Count)
            throw new ArgumentException($"{prefixes.Count} prompts need as many seeds; got {seeds.Count}");
        if (threads < 1)
            throw new ArgumentException($"threads must be at least 1; got {threads}");
        foreach (var prefix in prefixes)
            Own(prefix);
        options.Validate();

        var texts = new Text[prefixes.Count];
        var parts = Math.Min(threads, texts.Length);
        if (parts <= 1)
            Sample(0, texts.Length);
        else
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, p => Sample(p * texts.Length / parts, (p + 1) * texts.Length / parts));
        return [.. texts.Select(t => t.Result())];

        void Sample(int from, int to)
        {
            for (var i = from; i < to; i++)
                texts[i] = new Text(Fork(prefixes[i]), seeds[i]);
            var inference = Rent();
            for (var i = from; i < to; i++)
            {
                fixed (float* logits = prefixes[i].Logits)
                    texts[i].Continue(logits, inference.Sampler, options, Config.Context);
            }

            DrawAll(texts.AsSpan(from, to - from), inference, options);
            for (var i = from; i < to; i++)
                _caches.Add(texts[i].Cache);
            Return(inference);
        }
    }

    /// <summary>Draws token after token of all texts, until the last is done. All have their first one.</summary>
    private void DrawAll(ReadOnlySpan<Text> texts, Inference inference, SamplingOptions options)
    {
        var active = new List<Text>(texts.Length);
        active.AddRange(texts);
        int[] last = new int[texts.Length], rows = Range(0, texts.Length);
        for (active.RemoveAll(t => t.Done); active.Count > 0; active.RemoveAll(t => t.Done))
        {
            inference.Clear();
            for (var i = 0; i < active.Count; i++)
            {
                last[i] = active[i].Tokens[^1];
                inference.Add(active[i].Cache, 1);
            }

            inference.Run(last.AsSpan(0, active.Count));
            inference.Logits(rows.AsSpan(0, active.Count), Draw);
        }

        void Draw(int first, int count, float* logits)
        {
            for (var r = 0; r < count; r++)
                active[first + r].Continue(logits + (nint)r * inference.LogitRow, inference.Sampler, options, Config.Context);
        }
    }

    /// <summary>A text that is being sampled.</summary>
    private sealed class Text(KvCache cache, ulong seed)
    {
        private readonly List<double> _logProbabilities = [];
        private Rng _rng = new(seed);
        private FinishReason _finish;
        private double _stop = double.NaN;

        public KvCache Cache { get; } = cache;

        public List<int> Tokens { get; } = [];

        public bool Done { get; private set; }

        public Generation Result() => new(Tokens, _logProbabilities, _finish, _stop);

        /// <summary>Draws the next token from its logits, or finds that there is no room for one.</summary>
        public void Continue(float* logits, Sampler sampler, SamplingOptions options, int context)
        {
            if (Tokens.Count >= options.MaxTokens)
            {
                Finish(FinishReason.MaxTokens);
                return;
            }

            var (token, logProbability) = sampler.Draw(logits, options, Tokens, ref _rng);
            if (options.Stop.Contains(token))
            {
                _stop = logProbability;
                Finish(FinishReason.Stop);
                return;
            }

            Tokens.Add(token);
            _logProbabilities.Add(logProbability);
            if (Tokens.Count >= options.MaxTokens)
                Finish(FinishReason.MaxTokens);
            else if (Cache.Length >= context) // the token just drawn has no place to be read from
                Finish(FinishReason.Context);
        }

        private void Finish(FinishReason reason) => (_finish, Done) = (reason, true);
    }
}
