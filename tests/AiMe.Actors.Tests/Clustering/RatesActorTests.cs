using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>The rates of a cluster, kept by one actor.</summary>
public sealed class RatesActorTests : TestKit
{
    private static readonly Rate Calls = new("calls", 600);

    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = new();

    [Fact]
    public async Task Nodes_that_ask_are_answered_in_turn_with_what_is_free()
    {
        var (keeper, one, other) = (Keeper(), CreateTestProbe(), CreateTestProbe());
        await AskAsync(keeper, new TakeUnits(Calls, 100), one);
        await AskAsync(keeper, new TakeUnits(Calls, 100), other);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await one.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(10);
        other.HasMessages.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await other.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(10);
    }

    [Fact]
    public async Task Who_waits_for_too_long_is_told_to_ask_again_and_loses_nothing_by_it()
    {
        var (keeper, slow, one) = (Keeper(), new Rate("slow", 3), CreateTestProbe());
        foreach (var (seconds, given) in new[] { (6, 0), (6, 0), (6, 0), (3, 1) }) // 20 s are needed
        {
            await AskAsync(keeper, new TakeUnits(slow, 1), one);
            _time.Advance(TimeSpan.FromSeconds(seconds));
            (await one.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(given);
        }
    }

    [Fact]
    public async Task Of_two_figures_the_least_holds_until_nobody_has_asked_for_it_for_a_minute()
    {
        var (keeper, few, many) = (Keeper(), CreateTestProbe(), CreateTestProbe());
        await AskAsync(keeper, new TakeUnits(Calls with { PerMinute = 60 }, 100), few);
        await AskAsync(keeper, new TakeUnits(Calls, 100), many);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await few.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await many.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(61));
        await AskAsync(keeper, new TakeUnits(Calls, 100), many);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await many.ExpectMsgAsync<UnitsTaken>()).Given.ShouldBe(10);
    }

    [Fact]
    public async Task A_node_asks_until_it_is_given_something()
    {
        var keeper = CreateTestProbe();
        var taken = new ClusterRates(keeper, [Calls]).TakeAsync("calls", 7, CancellationToken.None);
        await keeper.ExpectMsgAsync(new TakeUnits(Calls, 7));
        keeper.Reply(new UnitsTaken(0));
        await keeper.ExpectMsgAsync(new TakeUnits(Calls, 7));
        keeper.Reply(new UnitsTaken(5));
        (await taken).ShouldBe(5);
    }

    [Fact]
    public async Task A_node_that_ends_asks_no_more()
    {
        using var over = new CancellationTokenSource();
        var taken = new ClusterRates(CreateTestProbe(), [Calls]).TakeAsync("calls", 7, over.Token);
        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(taken);
    }

    private IActorRef Keeper()
    {
        var time = _time;
        return Sys.ActorOf(Props.Create(() => new RatesActor(time)));
    }

    // Behind this the keeper has taken the question.
    private static async Task AskAsync(IActorRef keeper, TakeUnits take, IActorRef asks)
    {
        keeper.Tell(take, asks);
        await keeper.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(30));
    }
}
