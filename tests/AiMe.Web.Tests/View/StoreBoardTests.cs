using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Runs;
using AiMe.Web.View.Live;

namespace AiMe.Web.Tests.View;

/// <summary>The reader that keeps all pages up to date.</summary>
public sealed class StoreBoardTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private WrittenStore _written = default!;

    public async Task InitializeAsync()
    {
        _written = await WrittenStore.OpenAsync();
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new RunPlanned(Plan));
    }

    public async Task DisposeAsync() => await _written.DisposeAsync();

    [Fact]
    public async Task A_page_that_does_not_return_holds_up_no_other()
    {
        await using var board = new StoreBoard(_written.Store, TimeProvider.System);
        var (stuck, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var slow = board.Subscribe(Plan.Run, () => stuck.Task);
        using var other = board.Subscribe(Plan.Run, () =>
        {
            told.TrySetResult();
            return Task.CompletedTask;
        });
        await told.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_page_is_told_again_of_what_happened_while_it_was_busy()
    {
        await using var board = new StoreBoard(_written.Store, TimeProvider.System);
        var (first, again, goOn) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        using var page = board.Subscribe(Plan.Run, () =>
        {
            if (!first.TrySetResult())
                again.TrySetResult();
            return goOn.Task;
        });
        await first.Task.WaitAsync(Patience);
        var instance = Plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)).First();
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new InstanceParked(instance, "for the test"));
        while (board[Plan.Run]?.Instances.Any(i => i.Parked is not null) != true)
            await board.LookAsync(Plan.Run, CancellationToken.None);
        goOn.SetResult();
        await again.Task.WaitAsync(Patience);
    }

    private static RunPlan Plan { get; } = Lives.Plan(2, Lives.Variant("wild"));
}
