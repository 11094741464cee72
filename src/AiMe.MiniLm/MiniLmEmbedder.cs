using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AiMe.MiniLm;

/// <summary>
/// all-MiniLM-L6-v2: 384 dimensions that follow the meaning of a sentence. Frozen, and independent of the model that drifts.
/// </summary>
/// <remarks>
/// The mean of the last layer over a text's tokens, at most 256, scaled to unit length. Each text is computed by itself on one
/// thread, so that its bits depend neither on its neighbours nor on the machine's load; other processors may round otherwise, which
/// the signed bytes of a stored embedding hide nearly always. Safe for concurrent callers. Source: Reimers and Gurevych (2019); Wang
/// et al. (2020).
/// </remarks>
public sealed class MiniLmEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Components of an embedding.</summary>
    public const int Dimensions = 384;

    // As in the model's own settings.
    private const int MostTokens = 256;

    private readonly WordPieces _words;
    private readonly InferenceSession _session;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Loads the model that stands beside this assembly.</summary>
    /// <exception cref="InvalidDataException">The file is not the model's.</exception>
    public MiniLmEmbedder()
        : this(MiniLmFile.Read(Path.Combine(Path.GetDirectoryName(typeof(MiniLmEmbedder).Assembly.Location)!, MiniLmFile.Name))) { }

    private MiniLmEmbedder(MiniLmFile file)
    {
        _words = new WordPieces(file.Vocabulary);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(file.Model, options);
        _metadata = new EmbeddingGeneratorMetadata($"onnxruntime {OrtEnv.Instance().GetVersionString()}", null, file.Digest, Dimensions);
    }

    /// <summary>The embedding of one text; shape (384), of unit length.</summary>
    public float[] Embed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = _words.Encode(text, MostTokens);
        int[] shape = [1, ids.Length];
        var mask = new long[ids.Length];
        mask.AsSpan().Fill(1);
        using var results = _session.Run([
            NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(ids, shape)),
            NamedOnnxValue.CreateFromTensor("attention_mask", new DenseTensor<long>(mask, shape)),
            NamedOnnxValue.CreateFromTensor("token_type_ids", new DenseTensor<long>(new long[ids.Length], shape)),
        ]);
        return Mean(((DenseTensor<float>)results[0].AsTensor<float>()).Buffer.Span, ids.Length);
    }

    /// <inheritdoc />
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        GeneratedEmbeddings<Embedding<float>> all = [];
        foreach (var text in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            all.Add(new Embedding<float>(Embed(text)));
        }

        return Task.FromResult(all);
    }

    /// <summary>The metadata name the runtime with its version as the provider, and the model by its digest.</summary>
    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    /// <param name="states">Shape (tokens, 384).</param>
    private static float[] Mean(ReadOnlySpan<float> states, int tokens)
    {
        var sums = new double[Dimensions];
        for (var t = 0; t < tokens; t++)
        {
            for (var d = 0; d < Dimensions; d++)
                sums[d] += states[t * Dimensions + d];
        }

        var square = 0.0;
        foreach (var x in sums)
            square += x * x;
        var length = Math.Sqrt(square); // the mean's direction is the sum's
        return [.. sums.Select(x => length > 0 ? (float)(x / length) : 0)];
    }
}
