using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Embeddings;

/// <summary>
/// The frozen embedder: 256 dimensions of hashed words, word pairs and character 3- and 4-grams, each weighted by its
/// rarity in the corpus.
/// </summary>
/// <remarks>
/// Deterministic, and independent of the model that drifts. Feature hashing with signs (Weinberger et al. 2009); weight
/// = ln((1 + N) / (1 + df)) + 1 over the corpus' N texts, as smoothed tf-idf; term frequency enters as its square root.
/// The vector has unit length, or is all zeros for a text without letters and digits.
/// </remarks>
public sealed class HashEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Components of an embedding.</summary>
    public const int Dimensions = 256;

    private const int Buckets = 1 << 16;
    private readonly float[] _weights;

    /// <summary>Weights features by their rarity in these texts.</summary>
    public HashEmbedder(IEnumerable<string> corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var seen = new int[Buckets];
        var texts = 0;
        foreach (var text in corpus)
        {
            texts++;
            foreach (var bucket in Features(text).Select(f => (int)(f % Buckets)).Distinct())
                seen[bucket]++;
        }

        _weights = [.. seen.Select(df => (float)(StrictMath.Log((1.0 + texts) / (1.0 + df)) + 1))];
    }

    /// <summary>The embedding of one text; shape (256).</summary>
    public float[] Embed(string text)
    {
        var counts = new SortedDictionary<ulong, int>(); // sorted, so that sums have one order
        foreach (var feature in Features(text))
            counts[feature] = counts.GetValueOrDefault(feature) + 1;

        var sums = new double[Dimensions];
        foreach (var (feature, count) in counts)
            sums[(int)(feature >> 32) & (Dimensions - 1)] +=
                (feature >> 63 == 0 ? 1 : -1) * _weights[(int)(feature % Buckets)] * Math.Sqrt(count);

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
        : serviceType == typeof(EmbeddingGeneratorMetadata)
            ? new EmbeddingGeneratorMetadata("aime.nano", null, "frozen-embedder", Dimensions)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // Holds only its weights.
    }

    private static IEnumerable<ulong> Features(string text)
    {
        string? before = null;
        foreach (var word in WordsOf(text))
        {
            yield return Hash("w", word);
            if (before is not null)
                yield return Hash("p", $"{before} {word}");
            before = word;

            var padded = $"^{word}$";
            for (var n = 3; n <= 4; n++)
            {
                for (var i = 0; i + n <= padded.Length; i++)
                    yield return Hash("c", padded.Substring(i, n));
            }
        }
    }

    private static IEnumerable<string> WordsOf(string text)
    {
        var word = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    // FNV-1a over UTF-16 units, then mixed so that the high bits, which choose sign and component, depend on all of it.
    private static ulong Hash(string kind, string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in kind)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 1099511628211UL);
        hash = unchecked((hash ^ (hash >> 31)) * 0x9E3779B97F4A7C15UL);
        return hash ^ (hash >> 29);
    }
}
