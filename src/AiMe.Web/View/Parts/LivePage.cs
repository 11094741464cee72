using AiMe.Web.View.Live;
using Microsoft.AspNetCore.Components;

namespace AiMe.Web.View.Parts;

/// <summary>A page that is drawn again when the store has changed.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private IDisposable? _subscription;

    /// <summary>A page that nobody has left.</summary>
    protected LivePage() => Left = _left.Token; // the source's own property throws once the page is left

    [Inject]
    internal StoreBoard Board { get; set; } = default!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left { get; }

    /// <summary>The run that the page shows; null for all.</summary>
    protected virtual string? Watched => null;

    /// <summary>Called on the page's own thread after a change, before it is drawn.</summary>
    protected virtual Task ChangedAsync() => Task.CompletedTask;

    /// <summary>Draws the page again; from any thread.</summary>
    protected Task DrawAsync() => InvokeAsync(StateHasChanged);

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        // Not while it is rendered for the first answer: only a connected page is told of changes.
        if (firstRender)
            _subscription = Board.Subscribe(Watched, () => InvokeAsync(UpdateAsync));
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await _left.CancelAsync();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task UpdateAsync()
    {
        if (Left.IsCancellationRequested)
            return;
        try
        {
            await ChangedAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            // The page was left while it read.
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e); // this page shows it; the others go on
        }
    }
}
