using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.EventSourcing;

/// <summary>The pure core of a faculty: static, total, synchronous; no clock, no randomness, no I/O, no logging.</summary>
/// <remarks>Ids, times and seeds arrive inside commands. Side effects are returned as data, <see cref="Effect"/>s.</remarks>
public interface IDecider<TState, in TCommand, TEvent>
    where TState : class
    where TCommand : Command
    where TEvent : Event
{
    /// <summary>The state before any event.</summary>
    static abstract TState Initial { get; }

    /// <summary>Decides a command in a state. A command that has already taken effect yields no events.</summary>
    static abstract Decision<TEvent> Decide(TState state, TCommand command);

    /// <summary>
    /// The state after an event. Total: it handles every event of the faculty.
    /// </summary>
    static abstract TState Evolve(TState state, TEvent happened);

    /// <summary>The pending effects of this state, for recovery: after a crash the host runs them again.</summary>
    static abstract ImmutableArray<Effect> Pending(TState state);
}

/// <summary>A fact in the past tense. It is a file format and never edited. Carries a <see cref="ManifestAttribute"/>.</summary>
public abstract record Event;

/// <summary>A request to a faculty, in the imperative. Delivery is at least once, so every command can be repeated.</summary>
public abstract record Command;

/// <summary>A side effect as data. The host runs it after the events are durable.</summary>
/// <param name="Key">
/// Names the effect within its faculty: cycle or round, name, ordinal. An effect under way is not started a second time under the same key.
/// </param>
public abstract record Effect([property: JsonIgnore] string Key); // derived from the other members, so it is not sent

/// <summary>Send a command to another faculty, of this instance or (from and to the supervisor) of another.</summary>
public sealed record Tell(string Key, FacultyAddress To, Command Command) : Effect(Key);

/// <summary>The address of a faculty.</summary>
/// <param name="Instance">Instance name; <see cref="Here"/> means the sender's own instance.</param>
/// <param name="Faculty">Faculty name, lower case.</param>
public readonly record struct FacultyAddress(string Instance, string Faculty)
{
    /// <summary>The sender's own instance.</summary>
    public const string Here = "";

    /// <summary>The instance part of the supervisor's address; no instance may bear this name.</summary>
    public const string Run = "supervisor";

    /// <summary>The run's supervisor.</summary>
    public static FacultyAddress Supervisor => new(Run, "supervisor");

    /// <summary>A faculty of the sender's own instance.</summary>
    public static FacultyAddress Own(string faculty) => new(Here, faculty);

    /// <inheritdoc />
    public override string ToString() => Instance.Length == 0 ? Faculty : $"{Instance}/{Faculty}";
}

/// <summary>
/// A command with data that only the host knows: the name of the sending instance (a fork's events have its parent's name)
/// and the heads of its five streams. The host fills them in when it sends the command.
/// </summary>
public interface IStamped
{
    /// <summary>The same command with the sender's name and its heads as they are now.</summary>
    Command Stamp(string instance, Heads heads);
}
