using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Faculties;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>All data for drawing a screen.</summary>
/// <param name="Last">Index of the instance's last event.</param>
/// <param name="List">Listed events around the cursor, in order, including the one at the cursor.</param>
/// <param name="Page">Lines of the overlay; empty without one.</param>
internal sealed record ReplayFrame(
    string Run,
    string Instance,
    ReplayView View,
    long Last,
    TimelineIndex.IndexEntry Place,
    ReplayStep Current,
    ImmutableArray<ReplayStep> List,
    ImmutableArray<string> Page
)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the data of a screen.</summary>
    /// <param name="rows">Maximum number of listed events before and after the cursor.</param>
    public static async Task<ReplayFrame> GatherAsync(
        Timeline timeline,
        string run,
        ReplayView view,
        int rows,
        CancellationToken cancellationToken
    )
    {
        var current = await timeline.AtAsync(view.Cursor, cancellationToken);
        List<ReplayStep> list = [current];
        for (
            var (i, at) = (0, timeline.Index.Next(view.Cursor, -1, view.Faculties));
            i < rows && at is { } index;
            i++, at = timeline.Index.Next(index, -1, view.Faculties)
        )
            list.Insert(0, await timeline.AtAsync(index, cancellationToken));
        for (
            var (i, at) = (0, timeline.Index.Next(view.Cursor, 1, view.Faculties));
            i < rows && at is { } index;
            i++, at = timeline.Index.Next(index, 1, view.Faculties)
        )
            list.Add(await timeline.AtAsync(index, cancellationToken));
        return new ReplayFrame(
            run,
            timeline.Instance,
            view,
            timeline.Length,
            timeline.Index[view.Cursor],
            current,
            [.. list],
            PageOf(view.Overlay, current)
        );
    }

    private static ImmutableArray<string> PageOf(Overlay overlay, ReplayStep current) =>
        overlay switch
        {
            Overlay.Event => Lines(FacultyEvents.Codec.Write(current.Event.Happened)),
            Overlay.State => Lines(StateOf(current.Event)),
            Overlay.Help => [.. ReplayKeys.All.Select(k => $"{k.Usage, -26}{k.Help}")],
            _ => [],
        };

    /// <summary>The complete state of an event's faculty after the event.</summary>
    public static byte[] StateOf(InstanceEvent happened) =>
        JsonSerializer.SerializeToUtf8Bytes(happened.State, Loop.Faculties.First(f => f.Name == happened.Faculty).StateJson);

    private static ImmutableArray<string> Lines(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
            document.WriteTo(writer);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n").Split('\n')];
    }
}
