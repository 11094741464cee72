using System.Collections.Immutable;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>A terminal that shows whole screens and gives keys.</summary>
internal interface IReplayTerminal
{
    /// <summary>Columns and rows now.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Whether lines and dots may be more than ASCII.</summary>
    bool Unicode { get; }

    /// <summary>Whether a key waits.</summary>
    bool HasKey { get; }

    /// <summary>Shows a screen.</summary>
    void Show(ImmutableArray<ScreenRow> rows);

    /// <summary>The next key; null where the size has changed before one came.</summary>
    /// <exception cref="OperationCanceledException">Nobody is there any more.</exception>
    Task<ConsoleKeyInfo?> KeyAsync();
}

/// <summary>Walks through a life: a key, another view, a screen.</summary>
internal sealed class ReplayLoop(Timeline timeline, string run, IReplayTerminal terminal)
{
    // So often a search looks whether a key ends it, and says how far it is.
    private const int SearchStep = 1000;

    /// <summary>Until one leaves.</summary>
    /// <returns>The view as it was left, and how.</returns>
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

    // In what is told of the listed events, from the cursor on; not around the end.
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
                return view with { Said = $"the search for '{view.Search}' was ended at #{index}" };
            await ShowAsync(view with { Said = $"searching for '{view.Search}': at #{index}; any key ends it" });
        }

        return view with
        {
            Said = $"'{view.Search}' is not told {(step > 0 ? "from here on" : "before here")}",
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
