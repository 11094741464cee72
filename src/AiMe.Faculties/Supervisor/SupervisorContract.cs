using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>What the Supervisor can be asked.</summary>
public abstract record SupervisorCommand : Command;

/// <summary>From the lab: start this run, or go on with it.</summary>
/// <param name="Revive">Whether parked instances are to try again.</param>
/// <param name="Shard">Which share of it, or null for all.</param>
public sealed record StartRun(RunPlan Plan, bool Revive = false, Shard? Shard = null, ImmutableHashSet<string>? Only = null)
    : SupervisorCommand;

/// <summary>From Memory, or from the Self at a round's end: the cycle is closed.</summary>
/// <param name="Stimulus">Id of what was heard in it, or of the wish that ended the round.</param>
/// <param name="Generation">The generation reached with it (0 with cycle 0: the birth), or null within a round.</param>
public sealed record CycleClosed(string Instance, int Cycle, string Stimulus, int? Generation, Heads Heads) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance, Heads = heads };
}

/// <summary>From the Self: the stimulus of the cycle was taken back.</summary>
public sealed record CycleWithdrawn(string Instance, int Cycle, string Stimulus, string Reason, Heads Heads) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance, Heads = heads };
}

/// <summary>From the Self: the model did not answer in all attempts.</summary>
/// <param name="Stimulus">Id of what could not be answered; empty where the probes could not be asked.</param>
/// <param name="Revival">At which it tried last; 0 for none.</param>
public sealed record GaveUp(string Instance, int Cycle, string Stimulus, int Revival, string Error) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance };
}

/// <summary>From another faculty or from the host: the instance cannot go on; the others do.</summary>
public sealed record ParkInstance(string Instance, string Reason) : SupervisorCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance };
}

/// <summary>
/// From the inbox: something for an instance, beside the plan. It is taken up at the next boundary of a cycle, in order
/// of arrival.
/// </summary>
/// <param name="Arrival">Names the arrival; the same one is received once.</param>
/// <param name="At">Wall-clock time of the arrival, UTC.</param>
public sealed record Give(string Instance, string Arrival, Input Input, DateTime At) : SupervisorCommand;

/// <summary>From a person: take it back, if it has not been answered yet.</summary>
public sealed record TakeBack(string Instance, string Arrival, string Reason) : SupervisorCommand;

/// <summary>
/// From the lab: an instance that branched off from another has its streams; it belongs to the run from now on, beside
/// the plan.
/// </summary>
/// <param name="Index">Of the last event that it shares with its parent.</param>
/// <param name="Cycle">Its last closed cycle.</param>
/// <param name="Heads">Of its own five streams.</param>
public sealed record JoinFork(string Instance, string Parent, long Index, int Cycle, int Generation, Heads Heads, ForkStatus Standing)
    : SupervisorCommand;

/// <summary>From the lab: from now on the run may cost so much. What was spent before counts.</summary>
public sealed record SetBudget(Budget Budget) : SupervisorCommand;

/// <summary>
/// From a process that carries the run: it needs so much more to spend; nothing, where it only opens its account.
/// </summary>
/// <param name="Holder">The writer id of its session.</param>
/// <param name="Ordinal">
/// The how manieth reservation of that session, from 1: one that was made is not made again.
/// </param>
/// <param name="Spent">All that it has spent till now.</param>
public sealed record ReserveSpending(string Holder, int Ordinal, Cost Need, Cost Spent) : SupervisorCommand;

/// <summary>
/// From a process that ends, or spends nothing more: so much it was in all; the rest of what it was given is free
/// again.
/// </summary>
public sealed record SettleSpending(string Holder, Cost Spent) : SupervisorCommand;

/// <summary>What happened to the run.</summary>
public abstract record SupervisorEvent : Event;

/// <summary>The run was planned.</summary>
[Manifest("supervisor.planned", version: 2)] // version 1 did not say where the model of generation 0 comes from
public sealed record RunPlanned(RunPlan Plan) : SupervisorEvent;

/// <summary>
/// A share of a run was planned: its instances are this supervisor's, the others are other supervisors'.
/// </summary>
[Manifest("supervisor.shard-planned")]
public sealed record ShardPlanned(RunPlan Plan, Shard Shard) : SupervisorEvent;

/// <summary>An instance reached a generation: a checkpoint, and an anchor for its five streams.</summary>
[Manifest("supervisor.advanced")]
public sealed record InstanceAdvanced(string Instance, int Cycle, int Generation, Heads Heads) : SupervisorEvent;

