using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>Of which instances a session hears that they rest.</summary>
public sealed class SessionWatchTests
{
    private static readonly SupervisorEvent[] s_events =
    [
        new InstanceAdvanced("a-1", 0, 0, Heads.None),
        new InstanceParked("a-1", "it failed"),
        new InstanceRevived("a-1"),
        new InstanceFinished("a-1", 2, Heads.None),
        new InputReceived("a-1", "arrival", new Input.Said("Hello.", "topic"), default),
        new InputTaken("a-1", "arrival", 3),
        new InputAnswered("a-1", "arrival", 3, Heads.None),
        new InstanceParked("a-2", "it failed too"),
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
        _rested.ShouldBe(["a-1", "a-1", "a-1", "a-2"]);
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

        _rested.ShouldBe(["a-1", "a-1", "a-1", "a-2"]);
    }

    private static SupervisorState Begun() =>
        SupervisorDecider.Initial with
        {
            Instances = SupervisorDecider
                .Initial.Instances.Add("a-1", InstanceProgress.Unborn(1, "a"))
                .Add("a-2", InstanceProgress.Unborn(2, "a")),
        };
}
