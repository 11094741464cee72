using AiMe.Serve.Http;

namespace AiMe.Serve.Tests;

public sealed class WorkGateTests
{
    [Fact]
    public async Task As_many_compute_as_there_are_workers_as_many_wait_as_there_are_places_and_the_next_is_turned_away()
    {
        using var gate = new WorkGate(workers: 1, places: 1);
        var first = await gate.EnterAsync(default);
        var second = gate.EnterAsync(default);
        second.IsCompleted.ShouldBeFalse();
        (await Should.ThrowAsync<ApiException>(() => gate.EnterAsync(default))).RetryAfter.ShouldBe(1);
        first.Dispose();
        first.Dispose(); // once is enough
        using var third = (await second);
        gate.EnterAsync(default).IsCompleted.ShouldBeFalse("the place is free again, the turn is not");
    }

    [Fact]
    public async Task One_that_gives_up_frees_its_place()
    {
        using var gate = new WorkGate(workers: 1, places: 1);
        using var first = await gate.EnterAsync(default);
        using var givenUp = new CancellationTokenSource();
        var second = gate.EnterAsync(givenUp.Token);
        await givenUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        gate.EnterAsync(default).IsFaulted.ShouldBeFalse();
    }
}
