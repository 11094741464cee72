using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Simulation.Invariants;

namespace AiMe.Simulation.Tests;

public sealed class StateEqualityTests
{
    private static readonly MemoryItem Item = new(
        new MemoryId("e1"),
        "Q: a A: b",
        3,
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        new Embedding([1, 2, 3, 4])
    );

    private static readonly MemoryState State = MemoryDecider.Initial with
    {
        Instance = "life-1",
        Items = [Item],
        Answered = new Recalled(
            RecallFor.OfCycle(2),
            Item.Used,
            [
                [new Hit(Item.Id, Item.Text, 1, 0.5, double.NaN, 0)],
            ]
        ),
        Newest = new Insight(new MemoryId("i1"), "a", [Item.Id]),
    };

    [Fact]
    public void A_state_equals_what_is_read_from_its_JSON() => Same(Read(State)).ShouldBeTrue();

    [Fact]
    public void A_state_that_has_one_other_member_somewhere_differs()
    {
        var hit = State.Answered!.Hits[0][0];
        MemoryState[] others =
        [
            State with
            {
                Cycle = 1,
            },
            State with
            {
                Ended = true,
            },
            State with
            {
                Instance = "life-2",
            },
            State with
            {
                Newest = null,
            },
            State with
            {
                Items = [],
            },
            State with
            {
                Items = [Item, Item],
            },
            State with
            {
                Items = [Item with { Importance = 4 }],
            },
            State with
            {
                Items = [Item with { Used = Item.Used.AddTicks(1) }],
            },
            State with
            {
                Items = [Item with { Used = DateTime.SpecifyKind(Item.Used, DateTimeKind.Unspecified) }],
            },
            State with
            {
                Items = [Item with { Embedding = new Embedding([1, 2, 3, 5]) }],
            },
            State with
            {
                Batch = [new Example(Item.Id, new Prompt([]), "b")],
            },
            State with
            {
                Answered = State.Answered with { For = RecallFor.OfProbes(2) },
            },
            State with
            {
                Answered = State.Answered with
                {
                    Hits =
                    [
                        [hit with { Relevance = -0.0 }],
                    ],
                },
            },
            State with
            {
                Answered = State.Answered with
                {
                    Hits =
                    [
                        [hit with { Importance = 0 }],
                    ],
                },
            },
            State with
            {
                Answered = State.Answered with
                {
                    Hits =
                    [
                        [hit],
                        [],
                    ],
                },
            },
        ];
        foreach (var other in others)
            Same(other).ShouldBeFalse(other.ToString());
    }

    private static bool Same(MemoryState other) => new StateEquality(FacultyOf.StateJson.Options).Equals(State, other);

    private static MemoryState Read(MemoryState state) =>
        (MemoryState)JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(state, FacultyOf.StateJson), FacultyOf.StateJson)!;

    private static FacultyDefinition FacultyOf => Loop.Faculties.First(f => f.Name == Loop.Memory);
}
