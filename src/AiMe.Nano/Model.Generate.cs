using System.Runtime.ExceptionServices;

namespace AiMe.Nano;

public sealed unsafe partial class Model
{
    private const long LargestCaches = 1 << 26; // floats

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">At least one token, at most Context; callers truncate.</param>
    /// <param name="options">Temperature and limits.</param>
    /// <param name="seed">The same prompt, options and seed give the same text.</param>
    /// <exception cref="ArgumentException">
    /// The prompt is empty or too long (both lengths are named), or an option is out of range.
    /// </exception>
    public GeneratedText Generate(ReadOnlySpan<int> prompt, SamplingOptions options, ulong seed) =>
        Generate(Prefill(prompt), options, seed);

    /// <summary>Continues a prefix.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or the prefix belongs to another model.
    /// </exception>
    public GeneratedText Generate(Prefix prefix, SamplingOptions options, ulong seed) => Generate(prefix, options, [seed])[0];

    /// <summary>One continuation a seed, sampled side by side; each equals the one that its seed gives alone.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or the prefix belongs to another model.
    /// </exception>
    public GeneratedText[] Generate(Prefix prefix, SamplingOptions options, IReadOnlyList<ulong> seeds) =>
        Generate(Enumerable.Repeat(prefix, seeds.Count).ToArray(), options, seeds);

    /// <summary>
    /// One continuation a prompt, sampled side by side; each equals the one that its prompt and seed give alone.
    /// </summary>
    /// <param name="prefixes">Prefixes of this model, of any lengths; one may occur more than once.</param>
    /// <param name="options">Temperature and limits, of all.</param>
    /// <param name="seeds">One a prompt.</param>
    /// <param name="threads">Threads that share the prompts, at least 1. The result's bits do not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of seeds and prompts differ, threads is below 1, an option is out of range, or a prefix belongs to
    /// another model.
    /// </exception>
    /// <exception cref="ArithmeticException">The logits are not numbers: the weights are damaged.</exception>
    public GeneratedText[] Generate(IReadOnlyList<Prefix> prefixes, SamplingOptions options, IReadOnlyList<ulong> seeds, int threads = 1)
    {
        if (prefixes.Count != seeds.Count)
            throw new ArgumentException($"{prefixes.Count} prompts need as many seeds; got {seeds.Count}");
        if (threads < 1)
            throw new ArgumentException($"threads must be at least 1; got {threads}");
        foreach (var prefix in prefixes)
            Own(prefix);
        options.Validate();

        var texts = new Text[prefixes.Count];
        var next = -1;
        var workers = Math.Clamp(texts.Length, 1, threads);
        var room = Math.Min(Together(Config), (texts.Length + workers - 1) / workers);
        if (workers == 1)
            Sample(0);
        else
            Share(workers, Sample);
        return [.. texts.Select(t => t.Result())];

        // A text that ends makes room for the next one.
        void Sample(int worker)
        {
            var (inference, active) = (Rent(), new List<Text>(room));
            do
            {
                active.RemoveAll(Ended);
                while (active.Count < room && Interlocked.Increment(ref next) is var i && i < texts.Length)
                {
                    texts[i] = new Text(Fork(prefixes[i]), seeds[i]);
                    fixed (float* logits = prefixes[i].Logits)
                        texts[i].Continue(logits, inference.Sampler, options, Config.Context);
                    if (!Ended(texts[i]))
                        active.Add(texts[i]);
                }

                DrawNext(active, inference, options);
            } while (active.Count > 0 || Volatile.Read(ref next) < texts.Length - 1);
            Return(inference);
        }

        bool Ended(Text text)
        {
            if (text.Done)
                _caches.Add(text.Cache);
            return text.Done;
        }
    }

    /// <summary>
    /// How many texts are sampled side by side: enough that a pass over the weights is at most a quarter of one over
    /// full caches, at least 16. More would save little, and their caches would evict each other from the processor's. The
    /// caches take at most 256 MB if that is enough for 16.
    /// </summary>
    public static int Together(NanoConfig config)
    {
        var cache = 2L * config.Layers * config.KeyWidth * config.Context;
        return (int)Math.Clamp(4L * config.Parameters / cache, 16, Math.Max(16, LargestCaches / cache));
    }

    // An exception has its own type on many threads too.
    private static void Share(int workers, Action<int> work)
    {
        try
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Draws one token of each text; none may be done.</summary>
    private void DrawNext(List<Text> active, Inference inference, SamplingOptions options)
    {
        if (active.Count == 0)
            return;
        Span<int> last = stackalloc int[active.Count],
            rows = stackalloc int[active.Count];
        inference.Clear();
        for (var i = 0; i < active.Count; i++)
        {
            (last[i], rows[i]) = (active[i].Tokens[^1], i);
            inference.Add(active[i].Cache, 1);
        }

        inference.Run(last);
        inference.Logits(rows, (first, count, logits) =>
        {
            for (var r = 0; r < count; r++)
                active[first + r].Continue(logits + (nint)r * inference.LogitRow, inference.Sampler, options, Config.Context);
        });
    }

    /// <summary>A text in progress.</summary>
    private sealed class Text(KvCache cache, ulong seed)
    {
        private readonly List<double> _logProbabilities = [];
        private Rng _rng = new(seed);
        private FinishReason _finish;
        private double _stop = double.NaN;

        public KvCache Cache { get; } = cache;

        public List<int> Tokens { get; } = [];

        public bool Done { get; private set; }

        public GeneratedText Result() => new(Tokens, _logProbabilities, _finish, _stop);

        /// <summary>Draws the next token from its logits, or ends the text if there is no room.</summary>
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
