using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>State of the Supervisor.</summary>
/// <param name="Orders">The order of stimuli per replicate; shape (replicates, stimuli).</param>
/// <param name="Instances">
/// Planned instances (of a shard's supervisor, those of the shard) and their forks, by name.
/// </param>
/// <param name="Digest">
/// Digest of the planned instances once all had finished or were parked; null before. Later inputs do not change it.
/// </param>
/// <param name="Arrivals">Ids of all arrivals ever received.</param>
public sealed record SupervisorState(
    RunPlan? Plan,
    ImmutableArray<ImmutableArray<int>> Orders,
    [property: JsonPropertyName("lives")] ImmutableSortedDictionary<string, InstanceProgress> Instances,
    string? Digest,
    ImmutableArray<string> Arrivals
)
{
    /// <summary>The run's budget and spending.</summary>
    public SpendingLedger Ledger { get; init; } = SpendingLedger.Empty;

    /// <summary>Optional parameters that the model's server refuses, oldest first.</summary>
    [JsonIgnore]
    public ImmutableArray<ParameterLeftOut> LeftOut
    {
        get => StoredLeftOut.IsDefault ? [] : StoredLeftOut;
        init => StoredLeftOut = value.IsEmpty ? default : value;
    }

    // Not written if there are none, as before the server's refusals were recorded.
    [JsonInclude, JsonPropertyName("leftOut"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal ImmutableArray<ParameterLeftOut> StoredLeftOut { get; init; }

    /// <summary>Different servers recorded for one model at most: some give every answer a fingerprint of its own.</summary>
    public const int MostServers = 16;

    /// <summary>What the servers of the models said of themselves, oldest first.</summary>
    [JsonIgnore]
    public ImmutableArray<ServerIdentified> Servers
    {
        get => StoredServers.IsDefault ? [] : StoredServers;
        init => StoredServers = value.IsEmpty ? default : value;
    }

    // Not written if there are none, as before they were recorded.
    [JsonInclude, JsonPropertyName("servers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal ImmutableArray<ServerIdentified> StoredServers { get; init; }

    /// <summary>Searches that the vector store did not answer: the last number of each session, store and kind.</summary>
    [JsonIgnore]
    public ImmutableArray<IndexFailed> IndexFailures
    {
        get => StoredIndexFailures.IsDefault ? [] : StoredIndexFailures;
        init => StoredIndexFailures = value.IsEmpty ? default : value;
    }

    // Not written if there are none, as before there were vector stores.
    [JsonInclude, JsonPropertyName("indexFailures"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal ImmutableArray<IndexFailed> StoredIndexFailures { get; init; }

    /// <summary>Whether so many unanswered searches of a session are recorded already.</summary>
    public bool HasNoted(NoteIndexFailures command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return IndexFailures.Any(f =>
            (f.Holder, f.Store, f.Kind) == (command.Holder, command.Store, command.Kind) && f.Searches >= command.Searches
        );
    }

    /// <summary>The state with a later number of unanswered searches.</summary>
    internal SupervisorState With(IndexFailed failed) =>
        this with
        {
            IndexFailures =
            [
                .. IndexFailures.Where(f => (f.Holder, f.Store, f.Kind) != (failed.Holder, failed.Store, failed.Kind)),
                failed,
            ],
        };

    /// <summary>Whether nothing is to be recorded of a server: it is known, or too many are.</summary>
    public bool Knows(ServerIdentified server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Servers.Contains(server) || Servers.Count(s => s.Model == server.Model) >= MostServers;
    }

    /// <summary>Whether the server is known to refuse a parameter, and what is sent in its place is known too.</summary>
    public bool IsLeftOut(string parameter, string instead) => LeftOut.Any(l => (l.Parameter, l.Instead) == (parameter, instead));

    /// <summary>SHA-256 over the finished instances' digests, 32 bytes each, in ordinal order of name.</summary>
    public static string DigestOf(IEnumerable<KeyValuePair<string, InstanceProgress>> instances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var instance in instances.Where(l => l.Value.Status == InstanceState.Finished).OrderBy(l => l.Key, StringComparer.Ordinal))
            hash.AppendData(Convert.FromHexString(instance.Value.Heads.Digest()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
