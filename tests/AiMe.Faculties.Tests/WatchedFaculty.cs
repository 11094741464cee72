using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Tests;

/// <summary>A faculty whose commands somebody sees, each with the state that it meets, before they are decided.</summary>
internal sealed class WatchedFaculty : FacultyDefinition
{
    private readonly FacultyDefinition _inner;
    private readonly Action<FacultyDefinition, object, Command> _deciding;

    public WatchedFaculty(FacultyDefinition inner, Action<FacultyDefinition, object, Command> deciding)
        : base(inner) => (_inner, _deciding) = (inner, deciding);

    public override object Initial => _inner.Initial;

    public override Decision<Event> Decide(object state, Command command)
    {
        _deciding(_inner, state, command);
        return _inner.Decide(state, command);
    }

    public override object Evolve(object state, Event happened) => _inner.Evolve(state, happened);

    public override ImmutableArray<Effect> Pending(object state) => _inner.Pending(state);
}
