using System.Collections.Immutable;
using AiMe.EventSourcing;
using Akka.Actor;

namespace AiMe.Actors;

/// <summary>A command on its way to a faculty of an instance, or to the run's supervisor.</summary>
/// <param name="To">The receiver, by its full address.</param>
public sealed record CommandEnvelope(FacultyAddress To, Command Command);

/// <summary>
/// The turn of an instance: only the faculty that holds it writes, so the events of an instance have one order.
/// </summary>
/// <param name="Index">Index of the instance's last event, over all its streams; 0 before the first.</param>
/// <param name="Heads">The heads of its streams, in the order of its faculties.</param>
internal sealed record Turn(long Index, Heads Heads)
{
    /// <summary>The turn after events of one stream.</summary>
    public Turn After(int stream, long index, Link head) => new(index, new Heads(Heads.Links.SetItem(stream, head)));
}

/// <summary>To a faculty, from its instance: take this command. The turn is given with it.</summary>
internal sealed record TakeTurn(Command Command, Turn Turn) : INoSerializationVerificationNeeded;

/// <summary>
/// From a faculty, to its instance: the command is decided, its events are durable, and the turn is given back.
/// </summary>
/// <param name="Effects">What follows from the command.</param>
/// <param name="Progressed">Whether an event became durable.</param>
internal sealed record TurnTaken(Turn Turn, ImmutableArray<Effect> Effects, bool Progressed) : INoSerializationVerificationNeeded;

/// <summary>From a faculty, to its instance: its state has been recovered.</summary>
/// <param name="Stream">Number of the faculty among the instance's, from 0.</param>
/// <param name="Index">Index of its last event in the instance; 0 for none.</param>
/// <param name="Head">The head of its stream.</param>
/// <param name="Pending">The effects that it still owes.</param>
internal sealed record Recovered(int Stream, long Index, Link Head, ImmutableArray<Effect> Pending) : INoSerializationVerificationNeeded;

/// <summary>From a faculty, to its instance: it cannot go on, and stops.</summary>
internal sealed record FacultyFailed(Exception Failure) : INoSerializationVerificationNeeded;

/// <summary>To itself: an effect has a result.</summary>
/// <param name="Incarnation">The incarnation of the instance that began the effect.</param>
internal sealed record EffectCompleted(int Incarnation, int Stream, string Key, Command Result) : INoSerializationVerificationNeeded;

/// <summary>To itself: an effect threw.</summary>
internal sealed record EffectFailed(int Incarnation, int Stream, string Key, Exception Failure) : INoSerializationVerificationNeeded;

/// <summary>
/// To an instance, its faculties, the supervisor, or the parent of all instances: finish what is being written, and
/// stop.
/// </summary>
internal sealed record FinishAndStop : INoSerializationVerificationNeeded
{
    public static readonly FinishAndStop Instance = new();
}
