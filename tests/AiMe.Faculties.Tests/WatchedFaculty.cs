using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Tests;

/// <summary>A faculty whose commands and events somebody sees, each with the state that it meets, before they are decided or folded.</summary>
internal sealed class WatchedFaculty : FacultyDefinition
{
    private readonly FacultyDefinition _inner;
    private readonly Action<FacultyDefinition, object, Command> _deciding;
    private readonly Action<object, Event>? _evolving;

    public WatchedFaculty(
        FacultyDefinition inner,
        Action<FacultyDefinition, object, Command> deciding,
        Action<object, Event>? evolving = null
    )
        : base(inner) => (_inner, _deciding, _evolving) = (inner, deciding, evolving);

    public override object Initial => _inner.Initial;

    public override Decision<Event> Decide(object state, Command command)
    {
        _deciding(_inner, state, command);
        return _inner.Decide(state, command);
    }

    public override object Evolve(object state, Event happened)
    {
        _evolving?.Invoke(state, happened);
        return _inner.Evolve(state, happened);
    }

    public override ImmutableArray<Effect> Pending(object state) => _inner.Pending(state);
}
