using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>Commands of the Supervisor.</summary>
public abstract record SupervisorCommand : Command;

/// <summary>From the lab: start or resume this run.</summary>
/// <param name="Revive">Whether parked instances are to retry.</param>
/// <param name="Shard">The shard to run; null for the whole run.</param>
public sealed record StartRun(RunPlan Plan, bool Revive = false, Shard? Shard = null, ImmutableHashSet<string>? Only = null)
    : SupervisorCommand;

/// <summary>From Memory, or from the Self at the end of a round: the cycle is closed.</summary>
/// <param name="Stimulus">Id of the cycle's stimulus, or of the request that ended the round.</param>
/// <param name="Generation">The generation reached with it (0 with cycle 0), or null within a round.</param>
public sealed record CycleClosed(string Instance, int Cycle, string Stimulus, int? Generation, Heads Heads) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance, Heads = heads };
}

/// <summary>From the Self: the stimulus of the cycle was withdrawn.</summary>
public sealed record CycleWithdrawn(string Instance, int Cycle, string Stimulus, string Reason, Heads Heads) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance, Heads = heads };
}

/// <summary>From the Self: all attempts have failed.</summary>
/// <param name="Stimulus">Id of the stimulus without an answer; empty if the probes failed.</param>
/// <param name="Revival">Number of the last retry; 0 for none.</param>
public sealed record GaveUp(string Instance, int Cycle, string Stimulus, int Revival, string Error) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance };
}

/// <summary>From another faculty or from the host: the instance cannot continue; the others can.</summary>
public sealed record ParkInstance(string Instance, string Reason) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance };
}

/// <summary>
/// From the inbox: an input for an instance. It is handled at the next boundary, in order of arrival.
/// </summary>
/// <param name="Arrival">Id of the arrival; each arrival is received once.</param>
/// <param name="At">Wall-clock time of the arrival, UTC.</param>
public sealed record Give(string Instance, string Arrival, Input Input, DateTime At) : SupervisorCommand;

/// <summary>From a user: withdraw an input, if it is not answered yet.</summary>
public sealed record TakeBack(string Instance, string Arrival, string Reason) : SupervisorCommand;

/// <summary>From the lab: the streams of a fork are durable; the fork belongs to the run from now on.</summary>
/// <param name="Index">Index of the last event shared with its parent.</param>
/// <param name="Cycle">Its last closed cycle.</param>
/// <param name="Heads">The heads of its own five streams.</param>
public sealed record JoinFork(string Instance, string Parent, long Index, int Cycle, int Generation, Heads Heads, ForkStatus Standing)
    : SupervisorCommand;

/// <summary>From the lab: set the run's budget. Earlier spending counts towards it.</summary>
public sealed record SetBudget(Budget Budget) : SupervisorCommand;

/// <summary>
/// From a process of the run: reserve an additional amount; an empty need only opens the process' account.
/// </summary>
/// <param name="Holder">The writer id of its session.</param>
/// <param name="Ordinal">1-based number of the reservation in that session; each is made once.</param>
/// <param name="Spent">All spending of the session so far.</param>
public sealed record ReserveSpending(string Holder, int Ordinal, Cost Need, Cost Spent) : SupervisorCommand;

/// <summary>
/// From a process that ends or spends nothing more: its total spending. The rest of its grants is free again.
/// </summary>
public sealed record SettleSpending(string Holder, Cost Spent) : SupervisorCommand;

/// <summary>Events of the Supervisor.</summary>
public abstract record SupervisorEvent : Event;

/// <summary>The run was planned.</summary>
[Manifest("supervisor.planned", version: 2)] // version 1 had no origin of the model of generation 0
public sealed record RunPlanned(RunPlan Plan) : SupervisorEvent;

/// <summary>A shard of a run was planned: this supervisor has its instances, other supervisors have the rest.</summary>
[Manifest("supervisor.shard-planned")]
public sealed record ShardPlanned(RunPlan Plan, Shard Shard) : SupervisorEvent;

/// <summary>An instance reached a generation: a checkpoint, and an anchor for its five streams.</summary>
[Manifest("supervisor.advanced")]
public sealed record InstanceAdvanced(string Instance, int Cycle, int Generation, Heads Heads) : SupervisorEvent;

