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

        if ((RefusalOf(found) ?? OtherDimensions(await DimensionsAsync(cancellationToken), dimensions)) is { } refusal)
            throw refusal;
    }

    /// <summary>Whether it is there.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) => await FindAsync(cancellationToken) is not null;

    /// <summary>What there is, without the number of memories, and whether it is a collection of AiMe.</summary>
    public async Task<(StoreDescription Description, bool IsOwn)> DescribeAsync(int? dimensions, CancellationToken cancellationToken)
    {
        var meta = await http.GetAsync("v1/meta", WeaviateJson.Default.WeaviateMeta, cancellationToken);
        var found = await FindAsync(cancellationToken);
        var has = found is null ? null : await DimensionsAsync(cancellationToken);
        StoreDescription description = new(
            meta?.Version is { } version ? $"Weaviate {version}" : null,
            "collection",
            options.Class,
            found is not null,
            has,
            found?.VectorIndexConfig?.Distance,
            Memories: 0,
            found is null ? null : RefusalOf(found) ?? OtherDimensions(has, dimensions)
        );
        return (description, found is not null && !Missing(found).Any());
    }

    // A collection takes the length of its first vector.
    private async Task<int?> DimensionsAsync(CancellationToken cancellationToken)
    {
        var some = await http.GetAsync(
            $"v1/objects?class={options.Class}&limit=1&include=vector",
            WeaviateJson.Default.WeaviateObjects,
            cancellationToken
        );
        return some!.Objects is [{ Vector: { Length: > 0 } vector }, ..] ? vector.Length : null;
    }

    private VectorStoreException? OtherDimensions(int? has, int? wanted) =>
        has is { } some && wanted is { } other && some != other ? failures.OtherDimensions("collection", options.Class, some, other) : null;

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

    private static IEnumerable<string> Missing(WeaviateClass found) =>
        s_properties.Select(p => p.Name).Except((found.Properties ?? []).Select(p => p.Name));

    private VectorStoreException? RefusalOf(WeaviateClass found)
    {
        var missing = Missing(found).ToList();
        if (missing.Count > 0)
            return failures.Refusal(
                $"collection {options.Class} was not made by AiMe: it has no property {string.Join(", ", missing)}",
                Another
            );
        if (found.MultiTenancyConfig?.Enabled == true)
            return failures.Refusal($"collection {options.Class} is divided into tenants", Another);
        if (found.VectorIndexConfig?.Distance is { } distance && distance != "cosine")
            return failures.Refusal($"collection {options.Class} compares vectors by {distance}, and cosine is needed", Another);
        return options.Exact && found.VectorIndexType is { } index && index != Flat
            ? failures.Refusal(
                $"exact search is asked for, and collection {options.Class} has the index {index}",
                $"Ask for no exact search, or {Another.ToLowerInvariant()}"
            )
            : null;
    }

    // One token, so that a filter compares the whole text.
    private static WeaviateProperty Key(string name) => new(name, ["text"], "field");
}
