using LLama;
using LLama.Batched;
using LLama.Common;
using LLama.Native;

namespace AiMe.Oracles.Tests;

/// <summary>llama.cpp over a GGUF file: what it computes for given token ids.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    public LlamaCpp(string file, int context)
    {
        NativeLogConfig.llama_log_set((_, _) => { });
        ModelParams parameters = new(file)
        {
            ContextSize = (uint)context,
            BatchSize = (uint)context,
            UBatchSize = (uint)context,
            GpuLayerCount = 0,
            Threads = 1,
            BatchThreads = 1,
            FlashAttention = false,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
    }

    public int Vocabulary => _weights.Vocab.Count;

    /// <summary>ln p of each token after the first, in double precision over llama.cpp's logits.</summary>
    public double[] LogProbabilities(int[] tokens)
    {
        Forget();
        var batch = new LLamaBatch();
        for (var i = 0; i < tokens.Length - 1; i++)
            batch.Add((LLamaToken)tokens[i], i, LLamaSeqId.Zero, logits: true);
        _context.Decode(batch).ShouldBe(DecodeResult.Ok);
        var result = new double[tokens.Length - 1];
        for (var i = 0; i < result.Length; i++)
        {
            var logits = _context.NativeHandle.GetLogitsIth(i);
            double most = float.NegativeInfinity,
                sum = 0;
            foreach (var logit in logits)
                most = Math.Max(most, logit);
            foreach (var logit in logits)
                sum += Math.Exp(logit - most);
            result[i] = logits[tokens[i + 1]] - most - Math.Log(sum);
        }

        return result;
    }

    /// <summary>Reads a prompt and samples the likeliest tokens after it, one by one.</summary>
    public void Continue(int[] prompt, int count)
    {
        Forget();
        var batch = new LLamaBatch();
        for (var i = 0; i < prompt.Length; i++)
            batch.Add((LLamaToken)prompt[i], i, LLamaSeqId.Zero, logits: i == prompt.Length - 1);
        _context.Decode(batch).ShouldBe(DecodeResult.Ok);
        for (var i = 0; i < count; i++)
        {
            var logits = _context.NativeHandle.GetLogitsIth(batch.TokenCount - 1);
            var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);
            batch = new LLamaBatch();
            batch.Add((LLamaToken)best, prompt.Length + i, LLamaSeqId.Zero, logits: true);
            _context.Decode(batch).ShouldBe(DecodeResult.Ok);
        }
    }

    private void Forget() => _context.NativeHandle.MemoryClear();

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }
}
