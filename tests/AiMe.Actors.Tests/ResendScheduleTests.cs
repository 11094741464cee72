using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;

namespace AiMe.Actors.Tests;

/// <summary>When the supervisor resends a message.</summary>
public sealed class ResendScheduleTests
{
    private static readonly ImmutableArray<Effect> Pending = [Message("a")];

    private readonly ResendSchedule _schedule = new();

    [Fact]
    public void A_message_is_resent_after_one_interval_and_then_after_twice_as_many_each_time() => DueIn(40).ShouldBe([2, 4, 8, 16, 32]);

    [Fact]
    public void No_wait_is_longer_than_a_hundred_intervals() => DueIn(400).TakeLast(2).ShouldBe([228, 328]);

    [Fact]
    public void A_message_that_is_no_longer_pending_is_forgotten()
    {
        DueIn(10);
        _schedule.Due([], all: false);
        DueIn(2).ShouldBe([2], "it counts from the start");
    }

    [Fact]
    public void When_a_node_came_or_went_every_message_that_was_pending_before_is_resent()
    {
        _schedule.Due(Pending, all: false);
        _schedule.Due([.. Pending, Message("b")], all: true).Select(e => e.Key).ShouldBe(["a"], "the new message has only just been sent");
    }

    // The 1-based intervals at which the message is due.
    private List<int> DueIn(int intervals) => [.. Enumerable.Range(1, intervals).Where(_ => !_schedule.Due(Pending, all: false).IsEmpty)];

    private static Tell Message(string key) => new(key, new FacultyAddress("kept-1", Loop.Self), new TryAgain(1));
}
