using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;

namespace AiMe.EventSourcing.Tests;

internal abstract record DoorEvent : Event;

internal sealed record Opened : DoorEvent;

internal abstract record DoorCommand : Command;

internal sealed record Open : DoorCommand;

internal sealed record Kick : DoorCommand;

internal sealed record Ring : Command;

internal sealed record Greet(string Key) : Effect(Key);

internal sealed record Door(bool IsOpen);

[JsonSerializable(typeof(Door))]
internal sealed partial class DoorJson : JsonSerializerContext;

/// <summary>The smallest decider that uses every form of a decision.</summary>
internal sealed class DoorDecider : IDecider<Door, DoorCommand, DoorEvent>
{
    private static readonly Greet Hello = new("greet 1");

    public static Door Initial { get; } = new(IsOpen: false);

    public static Decision<DoorEvent> Decide(Door state, DoorCommand command) =>
        command switch
        {
            Open when state.IsOpen => NoEvents.Then(Hello),
            Open => [new Opened()],
            Kick => new Refusal("the door is not to be kicked"),
            _ => throw new UnreachableException(),
        };

    public static Door Evolve(Door state, DoorEvent happened) =>
        happened switch
        {
            Opened => new Door(IsOpen: true),
            _ => throw new UnreachableException(),
        };

    public static ImmutableArray<Effect> Pending(Door state) => state.IsOpen ? [Hello] : [];
}

public sealed class DecisionTests
{
    private static readonly FacultyDefinition Faculty = FacultyDefinition.Of<DoorDecider, Door, DoorCommand, DoorEvent>("door", 2, () =>
        DoorJson.Default.Door
    );
    private static readonly object Opened = Faculty.Evolve(Faculty.Initial, new Opened());

    [Fact]
    public void An_accepted_command_gives_its_events_in_order()
    {
        Decision<DoorEvent> decision = [new Opened(), new Opened()];
        decision.Events.Length.ShouldBe(2);
        decision.ShouldBe(decision.Events);
        decision.Effects.ShouldBeEmpty();
        decision.Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_repeated_command_gives_no_events_and_the_same_message_again()
    {
        var decision = Faculty.Decide(Opened, new Open());
        decision.Events.ShouldBeEmpty();
        decision.Effects.ShouldBe(Faculty.Pending(Opened));
        decision.Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_refused_command_gives_only_its_reason()
    {
        var decision = Faculty.Decide(Faculty.Initial, new Kick());
        decision.Events.ShouldBeEmpty();
        decision.Effects.ShouldBeEmpty();
        decision.Refusal.ShouldBe(new Refusal("the door is not to be kicked"));
    }

    [Fact]
    public void Nothing_at_all_is_a_decision_too()
    {
        Decision<DoorEvent> decision = NoEvents.NoEffects;
        (decision.Events.Length, decision.Effects.Length, decision.Refusal).ShouldBe((0, 0, null));
    }

    [Fact]
    public void A_faculty_refuses_another_faculty_s_command() =>
        Faculty.Decide(Faculty.Initial, new Ring()).Refusal.ShouldBe(new Refusal("door does not take Ring"));

    [Fact]
    public void A_faculty_knows_its_decider_s_types_and_state()
    {
        (Faculty.Name, Faculty.StateManifest, Faculty.Commands, Faculty.Events).ShouldBe(
            ("door", "door.state@2", typeof(DoorCommand), typeof(DoorEvent))
        );
        Faculty.Decide(Faculty.Initial, new Open()).Events.ShouldBe([new Opened()]);
        Opened.ShouldBe(new Door(IsOpen: true));
    }

    [Theory]
    [InlineData("me", "memory", "run-1/me/memory")]
    [InlineData("supervisor", "supervisor", "run-1/supervisor")]
    public void A_stream_is_named_by_run_instance_and_faculty(string instance, string faculty, string expected) =>
        PersistenceId.Of("run-1", new FacultyAddress(instance, faculty)).ToString().ShouldBe(expected);
}
