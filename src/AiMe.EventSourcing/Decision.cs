using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AiMe.EventSourcing;

/// <summary>The answer of a decider: new events, no events, or a refusal; and the effects that follow.</summary>
/// <remarks>
/// Written as a collection expression of events, as <see cref="NoEvents"/>, or as a <see cref="Refusal"/>. The host runs
/// <see cref="Effects"/> once the events are durable. After a crash it runs the effects that <c>Pending</c> derives from the
/// state; a faculty without pending effects relies on the sender, which repeats its request.
/// </remarks>
[CollectionBuilder(typeof(Decision), nameof(Decision.Accept))]
public sealed class Decision<TEvent> : IEnumerable<TEvent>
    where TEvent : Event
{
    internal Decision(ImmutableArray<TEvent> events, ImmutableArray<Effect> effects, Refusal? refusal) =>
        (Events, Effects, Refusal) = (events, effects, refusal);

    /// <summary>Events to make durable, in order; empty for a repeated or refused command.</summary>
    public ImmutableArray<TEvent> Events { get; }

    /// <summary>Effects to run once the events are durable; without events, the same reply or next message again.</summary>
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

/// <summary>No events: the command was decided before, or starts an effect whose result will be journalled.</summary>
/// <param name="Effects">The same reply or next message again, in case the first was lost.</param>
public sealed record NoEvents(ImmutableArray<Effect> Effects)
{
    /// <summary>Neither events nor effects.</summary>
    public static readonly NoEvents NoEffects = new(ImmutableArray<Effect>.Empty);

    /// <summary>These effects, without an event.</summary>
    public static NoEvents Then(params ReadOnlySpan<Effect> effects) => new([.. effects]);
}

/// <summary>The command cannot be carried out in this state.</summary>
/// <param name="Why">One sentence: the request, the state, the expectation.</param>
public sealed record Refusal(string Why);
