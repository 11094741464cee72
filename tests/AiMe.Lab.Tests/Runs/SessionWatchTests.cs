using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>Of which instances a session hears that they rest.</summary>
public sealed class SessionWatchTests
{
    private static readonly string One = Begun().Instances.Keys.First(),
        Other = Begun().Instances.Keys.Last();

    private static readonly SupervisorEvent[] s_events =
    [
        new InstanceAdvanced(One, 0, 0, Heads.None),
        new InstanceParked(One, "it failed"),
        new InstanceRevived(One),
        new InstanceFinished(One, 2, Heads.None),
        new InputReceived(One, "arrival", new Input.Said("Hello.", "topic"), default),
        new InputTaken(One, "arrival", 3),
        new InputAnswered(One, "arrival", 3, Heads.None),
        new InstanceParked(Other, "it failed too"),
    ];

    private readonly List<string> _rested = [];

    [Fact]
    public void An_instance_that_finishes_is_parked_or_has_answered_is_told_once_each_time()
    {
        SessionWatch watch = new(Begun(), new NullHost(), elsewhere: false) { Rested = _rested.Add };
        List<int> counts = [];
        foreach (var happened in s_events)
        {
            watch.Happened("run", Loop.Supervisor, happened);
            counts.Add(_rested.Count);
        }

        counts.ShouldBe([0, 1, 1, 2, 2, 2, 3, 4]);
        _rested.ShouldBe([One, One, One, Other]);
    }

    [Fact]
    public void The_same_is_told_of_a_supervisor_in_another_process()
    {
        SessionWatch watch = new(Begun(), new NullHost(), elsewhere: true) { Rested = _rested.Add };
        foreach (var happened in s_events)
        {
            watch.Happened("run", Loop.Supervisor, happened); // it is read from the journal, and not heard
            watch.Moved(SupervisorDecider.Evolve(watch.State, happened));
        }

        _rested.ShouldBe([One, One, One, Other]);
    }

    private static SupervisorState Begun() =>
        SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Faculties.Tests.Plans.TwoVariants()));
}
