using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

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

/// <summary>From the inbox: a person's answer on an experience that is held for review.</summary>
/// <param name="Arrival">Id of the arrival; each arrival is received once.</param>
/// <param name="At">Wall-clock time of the arrival, UTC.</param>
public sealed record GiveReview(string Instance, string Arrival, ReviewAnswer Answer, DateTime At) : SupervisorCommand;

/// <summary>From Memory: the round is complete, and experiences of it are held for people.</summary>
/// <param name="Cycle">The last cycle of the round.</param>
/// <param name="Held">Those experiences, oldest first.</param>
public sealed record AwaitReviews(string Instance, int Round, int Cycle, ImmutableArray<MemoryId> Held, ReviewTerms Terms)
    : SupervisorCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Instance = instance };
}

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

/// <summary>From a process of the run: the model's server refuses an optional parameter.</summary>
/// <param name="Parameter">Its name in the request.</param>
/// <param name="Instead">What is sent in its place; empty for nothing.</param>
/// <param name="Words">The server's words.</param>
public sealed record LeaveOutParameter(string Parameter, string Instead, string Words) : SupervisorCommand;

/// <summary>From a process of the run: what a server says of itself in its answers.</summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Echo">The model that the answer names; empty for none.</param>
/// <param name="Fingerprint">Its <c>system_fingerprint</c>; empty for none.</param>
/// <param name="Engine">Version of the server's program; empty if it is not told.</param>
public sealed record IdentifyServer(string Model, string Echo, string Fingerprint, string Engine) : SupervisorCommand;

/// <summary>From a process of the run: the vector store did not answer searches of memories.</summary>
/// <param name="Holder">The writer id of its session.</param>
/// <param name="Store">The kind of store.</param>
/// <param name="Kind">One of <see cref="IndexFailed"/>.</param>
/// <param name="Words">Of the last one.</param>
/// <param name="Searches">Such searches of the session so far.</param>
public sealed record NoteIndexFailures(string Holder, string Store, string Kind, string Words, int Searches) : SupervisorCommand;