/// <summary>An instance lived all its cycles.</summary>
[Manifest("supervisor.finished")]
public sealed record InstanceFinished(string Instance, int Cycle, Heads Heads) : SupervisorEvent;

/// <summary>An instance was parked: it kept failing.</summary>
[Manifest("supervisor.parked")]
public sealed record InstanceParked(string Instance, string Reason) : SupervisorEvent;

/// <summary>A parked instance tries again.</summary>
[Manifest("supervisor.revived")]
public sealed record InstanceRevived(string Instance) : SupervisorEvent;

/// <summary>Every instance has finished or is parked.</summary>
/// <param name="Digest">
/// Of the run, or of the shard: SHA-256 over the finished instances' digests in ordinal order of name; 64 hexadecimal
/// digits.
/// </param>
[Manifest("supervisor.ended")]
public sealed record RunEnded(string Digest, int Finished, int Parked) : SupervisorEvent;

/// <summary>Something arrived for an instance, beside the plan.</summary>
/// <param name="At">Wall-clock time, UTC.</param>
[Manifest("supervisor.received")]
public sealed record InputReceived(string Instance, string Arrival, Input Input, DateTime At) : SupervisorEvent;

/// <summary>It is the instance's turn to meet it: in this cycle, or, where it ends a round, after it.</summary>
/// <remarks>Written again with a later cycle where the instance was found to be further on.</remarks>
[Manifest("supervisor.taken")]
public sealed record InputTaken(string Instance, string Arrival, int Cycle) : SupervisorEvent;

/// <summary>It was lived through: an anchor for the instance's five streams.</summary>
[Manifest("supervisor.answered")]
public sealed record InputAnswered(string Instance, string Arrival, int Cycle, Heads Heads) : SupervisorEvent;

/// <summary>It was taken back, or no answer could be had; it left no experience.</summary>
/// <param name="Cycle">In which it was taken up; 0 where it was still waiting.</param>
/// <param name="Heads">Of the instance after it, or none where it was still waiting.</param>
[Manifest("supervisor.withdrawn")]
public sealed record InputWithdrawn(string Instance, string Arrival, int Cycle, string Reason, Heads Heads) : SupervisorEvent;

/// <summary>An instance branched off from another and belongs to the run, beside the plan.</summary>
/// <param name="Standing">Null in version 1: it rests, and its cycles beside the plan are its parent's.</param>
[Manifest("supervisor.forked", version: 2)] // version 1 knew forks where a cycle was closed alone
public sealed record InstanceForked(
    string Instance,
    string Parent,
    long Index,
    int Cycle,
    int Generation,
    Heads Heads,
    ForkStatus? Standing
) : SupervisorEvent;

/// <summary>The run may cost so much from now on.</summary>
[Manifest("supervisor.budget-set")]
public sealed record BudgetSet(Budget Budget) : SupervisorEvent;

/// <summary>A process that carries the run may spend so much more.</summary>
/// <param name="Spent">All that it had spent till then.</param>
[Manifest("supervisor.spending-reserved")]
public sealed record SpendingReserved(string Holder, int Ordinal, Cost Amount, Cost Spent) : SupervisorEvent;

/// <summary>A process that carries the run needs more than there is: all that carry it pause.</summary>
[Manifest("supervisor.spending-refused")]
public sealed record SpendingRefused(string Holder, int Ordinal, Cost Need) : SupervisorEvent;

/// <summary>A process that carried the run has told all that it spent.</summary>
[Manifest("supervisor.spending-settled")]
public sealed record SpendingSettled(string Holder, Cost Spent) : SupervisorEvent;

/// <summary>What the Supervisor knows.</summary>
/// <param name="Orders">Per replicate, the order of its stimuli; shape (replicates, stimuli).</param>
/// <param name="Instances">
/// By instance name: the planned ones (of a shard's supervisor, those that fall to it) and their forks.
/// </param>
/// <param name="Digest">
/// Of the planned lives when they had all finished or were parked; null before. What is given later does not change it.
/// </param>
/// <param name="Arrivals">Everything that was ever received.</param>
public sealed record SupervisorState(
    RunPlan? Plan,
    ImmutableArray<ImmutableArray<int>> Orders,
    [property: JsonPropertyName("lives")] ImmutableSortedDictionary<string, InstanceProgress> Instances,
    string? Digest,
    ImmutableArray<string> Arrivals
)
{
    /// <summary>What the run may cost and has cost.</summary>
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
