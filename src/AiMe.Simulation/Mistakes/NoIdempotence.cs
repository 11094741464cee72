using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Simulation.Mistakes;

/// <summary>Memory does not look whether it has stored an experience before.</summary>
public sealed record NoIdempotence() : Mistake("no-idempotence", "a command that comes again is carried out again", "once")
{
    internal override ImmutableArray<FacultyDefinition> Faculties(ImmutableArray<FacultyDefinition> faculties) =>
        [
            .. faculties.Select(f =>
                f.Name == Loop.Memory
                    ? new OtherFaculty(f, decide: (state, command) => f.Decide(Forgetful((MemoryState)state, command), command))
                    : f
            ),
        ];

    private static MemoryState Forgetful(MemoryState state, Command command) =>
        command is Store s && s.Draft.Cycle == state.Cycle ? state with { Cycle = state.Cycle - 1 } : state;
}
