using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Mistakes;

/// <summary>A faculty with one replaced function.</summary>
/// <param name="decide">Replaces its decision, if not null.</param>
/// <param name="pending">Replaces its pending effects, if not null.</param>
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
