using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Self;

/// <summary>Commands of the Self.</summary>
public abstract record SelfCommand : Command;

/// <summary>From the Supervisor: begin as a new instance.</summary>
public sealed record BeginSelf(InstanceSpec Spec) : SelfCommand;

/// <summary>From another faculty: it has begun.</summary>
public sealed record FacultyBegan(string Faculty) : SelfCommand;

/// <summary>From the Supervisor: run the next cycle.</summary>
/// <param name="At">Logical time in a planned run.</param>
/// <param name="Stimulus">The external stimulus; null for an internal cycle, which uses the next drive.</param>
/// <param name="Given">The given output and reflection; null if the model is to be sampled.</param>
public sealed record Live(int Cycle, DateTime At, Stimulus? Stimulus, Given? Given = null) : SelfCommand;

/// <summary>From the Supervisor: withdraw the stimulus of this cycle, if it is not answered yet.</summary>
public sealed record Withdraw(int Cycle, string Stimulus, string Reason) : SelfCommand;

/// <summary>From the Supervisor: end the round here, before it is full.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Id of this request; <see cref="CycleClosed"/> returns it.</param>
public sealed record CallRound(int Cycle, string Id) : SelfCommand;

/// <summary>From the Supervisor: a user requests another checkpoint of the instance's lineage.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Id of this request; <see cref="CycleClosed"/> returns it.</param>
/// <param name="Planned">Whether it is a scheduled intervention; not written if false.</param>
public sealed record CallModel(
    int Cycle,
    string Id,
    ModelId Model,
    string By,
    string Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Planned = false
) : SelfCommand;

/// <summary>From the Supervisor: a scheduled intervention gives the instance another curation policy.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Id of this request; <see cref="CycleClosed"/> returns it.</param>
public sealed record CallPolicy(int Cycle, string Id, ImmutableArray<Rule> Policy) : SelfCommand;

/// <summary>From the Curator: it applies the policy of this request from now on.</summary>
public sealed record PolicyApplied(string Id) : SelfCommand;

/// <summary>From the Supervisor: a user requests a retry after the instance had given up.</summary>
/// <param name="Revival">1-based number of the retry.</param>
public sealed record TryAgain(int Revival) : SelfCommand;

/// <summary>From the lab: this is a fork from here on, with the history of its parent up to now.</summary>
/// <param name="Parent">Name of the parent in its run.</param>
/// <param name="Index">Index of the last shared event.</param>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
/// <param name="Changed">The fork's settings; null for those of its parent.</param>
/// <param name="Given">
/// The parent's next event, if the copy ends between a stimulus and its given experience; else null.
/// </param>
public sealed record BecomeFork(string Name, string Parent, long Index, Heads Heads, bool Rests, InstanceSettings? Changed, Given? Given)
    : SelfCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>From Memory: the recalled memories, one list per query, and the newest insight.</summary>
public sealed record RecallFound(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, Insight? Newest) : SelfCommand;

/// <summary>Effect result: candidate answers.</summary>
/// <param name="LeftOut">Indices of the parts of the prompt for which the model had no room; default for none.</param>
public sealed record AnswerGenerated(
    int Cycle,
    int Attempt,
    ImmutableArray<Candidate> Candidates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<int> LeftOut = default
) : SelfCommand;

/// <summary>Effect result: the answer failed.</summary>
public sealed record AnswerFailed(int Cycle, int Attempt, string Error) : SelfCommand;

/// <summary>
/// From the Trainer: a round has ended, and this model is the champion (possibly the same as before).
/// </summary>
/// <param name="Appointment">
/// Id of the user's request for a model that this answers; null at the end of a round.
/// </param>
public sealed record Adopt(int Generation, ModelId Model, RoundOutcome Outcome, string? Appointment = null) : SelfCommand;

/// <summary>Effect result: the probes' answers.</summary>
public sealed record ProbesAnswered(int Generation, ProbeResults Results, Heads Heads) : SelfCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>Effect result: the probes failed.</summary>
public sealed record ProbesFailed(int Generation, int Attempt, string Error) : SelfCommand;
