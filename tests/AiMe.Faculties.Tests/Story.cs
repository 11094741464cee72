using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Tests;

/// <summary>Given events, when a command, then events: a decider's table as a test.</summary>
internal sealed class Situation(FacultyDefinition faculty, ImmutableArray<Event> past)
{
    public Outcome When(Command command)
    {
        var before = past.Aggregate(faculty.Initial, faculty.Evolve);
        var decision = faculty.Decide(before, command);
        return new Outcome(faculty, command, past, decision, decision.Effects);
    }

    public object State => past.Aggregate(faculty.Initial, faculty.Evolve);
}

/// <summary>What a decider answered, and what the host does of it.</summary>
internal sealed class Outcome(
    FacultyDefinition faculty,
    Command command,
    ImmutableArray<Event> past,
    Decision<Event> decision,
    ImmutableArray<Effect> next
)
{
    public ImmutableArray<Event> Events => decision.Events;

    public ImmutableArray<Effect> Effects => next;

    /// <summary>Exactly these events (by their stored form), and no refusal.</summary>
    public Outcome Then(params Event[] expected)
    {
        decision.Refusal.ShouldBeNull();
        Events.Select(Stored).ShouldBe(expected.Select(Stored));
        return this;
    }

    /// <summary>Events of exactly these types.</summary>
    public Outcome ThenOf(params Type[] expected)
    {
        decision.Refusal.ShouldBeNull();
        Events.Select(e => e.GetType()).ShouldBe(expected);
        return this;
    }

    /// <summary>Hands on or asks exactly this, by key and addressee: <c>curator c1 judge</c>, or <c>c1 answer 1</c> for the world.</summary>
    public Outcome Hands(params string[] expected)
    {
        next.Select(Name).ShouldBe(expected);
        return this;
    }

    public Outcome RefusedBecause(string part)
    {
        Events.ShouldBeEmpty();
        decision.Refusal.ShouldNotBeNull().Why.ShouldContain(part);
        return this;
    }

    /// <summary>The same command again: no events, and exactly this handed on.</summary>
    public Outcome AndAgain(params string[] expected) => Afterwards.When(command).Then().Hands(expected);

    /// <summary>The same command again: no events, and the same handed on as the first time.</summary>
    public Outcome AndTheSameAgain() => AndAgain([.. next.Select(Name)]);

    public Situation Afterwards => new(faculty, [.. past, .. Events]);

    public T Effect<T>()
        where T : Effect => next.OfType<T>().Single();

    public T Told<T>()
        where T : Command => next.OfType<Tell>().Select(t => t.Command).OfType<T>().Single();

    private static string Name(Effect effect) => effect is Tell tell ? $"{tell.To} {tell.Key}" : effect.Key;

    private static string Stored(Event happened) =>
        $"{FacultyEvents.Codec.ManifestOf(happened)} {System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(happened))}";
}
