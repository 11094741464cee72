namespace AiMe.Actors.Tests;

/// <summary>When a host has come to rest.</summary>
public sealed class HostLifecycleTests
{
    private readonly HostLifecycle _lifecycle = new();

    [Fact]
    public void A_host_at_work_is_not_idle_and_neither_is_one_with_an_actor_that_is_about_to_recover()
    {
        _lifecycle.Change(Work.None, Work.Busy);
        _lifecycle.IsIdle.ShouldBeFalse();
        _lifecycle.Change(Work.Busy, Work.Pausing);
        _lifecycle.IsIdle.ShouldBeFalse();
        _lifecycle.Change(Work.Pausing, Work.None);
        _lifecycle.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task It_becomes_idle_when_the_last_actor_has_nothing_in_hand()
    {
        _lifecycle.Change(Work.None, Work.Busy);
        _lifecycle.Change(Work.None, Work.Busy);
        var idle = _lifecycle.BecomeIdleAsync(CancellationToken.None);
        _lifecycle.Change(Work.Busy, Work.None);
        idle.IsCompleted.ShouldBeFalse();
        _lifecycle.Change(Work.Busy, Work.None);
        await idle.WaitAsync(Systems.Patience);
    }

    [Fact]
    public async Task It_does_not_wait_for_actors_that_pause_before_they_recover()
    {
        _lifecycle.Change(Work.None, Work.Pausing);
        await _lifecycle.BecomeIdleAsync(CancellationToken.None).WaitAsync(Systems.Patience);
    }

    [Fact]
    public async Task Whoever_does_not_wait_any_longer_is_let_go()
    {
        _lifecycle.Change(Work.None, Work.Busy);
        using var now = new CancellationTokenSource();
        var idle = _lifecycle.BecomeIdleAsync(now.Token);
        await now.CancelAsync();
        await idle.WaitAsync(Systems.Patience);
    }

    [Fact]
    public async Task A_host_that_cannot_go_on_is_not_waited_for()
    {
        _lifecycle.Change(Work.None, Work.Busy);
        var idle = _lifecycle.BecomeIdleAsync(CancellationToken.None);
        _lifecycle.Fail(new InvalidOperationException("it is over"));
        await idle.WaitAsync(Systems.Patience);
    }

    [Fact]
    public async Task The_first_failure_is_the_hosts()
    {
        _lifecycle.Fail(new InvalidOperationException("first"));
        _lifecycle.Fail(new InvalidOperationException("second"));
        (await Should.ThrowAsync<InvalidOperationException>(() => _lifecycle.Failure)).Message.ShouldBe("first");
    }

    [Fact]
    public async Task A_host_that_is_to_become_idle_begins_nothing_new()
    {
        await _lifecycle.BecomeIdleAsync(CancellationToken.None);
        (_lifecycle.IsStopping, _lifecycle.Stopping.IsCancellationRequested, _lifecycle.Cancelled.IsCancellationRequested).ShouldBe(
            (true, true, false)
        );
    }
}
