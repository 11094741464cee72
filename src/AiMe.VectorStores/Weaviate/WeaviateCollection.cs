using System.Net;

namespace AiMe.VectorStores.Weaviate;

/// <summary>Creates the collection, or checks the one that is there.</summary>
internal sealed class WeaviateCollection(StoreHttp http, StoreFailures failures, WeaviateOptions options)
{
    private const string Flat = "flat",
        Another = "Give the name of another collection";

    private static readonly WeaviateProperty[] s_properties =
    [
        Key("run"),
        Key("instance"),
        Key("memory"),
        Key("variant"),
        Key("kind"),
        new("text", ["text"], "word"),
        new("cycle", ["int"]),
        new("round", ["int"]),
        Key("topic"),
        Key("verdict"),
        new("importance", ["number"]),
        new("at", ["date"]),
        new("atUnix", ["int"]),
        new("recallable", ["boolean"]),
        Key("digest"),
    ];

    /// <exception cref="VectorStoreException">The collection is another's, or holds other vectors.</exception>
    public async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } found)
        {
            await CreateAsync(cancellationToken);
            found = await FindAsync(cancellationToken) ?? throw failures.Passing("it does not show the collection yet", "Try again later");
        }

        Check(found);
        var some = await http.GetAsync(
            $"v1/objects?class={options.Class}&limit=1&include=vector",
            WeaviateJson.Default.WeaviateObjects,
            cancellationToken
        );
        if (some!.Objects is [{ Vector: { Length: > 0 } vector }, ..] && vector.Length != dimensions)
            throw failures.OtherDimensions("collection", options.Class, vector.Length, dimensions);
    }

    private Task<WeaviateClass?> FindAsync(CancellationToken cancellationToken) =>
        http.GetAsync($"v1/schema/{options.Class}", WeaviateJson.Default.WeaviateClass, cancellationToken, (status, _) =>
            status == HttpStatusCode.NotFound
        );

    // Refused with 422 if another process was first; what it created is checked next.
    private Task CreateAsync(CancellationToken cancellationToken) =>
        http.SendAsync(
            HttpMethod.Post,
            "v1/schema",
            new WeaviateClass(
                options.Class,
                "Memories of AiMe's instances.",
                "none",
                options.Exact ? Flat : "hnsw",
                new WeaviateIndex("cosine"),
                s_properties,
                // An instance may be called "the": a filter leaves stopwords out.
                new WeaviateInverted(new WeaviateStopwords("none"))
            ),
            WeaviateJson.Default.WeaviateClass,
            WeaviateJson.Default.WeaviateClass,
            cancellationToken,
            (status, body) => status == HttpStatusCode.UnprocessableEntity && body.AsSpan().IndexOf("already exists"u8) >= 0
        );

    private void Check(WeaviateClass found)
    {
        var missing = s_properties.Select(p => p.Name).Except((found.Properties ?? []).Select(p => p.Name)).ToList();
        if (missing.Count > 0)
            throw failures.Refusal(
                $"collection {options.Class} was not made by AiMe: it has no property {string.Join(", ", missing)}",
                Another
            );
        if (found.MultiTenancyConfig?.Enabled == true)
            throw failures.Refusal($"collection {options.Class} is divided into tenants", Another);
        if (found.VectorIndexConfig?.Distance is { } distance && distance != "cosine")
            throw failures.Refusal($"collection {options.Class} compares vectors by {distance}, and cosine is needed", Another);
        if (options.Exact && found.VectorIndexType is { } index && index != Flat)
            throw failures.Refusal(
                $"exact search is asked for, and collection {options.Class} has the index {index}",
                $"Ask for no exact search, or {Another.ToLowerInvariant()}"
            );
    }

    // One token, so that a filter compares the whole text.
    private static WeaviateProperty Key(string name) => new(name, ["text"], "field");
}
