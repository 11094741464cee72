using System.Collections.Immutable;
using AiMe.EventSourcing;
using Akka.Actor;

namespace AiMe.Actors;

/// <summary>A command for a faculty of an instance, or for the run's supervisor.</summary>
/// <param name="To">The receiver, by its full address.</param>
public sealed record CommandEnvelope(FacultyAddress To, Command Command);

/// <summary>
/// The turn of an instance: only the faculty that holds it writes, so the events of an instance have one order.
/// </summary>
/// <param name="Index">Index of the instance's last event, over all its streams; 0 before the first.</param>
/// <param name="Heads">The heads of its streams, in the order of its faculties.</param>
internal sealed record Turn(long Index, Heads Heads)
{
    /// <summary>The turn after new events in one stream.</summary>
    public Turn After(int stream, long index, Link head) => new(index, new Heads(Heads.Links.SetItem(stream, head)));
}

/// <summary>To a faculty, from its instance: decide this command. The turn is passed with it.</summary>
internal sealed record TakeTurn(Command Command, Turn Turn) : INoSerializationVerificationNeeded;

/// <summary>
/// From a faculty, to its instance: the command is decided, its events are durable, and the turn is returned.
/// </summary>
/// <param name="Effects">The effects that follow from the command.</param>
/// <param name="Progressed">Whether an event became durable.</param>
internal sealed record TurnTaken(Turn Turn, ImmutableArray<Effect> Effects, bool Progressed) : INoSerializationVerificationNeeded;

/// <summary>From a faculty, to its instance: its state has been recovered.</summary>
/// <param name="Stream">0-based index of the faculty in the instance.</param>
/// <param name="Index">Index of its last event in the instance; 0 for none.</param>
/// <param name="Head">The head of its stream.</param>
/// <param name="Pending">Its pending effects.</param>
internal sealed record Recovered(int Stream, long Index, Link Head, ImmutableArray<Effect> Pending) : INoSerializationVerificationNeeded;

/// <summary>From a faculty, to its instance: the faculty cannot continue, and stops.</summary>
internal sealed record FacultyFailed(Exception Failure) : INoSerializationVerificationNeeded;

/// <summary>To itself: an effect has a result.</summary>
/// <param name="Incarnation">The incarnation of the instance that started the effect.</param>
internal sealed record EffectCompleted(int Incarnation, int Stream, string Key, Command Result) : INoSerializationVerificationNeeded;

/// <summary>To itself: an effect threw.</summary>
internal sealed record EffectFailed(int Incarnation, int Stream, string Key, Exception Failure) : INoSerializationVerificationNeeded;

/// <summary>
/// To an instance, its faculties, the supervisor, or the parent of all instances: finish pending writes, then stop.
/// </summary>
internal sealed record FinishAndStop : INoSerializationVerificationNeeded
{
    public static readonly FinishAndStop Instance = new();
}
