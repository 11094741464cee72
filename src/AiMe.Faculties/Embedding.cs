using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Faculties;

/// <summary>
/// A direction in the frozen embedding space, rounded to signed bytes, so that similarity is exact integer arithmetic.
/// </summary>
/// <param name="Components">
/// Shape (n), each in [-127, 127]; n is constant for an instance. n is 256 for the frozen embedder; for a hosted
/// embedder, all its components in order. In JSON, base64 of the bytes. Compared by value.
/// </param>
[JsonConverter(typeof(EmbeddingJson))]
public readonly record struct Embedding(ImmutableArray<sbyte> Components)
{
    /// <summary>Rounds a vector of at least one component, scaled so that the greatest magnitude becomes 127.</summary>
    public static Embedding From(ReadOnlySpan<float> vector)
    {
        var greatest = 0f;
        foreach (var x in vector)
            greatest = Math.Max(greatest, Math.Abs(x));
        var components = new sbyte[vector.Length];
        for (var i = 0; i < vector.Length && greatest > 0; i++)
            components[i] = (sbyte)Math.Round(vector[i] / greatest * 127, MidpointRounding.ToEven);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(components));
    }

    /// <summary>An embedding without a direction: its cosine to any other is NaN.</summary>
    /// <param name="components">Number of components, 1 or more.</param>
    public static Embedding Undirected(int components) => new(ImmutableCollectionsMarshal.AsImmutableArray(new sbyte[components]));

    /// <summary>Cosine similarity to another embedding, in [-1, 1]; NaN if either is all zeros.</summary>
    /// <exception cref="ArgumentException">The two have different lengths.</exception>
    public double Cosine(Embedding other)
    {
        var a = Components.AsSpan();
        var b = other.Components.AsSpan();
        if (a.Length != b.Length)
            throw new ArgumentException($"Embeddings of {a.Length} and {b.Length} components cannot be compared.");
        return Cosine(Dot(a, b), Norm(), other.Norm());
    }

    /// <summary>The Euclidean length; 0 if all components are 0.</summary>
    public double Norm() => Math.Sqrt(Dot(Components.AsSpan(), Components.AsSpan()));

    /// <summary>Cosine of two vectors by their dot product and their lengths; NaN if a length is 0.</summary>
    public static double Cosine(long dot, double norm, double other) => norm == 0 || other == 0 ? double.NaN : dot / (norm * other);

    /// <summary>Dot product of two vectors of equal length, at most 100,000 components.</summary>
    /// <remarks>Exact in any order: a product of two bytes fits a short, and sums of 100,000 products fit an int.</remarks>
    public static long Dot(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        var (sum, i) = (Vector128<int>.Zero, 0);
        for (; i <= a.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (aLow, aHigh) = Vector128.Widen(Vector128.Create(a[i..]));
            var (bLow, bHigh) = Vector128.Widen(Vector128.Create(b[i..]));
            sum += Wide(aLow * bLow) + Wide(aHigh * bHigh);
        }

        long dot = Vector128.Sum(sum);
        for (; i < a.Length; i++)
            dot += a[i] * b[i];
        return dot;

        static Vector128<int> Wide(Vector128<short> products)
        {
            var (low, high) = Vector128.Widen(products);
            return low + high;
        }
    }

    /// <inheritdoc />
    public bool Equals(Embedding other) => Components.AsSpan().SequenceEqual(other.Components.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() =>
        Components.IsDefaultOrEmpty ? 0 : HashCode.Combine(Components.Length, Components[0], Components[^1]);
}

internal sealed class EmbeddingJson : JsonConverter<Embedding>
{
    public override Embedding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        return new([.. MemoryMarshal.Cast<byte, sbyte>(bytes)]);
    }

    public override void Write(Utf8JsonWriter writer, Embedding value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes(value.Components.AsSpan()));
}
