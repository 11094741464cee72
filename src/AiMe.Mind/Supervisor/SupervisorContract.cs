using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>What the Supervisor can be asked.</summary>
public abstract record SupervisorCommand : Command;

/// <summary>From the lab: start this run.</summary>
public sealed record StartRun(RunPlan Plan) : SupervisorCommand;

/// <summary>From Memory, or from the Self at a round's end: the cycle is closed.</summary>
/// <param name="Generation">The generation reached with it (0 with cycle 0: the birth), or null within a round.</param>
public sealed record CycleClosed(string Instance, int Cycle, int? Generation, Heads Heads) : SupervisorCommand, IAnchored
{
    /// <inheritdoc />
    public Command At(Heads heads) => this with { Heads = heads };
}

/// <summary>From an instance or from the host: it cannot go on; the others do.</summary>
public sealed record ParkInstance(string Instance, string Reason) : SupervisorCommand;

/// <summary>What happened to the run.</summary>
public abstract record SupervisorEvent : Event;

/// <summary>The run was planned.</summary>
[Manifest("supervisor.planned")]
public sealed record RunPlanned(RunPlan Plan) : SupervisorEvent;

/// <summary>An instance reached a generation: a checkpoint, and an anchor for its five streams.</summary>
[Manifest("supervisor.advanced")]
public sealed record InstanceAdvanced(string Instance, int Cycle, int Generation, Heads Heads) : SupervisorEvent;

/// <summary>An instance lived all its cycles.</summary>
[Manifest("supervisor.finished")]
public sealed record InstanceFinished(string Instance, int Cycle, Heads Heads) : SupervisorEvent;

/// <summary>An instance was parked: it kept failing.</summary>
[Manifest("supervisor.parked")]
public sealed record InstanceParked(string Instance, string Reason) : SupervisorEvent;

/// <summary>Every instance has finished or is parked.</summary>
/// <param name="Digest">Run digest: SHA-256 over the finished instances' digests in ordinal order of name; 64 hexadecimal digits.</param>
[Manifest("supervisor.ended")]
public sealed record RunEnded(string Digest, int Finished, int Parked) : SupervisorEvent;

/// <summary>What the Supervisor knows.</summary>
/// <param name="Orders">Per replicate, the order of its stimuli; shape (replicates, stimuli).</param>
/// <param name="Lives">By instance name.</param>
public sealed record SupervisorState(RunPlan? Plan, ImmutableArray<ImmutableArray<int>> Orders, ImmutableSortedDictionary<string, LifeProgress> Lives, string? Digest)
{
    /// <summary>SHA-256 over the finished instances' digests, 32 bytes each, in ordinal order of name.</summary>
    public static string DigestOf(IEnumerable<KeyValuePair<string, LifeProgress>> lives)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var life in lives.Where(l => l.Value.Status == LifeStatus.Finished).OrderBy(l => l.Key, StringComparer.Ordinal))
            hash.AppendData(Convert.FromHexString(life.Value.Heads.Digest()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How far an instance is known to be.</summary>
/// <param name="Cycle">The last cycle known to be closed; it may be further on.</param>
/// <param name="Generation">-1 before its birth.</param>
public sealed record LifeProgress(int Replicate, string Variant, int Cycle, int Generation, LifeStatus Status, Heads Heads);

/// <summary>How an instance stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LifeStatus>))]
public enum LifeStatus
{
    /// <summary>It lives on.</summary>
    [JsonStringEnumMemberName("living")] Living,

    /// <summary>It lived all its cycles.</summary>
    [JsonStringEnumMemberName("finished")] Finished,

    /// <summary>It kept failing.</summary>
    [JsonStringEnumMemberName("parked")] Parked,
}
