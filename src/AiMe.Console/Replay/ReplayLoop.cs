using System.Collections.Immutable;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>A terminal that shows whole screens and reads keys.</summary>
internal interface IReplayTerminal
{
    /// <summary>Current columns and rows.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Whether non-ASCII lines and dots can be shown.</summary>
    bool Unicode { get; }

    /// <summary>Whether a key is available.</summary>
    bool HasKey { get; }

    /// <summary>Shows a screen.</summary>
    void Show(ImmutableArray<ScreenRow> rows);

    /// <summary>Reads the next key; null if the size changes first.</summary>
    /// <exception cref="OperationCanceledException">The terminal is closed.</exception>
    Task<ConsoleKeyInfo?> KeyAsync();
}

/// <summary>Runs the interactive view of an instance.</summary>
internal sealed class ReplayLoop(Timeline timeline, string run, IReplayTerminal terminal)
{
    // Number of events between two checks for a key that cancels the search.
    private const int SearchStep = 1000;

    /// <summary>Runs until the user leaves.</summary>
    /// <returns>The last view, and the request that ended it.</returns>
    public async Task<(ReplayView View, ReplayRequest Left)> RunAsync(ReplayView view)
    {
        while (true)
        {
            await ShowAsync(view);
            if (await terminal.KeyAsync() is not { } key)
                continue;
            var (next, wish) = ReplayKeys.Press(view, key, timeline.Index, Screen.ListRows(view.Overlay));
            if (wish is ReplayRequest.Leave or ReplayRequest.Interrupt)
                return (next, wish);
            view = wish is ReplayRequest.SearchOn or ReplayRequest.SearchBack
                ? await SearchAsync(next, wish == ReplayRequest.SearchOn ? 1 : -1)
                : next;
        }
    }

    private ReplayScreen Screen => new(terminal.Size.Width, terminal.Size.Height, terminal.Unicode);

    private async Task ShowAsync(ReplayView view)
    {
        var screen = Screen;
        terminal.Show(
            screen.Draw(
                await ReplayFrame.GatherAsync(timeline, run, view, view.Overlay == Overlay.None ? screen.Height : 0, CancellationToken.None)
            )
        );
    }

    // Searches the text of the listed events from the cursor on, without wrapping around.
    private async Task<ReplayView> SearchAsync(ReplayView view, int step)
    {
        var looked = 0;
        for (
            var at = timeline.Index.Next(view.Cursor, step, view.Faculties);
            at is { } index;
            at = timeline.Index.Next(index, step, view.Faculties)
        )
        {
            var moment = await timeline.AtAsync(index, CancellationToken.None);
            if (Tells(moment.Event, view.Search))
                return view with { Cursor = index };
            if (++looked % SearchStep != 0)
                continue;
            if (terminal.HasKey)
                return view with { Said = $"search for '{view.Search}' cancelled at #{index}" };
            await ShowAsync(view with { Said = $"searching for '{view.Search}': at #{index}; any key cancels" });
        }

        return view with
        {
            Said = $"'{view.Search}' not found {(step > 0 ? "after" : "before")} this event",
        };
    }

    private static bool Tells(InstanceEvent happened, string text)
    {
        var told = EventText.Tell(happened);
        return told
            .Lines.Append(told.Label)
            .Append(told.Heading ?? "")
            .Append(happened.Manifest)
            .Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
