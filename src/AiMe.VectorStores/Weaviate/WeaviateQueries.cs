using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Faculties;

namespace AiMe.VectorStores.Weaviate;

/// <summary>Asks a collection in GraphQL.</summary>
internal sealed class WeaviateQueries(StoreHttp http, StoreFailures failures, string collection)
{
    private const int PageObjects = 1000;

    private const string Advice =
        "Correct what it names; if GraphQL is off, switch it on (DISABLE_GRAPHQL), since Weaviate has no other HTTP search by a vector";

    /// <summary>The recallable memories of an instance that are nearest to a vector, best first.</summary>
    public async Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    )
    {
        // With a decimal point each, so that they are floats in GraphQL too.
        var vector = string.Join(',', query.Components.Select(component => $"{component}.0"));
        var where = And(OwnedBy(instance), "{path:[\"recallable\"],operator:Equal,valueBoolean:true}");
        var rows = await GetAsync($"limit:{count},nearVector:{{vector:[{vector}]}},where:{where}", cancellationToken);
        return [.. rows.Select(row => MemoryOf(row).Id)];
    }

    /// <summary>The digest of each memory of an instance.</summary>
    /// <remarks>
    /// Pages by cycle, since Weaviate pages neither beyond 10,000 results nor, with a filter, by its cursor. A page begins with the last
    /// cycle of the page before.
    /// </remarks>
    public async Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, string> digests = [];
        for (var (from, offset) = (0L, 0); ; )
        {
            var where = And(OwnedBy(instance), $"{{path:[\"cycle\"],operator:GreaterThanEqual,valueInt:{from}}}");
            var rows = await GetAsync(
                $"limit:{PageObjects},offset:{offset},sort:[{{path:[\"cycle\"],order:asc}}],where:{where}",
                cancellationToken
            );
            foreach (var row in rows)
            {
                var (memory, digest) = MemoryOf(row);
                digests[memory] = digest;
            }

            if (rows.Count < PageObjects)
                return digests;
            var last = (long)rows[^1].Cycle!;
            (from, offset) = last > from ? (last, 0) : (from, offset + rows.Count);
        }
    }

    /// <summary>Number of objects.</summary>
    /// <param name="run">Of this run; null for all.</param>
    public async Task<long> CountAsync(string? run, CancellationToken cancellationToken)
    {
        var arguments = run is null ? "" : $"(where:{RunIs(run)})";
        var data = await AskAsync($"{{Aggregate{{{collection}{arguments}{{meta{{count}}}}}}}}", cancellationToken);
        return data?.Aggregate?.GetValueOrDefault(collection) is [{ Meta.Count: { } count }] ? count : throw NoResults();
    }

    private async Task<IReadOnlyList<WeaviateRow>> GetAsync(string arguments, CancellationToken cancellationToken)
    {
        var data = await AskAsync($"{{Get{{{collection}({arguments}){{memory digest cycle}}}}}}", cancellationToken);
        return data?.Get?.GetValueOrDefault(collection) ?? throw NoResults();
    }

    private VectorStoreException NoResults() =>
        failures.Refusal($"its answer has no results for {collection}", "Check its version, and that GraphQL is on");

    private async Task<WeaviateData?> AskAsync(string query, CancellationToken cancellationToken)
    {
        var answer = (
            await http.SendAsync(
                HttpMethod.Post,
                "v1/graphql",
                new WeaviateGraphQl(query),
                WeaviateJson.Default.WeaviateGraphQl,
                WeaviateJson.Default.WeaviateAnswer,
                cancellationToken,
                advice: Advice
            )
        )!;
        if (answer.Errors is { Count: > 0 } errors)
            throw failures.Refusal(
                $"it refused a search: {string.Join("; ", errors.Take(3).Select(e => e.Message))}",
                "Correct what it names; if vectors differ in length, use the embedder that the collection was filled with"
            );
        return answer.Data;
    }

    private (MemoryId Id, string Digest) MemoryOf(WeaviateRow row) =>
        row is { Memory: { } memory, Digest: { } digest, Cycle: not null }
            ? (new MemoryId(memory), digest)
            : throw failures.Refusal(
                "it holds an object of this instance without memory, digest or cycle, which AiMe did not write",
                "Remove the object, or give the name of another collection"
            );

    private static string OwnedBy(InstanceKey instance) =>
        $"{RunIs(instance.Run)}," + $"{{path:[\"instance\"],operator:Equal,valueText:{Quoted(instance.Instance)}}}";

    private static string RunIs(string run) => $"{{path:[\"run\"],operator:Equal,valueText:{Quoted(run)}}}";

    private static string And(string first, string second) => $"{{operator:And,operands:[{first},{second}]}}";

    /// <summary>A string of GraphQL.</summary>
    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
