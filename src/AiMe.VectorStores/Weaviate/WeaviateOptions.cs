using System.Text.RegularExpressions;

namespace AiMe.VectorStores.Weaviate;

/// <summary>Where memories are in Weaviate.</summary>
/// <param name="Address">Such as <c>http://localhost:8080</c>, without <c>/v1</c>.</param>
/// <param name="Class">The collection, which is created if it is missing. Weaviate writes its first letter as a capital.</param>
/// <param name="ApiKey">Null for a server without one. It is never shown.</param>
/// <param name="Exact">
/// Whether a search compares with every memory of the instance, or asks an index: the collection is created as <c>flat</c> or <c>hnsw</c>.
/// </param>
/// <param name="Timeout">For one request.</param>
public sealed partial record WeaviateOptions(Uri Address, string Class, string? ApiKey, bool Exact, TimeSpan Timeout)
{
    /// <summary>The collection as Weaviate names it: with a capital.</summary>
    public string Class { get; } =
        IsClass(Class)
            ? $"{char.ToUpperInvariant(Class[0])}{Class[1..]}"
            : throw new ArgumentException($"Weaviate's collection is named {Class}; expected letters, digits and _, a letter first.");

    /// <summary>Whether Weaviate accepts a collection's name.</summary>
    public static bool IsClass(string name) => Named().IsMatch(name);

    /// <inheritdoc />
    public override string ToString() => $"weaviate at {Address.Authority}/{Class}";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,230}$")]
    private static partial Regex Named();
}
