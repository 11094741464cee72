using Microsoft.Extensions.AI;

namespace AiMe.Models.Distributions;

/// <summary>
/// The embedding of a draw: its numbers, from the middle of their range, folded into a few components and scaled to unit length. A
/// text without a draw has no direction: zeros.
/// </summary>
public sealed class DrawEmbedder(DistributionShape shape) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Components of an embedding.</summary>
    public const int Components = 32;

    // Before the answer in the text of an experience.
    private const string Label = ": ";

    /// <summary>The embedding of one text; shape (32).</summary>
    public float[] Embed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sums = new double[Components];
        if (
            DrawText.TryRead(shape, text, out var draw)
            || text.LastIndexOf(Label, StringComparison.Ordinal) is >= 0 and var at
                && DrawText.TryRead(shape, text.AsSpan(at + Label.Length), out draw)
        )
        {
            var middle = ((shape.Categories ?? 1) - 1) / 2.0;
            for (var j = 0; j < draw.Length; j++)
                sums[j % Components] += draw[j] - middle;
        }

        var square = 0.0;
        foreach (var x in sums)
            square += x * x;
        var length = Math.Sqrt(square);
        return [.. sums.Select(x => length > 0 ? (float)(x / length) : 0)];
    }

    /// <inheritdoc />
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))));

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("aime.distribution", null, "draws", Components)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // Holds nothing.
    }
}
