using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Mistakes;

/// <summary>A faculty that does one thing otherwise.</summary>
/// <param name="decide">Instead of its decision, where it is given.</param>
/// <param name="pending">Instead of what it owes, where it is given.</param>
internal sealed class OtherFaculty(
    FacultyDefinition inner,
    Func<object, Command, Decision<Event>>? decide = null,
    Func<object, ImmutableArray<Effect>>? pending = null
) : FacultyDefinition(inner)
{
    private readonly FacultyDefinition _inner = inner;

    public override object Initial => _inner.Initial;

    public override Decision<Event> Decide(object state, Command command) =>
        decide is null ? _inner.Decide(state, command) : decide(state, command);

    public override object Evolve(object state, Event happened) => _inner.Evolve(state, happened);

    public override ImmutableArray<Effect> Pending(object state) => pending is null ? _inner.Pending(state) : pending(state);
}
