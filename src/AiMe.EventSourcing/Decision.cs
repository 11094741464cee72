using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AiMe.EventSourcing;

/// <summary>What a decider answers: new events, the same messages as before, or a refusal.</summary>
/// <remarks>
/// Written as a collection expression of events, as <see cref="NoEvents"/>, or as a <see cref="Refusal"/>. Once the events are durable the
/// host runs what the new state owes and the old one did not (<c>Pending</c>), and then <see cref="Effects"/>. A faculty whose debt can
/// be rebuilt from its own state lists it in <c>Pending</c>; one that only hands on what came to it says so with <see cref="Then"/>:
/// should that be lost in a crash, the faculty before it asks again.
/// </remarks>
[CollectionBuilder(typeof(Decision), nameof(Decision.Accept))]
public sealed class Decision<TEvent> : IEnumerable<TEvent>
    where TEvent : Event
{
    internal Decision(ImmutableArray<TEvent> events, ImmutableArray<Effect> effects, Refusal? refusal) =>
        (Events, Effects, Refusal) = (events, effects, refusal);

    /// <summary>Events to make durable, in order; empty for a repeated or refused command.</summary>
    public ImmutableArray<TEvent> Events { get; }

    /// <summary>What to hand on once the events are durable, or, without events, the same reply or next message again.</summary>
    public ImmutableArray<Effect> Effects { get; }

    /// <summary>Why the command was refused, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The same events, and these effects once they are durable.</summary>
    public Decision<TEvent> Then(params ReadOnlySpan<Effect> effects) => new(Events, [.. Effects, .. effects], Refusal);

    /// <summary>A refusal is a value.</summary>
    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], [], refusal);

    /// <summary>A repeated command yields no events.</summary>
    public static implicit operator Decision<TEvent>(NoEvents again)
    {
        ArgumentNullException.ThrowIfNull(again);
        return new([], again.Effects, refusal: null);
    }

    /// <inheritdoc />
    public IEnumerator<TEvent> GetEnumerator() => ((IEnumerable<TEvent>)Events).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Builds a <see cref="Decision{TEvent}"/> from a collection expression.</summary>
public static class Decision
{
    /// <summary>The command is accepted: these events happened, in this order.</summary>
    public static Decision<TEvent> Accept<TEvent>(ReadOnlySpan<TEvent> events)
        where TEvent : Event => new([.. events], [], refusal: null);
}

/// <summary>No events: the command was seen before, or asks for something that leaves no trace until its result is known.</summary>
/// <param name="Effects">The same reply or next message again, so that a lost one never stops the chain.</param>
public sealed record NoEvents(ImmutableArray<Effect> Effects)
{
    /// <summary>Nothing to do at all.</summary>
    public static readonly NoEvents NoEffects = new(ImmutableArray<Effect>.Empty);

    /// <summary>These effects again.</summary>
    public static NoEvents Then(params ReadOnlySpan<Effect> effects) => new([.. effects]);
}

/// <summary>The command cannot be carried out in this state.</summary>
/// <param name="Why">One sentence: what was asked, in which state, what was expected.</param>
public sealed record Refusal(string Why);
