using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Replay;

/// <summary>Runs the interactive view of an instance.</summary>
internal sealed class ReplayLoop(Timeline timeline, string run, IAnsiConsole console)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(30);

    // Number of events between two checks for a key that cancels the search.
    private const int SearchStep = 1000;

    private ReplayScreen? _shown;

    /// <summary>Runs until the user leaves.</summary>
    /// <returns>The last view, and the request that ended it.</returns>
    public async Task<(ReplayView View, ReplayRequest Left)> RunAsync(ReplayView view, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ShowAsync(view, cancellationToken);
            if (await KeyAsync(cancellationToken) is not { } key)
                continue;
            var (next, wish) = ReplayKeys.Press(view, key, timeline.Index, Screen.ListRows(view.Overlay));
            if (wish is ReplayRequest.Leave or ReplayRequest.Interrupt)
                return (next, wish);
            view = wish is ReplayRequest.SearchOn or ReplayRequest.SearchBack
                ? await SearchAsync(next, wish == ReplayRequest.SearchOn ? 1 : -1, cancellationToken)
                : next;
        }
    }

    private ReplayScreen Screen => new(console.Profile.Width, console.Profile.Height);

    private async Task ShowAsync(ReplayView view, CancellationToken cancellationToken)
    {
        _shown = Screen;
        var rows = view.Overlay == Overlay.None ? _shown.Height : 0;
        var frame = await ReplayFrame.GatherAsync(timeline, run, view, rows, cancellationToken);
        var page = Segment.SplitLines(_shown.Draw(frame).GetSegments(console));
        console.WriteAnsi(writer =>
        {
            // A text may be narrower on the terminal than measured: erasing a row first leaves nothing of the last page.
            for (var row = 0; row < page.Count; row++)
            {
                writer.CursorPosition(row + 1, 1).EraseInLine();
                foreach (var part in page[row])
                    writer.Write(part.Text, part.Style);
            }
        });
        console.Profile.Out.Writer.Flush();
    }

    // Null if the size changes first.
    private async Task<ConsoleKeyInfo?> KeyAsync(CancellationToken cancellationToken)
    {
        while (!console.Input.IsKeyAvailable())
        {
            if (Screen != _shown)
                return null;
            await Task.Delay(LookEvery, cancellationToken);
        }

        return console.Input.ReadKey(intercept: true);
    }

    // Searches the text of the listed events from the cursor on, without wrapping around.
    private async Task<ReplayView> SearchAsync(ReplayView view, int step, CancellationToken cancellationToken)
    {
        var looked = 0;
        for (
            var at = timeline.Index.Next(view.Cursor, step, view.Faculties);
            at is { } index;
            at = timeline.Index.Next(index, step, view.Faculties)
        )
        {
            var moment = await timeline.AtAsync(index, cancellationToken);
            if (Tells(moment.Event, view.Search))
                return view with { Cursor = index };
            if (++looked % SearchStep != 0)
                continue;
            if (console.Input.IsKeyAvailable())
                return view with { Said = $"search for '{view.Search}' cancelled at #{index}" };
            await ShowAsync(view with { Said = $"searching for '{view.Search}': at #{index}; any key cancels" }, cancellationToken);
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
