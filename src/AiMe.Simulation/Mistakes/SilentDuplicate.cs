using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Simulation.Mistakes;

/// <summary>A repeated command is ignored without a reply.</summary>
public sealed record SilentDuplicate() : Mistake("silent-duplicate", "a repeated command yields no reply and no next message", "ends")
{
    internal override ImmutableArray<FacultyDefinition> Faculties(ImmutableArray<FacultyDefinition> faculties) =>
        [
            .. faculties.Select(f =>
                f.Name is Loop.Memory or Loop.Reflector or Loop.Curator
                    ? new OtherFaculty(f, decide: (state, command) => Silent(f.Decide(state, command)))
                    : f
            ),
        ];

    // In these three faculties a decision with messages but no events answers a repeated command.
    private static Decision<Event> Silent(Decision<Event> decision) =>
        decision.Refusal is null && decision.Events.IsEmpty && decision.Effects.All(e => e is Tell) ? NoEvents.NoEffects : decision;
}
