using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;

namespace AiMe.Actors.Tests;

/// <summary>When a message of the supervisor is told again.</summary>
public sealed class RetellingTests
{
    private static readonly ImmutableArray<Effect> Owed = [Message("a")];

    private readonly Retelling _retelling = new();

    [Fact]
    public void A_message_is_told_again_after_one_interval_and_then_after_twice_as_many_each_time() =>
        DueIn(40).ShouldBe([2, 4, 8, 16, 32]);

    [Fact]
    public void No_wait_is_longer_than_a_hundred_intervals() => DueIn(400).TakeLast(2).ShouldBe([228, 328]);

    [Fact]
    public void What_is_owed_no_longer_is_forgotten()
    {
        DueIn(10);
        _retelling.Due([], all: false);
        DueIn(2).ShouldBe([2], "it counts from the start");
    }

    [Fact]
    public void When_a_node_came_or_went_all_that_was_owed_before_is_told_again()
    {
        _retelling.Due(Owed, all: false);
        _retelling.Due([.. Owed, Message("b")], all: true).Select(e => e.Key).ShouldBe(["a"], "what is new has only just been told");
    }

    // The intervals, from 1, at which it is due.
    private List<int> DueIn(int intervals) => [.. Enumerable.Range(1, intervals).Where(_ => !_retelling.Due(Owed, all: false).IsEmpty)];

    private static Tell Message(string key) => new(key, new FacultyAddress("kept-1", Loop.Self), new TryAgain(1));
}