/// <summary>An instance completed all its cycles.</summary>
[Manifest("supervisor.finished")]
public sealed record InstanceFinished(string Instance, int Cycle, Heads Heads) : SupervisorEvent;

/// <summary>An instance was parked because it kept failing.</summary>
[Manifest("supervisor.parked")]
public sealed record InstanceParked(string Instance, string Reason) : SupervisorEvent;

/// <summary>A parked instance retries.</summary>
[Manifest("supervisor.revived")]
public sealed record InstanceRevived(string Instance) : SupervisorEvent;

/// <summary>Every instance has finished or is parked.</summary>
/// <param name="Digest">
/// Digest of the run or the shard: SHA-256 over the finished instances' digests in ordinal order of name, as 64
/// hexadecimal digits.
/// </param>
[Manifest("supervisor.ended")]
public sealed record RunEnded(string Digest, int Finished, int Parked) : SupervisorEvent;

/// <summary>An input arrived for an instance.</summary>
/// <param name="At">Wall-clock time, UTC.</param>
[Manifest("supervisor.received")]
public sealed record InputReceived(string Instance, string Arrival, Input Input, DateTime At) : SupervisorEvent;

/// <summary>An input was assigned to a cycle, or, if it makes no cycle, to the boundary after one.</summary>
/// <remarks>Written again with a later cycle if the instance turns out to be further.</remarks>
[Manifest("supervisor.taken")]
public sealed record InputTaken(string Instance, string Arrival, int Cycle) : SupervisorEvent;

/// <summary>An input was completed; an anchor for the instance's five streams.</summary>
[Manifest("supervisor.answered")]
public sealed record InputAnswered(string Instance, string Arrival, int Cycle, Heads Heads) : SupervisorEvent;

/// <summary>An input was withdrawn or could not be answered; it left no experience.</summary>
/// <param name="Cycle">The cycle to which it was assigned; 0 if it was still waiting.</param>
/// <param name="Heads">The instance's heads after it; none if it was still waiting.</param>
[Manifest("supervisor.withdrawn")]
public sealed record InputWithdrawn(string Instance, string Arrival, int Cycle, string Reason, Heads Heads) : SupervisorEvent;

/// <summary>A fork joined the run.</summary>
/// <param name="Standing">
/// The fork's position; null in version 1: the fork rests and has its parent's input cycles.
/// </param>
[Manifest("supervisor.forked", version: 2)] // version 1 allowed forks only at closed cycles
public sealed record InstanceForked(
    string Instance,
    string Parent,
    long Index,
    int Cycle,
    int Generation,
    Heads Heads,
    ForkStatus? Standing
) : SupervisorEvent;

/// <summary>The run's budget was set.</summary>
[Manifest("supervisor.budget-set")]
public sealed record BudgetSet(Budget Budget) : SupervisorEvent;

/// <summary>A process of the run may spend an additional amount.</summary>
/// <param name="Spent">All spending of the session until then.</param>
[Manifest("supervisor.spending-reserved")]
public sealed record SpendingReserved(string Holder, int Ordinal, Cost Amount, Cost Spent) : SupervisorEvent;

/// <summary>A process of the run needs more than the budget has left: all processes pause.</summary>
[Manifest("supervisor.spending-refused")]
public sealed record SpendingRefused(string Holder, int Ordinal, Cost Need) : SupervisorEvent;

/// <summary>A process of the run has reported all its spending.</summary>
[Manifest("supervisor.spending-settled")]
public sealed record SpendingSettled(string Holder, Cost Spent) : SupervisorEvent;

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

    /// <summary>SHA-256 over the finished instances' digests, 32 bytes each, in ordinal order of name.</summary>
    public static string DigestOf(IEnumerable<KeyValuePair<string, InstanceProgress>> instances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var instance in instances.Where(l => l.Value.Status == InstanceState.Finished).OrderBy(l => l.Key, StringComparer.Ordinal))
            hash.AppendData(Convert.FromHexString(instance.Value.Heads.Digest()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
