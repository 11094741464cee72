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
    public Generation[] Generate(Prefix prefix, SamplingOptions options, IReadOnlyList<ulong> seeds)
    {
        Own(prefix);
        options.Validate();
        var texts = new Text[seeds.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = new Text(Fork(prefix), seeds[i]);

        var inference = Rent();
        var sampler = inference.Sampler;
        var active = new List<Text>(texts);
        fixed (float* logits = prefix.Logits)
        {
            foreach (var text in texts)
                text.Continue(logits, sampler, options, Config.Context);
        }

        for (active.RemoveAll(t => t.Done); active.Count > 0; active.RemoveAll(t => t.Done))
        {
            inference.Clear();
            var last = new int[active.Count];
            for (var i = 0; i < last.Length; i++)
            {
                last[i] = active[i].Tokens[^1];
                inference.Add(active[i].Cache, 1);
            }

            inference.Run(last);
            inference.Logits(Range(0, last.Length), (first, rows, logits) =>
            {
                for (var r = 0; r < rows; r++)
                    active[first + r].Continue(logits + (nint)r * inference.LogitRow, sampler, options, Config.Context);
            });
        }

        foreach (var text in texts)
            _caches.Add(text.Cache);
        Return(inference);
        return [.. texts.Select(t => t.Result())];
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
