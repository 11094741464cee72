using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

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

/// <summary>The model's server refuses an optional parameter: requests of the run do not have it from now on.</summary>
/// <param name="Parameter">Its name in the request, such as <c>seed</c> or <c>response_format</c>.</param>
/// <param name="Instead">What is sent in its place; empty for nothing.</param>
/// <param name="Words">The server's words.</param>
[Manifest("supervisor.parameter-left-out")]
public sealed record ParameterLeftOut(string Parameter, string Instead, string Words) : SupervisorEvent;

/// <summary>
/// A server said of itself in an answer what it had not said before in this run. Written once for each different answer to "who are
/// you", and never for servers that say nothing of themselves.
/// </summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Echo">The model that the answer names; empty for none.</param>
/// <param name="Fingerprint">Its <c>system_fingerprint</c>; empty for none.</param>
/// <param name="Engine">Version of the server's program; empty if it is not told.</param>
[Manifest("supervisor.server-identified")]
public sealed record ServerIdentified(string Model, string Echo, string Fingerprint, string Engine) : SupervisorEvent;

/// <summary>
/// The vector store of the run did not answer searches of memories. Written at the first one of a kind and each time their number has
/// doubled, and with the exact number when the process stops.
/// </summary>
/// <param name="Holder">The writer id of the session.</param>
/// <param name="Store">The kind of store, such as <c>pgvector</c>.</param>
/// <param name="Kind"><see cref="Unanswered"/> or <see cref="Refused"/>.</param>
/// <param name="Words">Of the last one: what the store said, and what to do.</param>
/// <param name="Searches">Such searches of the session so far, 1 or more; each repetition counts.</param>
[Manifest("supervisor.index-failed")]
public sealed record IndexFailed(string Holder, string Store, string Kind, string Words, int Searches) : SupervisorEvent
{
    /// <summary>The store was down or slow.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>The store refused the search; it would refuse it again.</summary>
    public const string Refused = "refused";
}

/// <summary>A person's answer on a held experience arrived.</summary>
/// <param name="At">Wall-clock time, UTC.</param>
/// <param name="TooLate">
/// Whether the verdicts of its round had been given already, so that it changes nothing; not written if false.
/// </param>
[Manifest("supervisor.reviewed")]
public sealed record ReviewReceived(
    string Instance,
    string Arrival,
    ReviewAnswer Answer,
    DateTime At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TooLate = false
) : SupervisorEvent;

/// <summary>A complete round waits for people's verdicts on held experiences.</summary>
/// <param name="Cycle">The last cycle of the round.</param>
/// <param name="Held">Those experiences, oldest first.</param>
[Manifest("supervisor.reviews-awaited")]
public sealed record ReviewsAwaited(string Instance, int Round, int Cycle, ImmutableArray<MemoryId> Held, ReviewTerms Terms)
    : SupervisorEvent;

/// <summary>The verdicts on the held experiences of a complete round, which can be sealed now.</summary>
[Manifest("supervisor.reviews-settled")]
public sealed record ReviewsSettled(string Instance, int Round, int Cycle, ImmutableArray<SettledReview> Settled) : SupervisorEvent;
