using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Simulation.Mistakes;

/// <summary>Memory does not check whether it has already stored an experience.</summary>
public sealed record NoIdempotence() : Mistake("no-idempotence", "a repeated command takes effect again", "once")
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
