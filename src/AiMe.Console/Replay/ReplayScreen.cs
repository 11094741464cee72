using System.Globalization;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Replay;

/// <summary>
/// Draws a frame at a size: the events around the cursor, the event at the cursor, and the states of the faculties
/// beside or below them.
/// </summary>
internal sealed record ReplayScreen(int Width, int Height)
{
    private static readonly Style s_label = Color.Blue;
    private static readonly Style s_bold = new(decoration: Decoration.Bold);
    private static readonly Style s_cursor = new(decoration: Decoration.Invert);

    /// <summary>Minimum width for list and states side by side.</summary>
    private const int TwoColumns = 120;

    private const int LabelWidth = 17;

    /// <summary>Order in which panes get additional lines if space is short.</summary>
    private static readonly int[] Generosity = [3, 1, 0, 3, 2, 4, 0, 1, 3, 2, 0, 4, 3, 3];

    /// <summary>Rows of the list, or of the overlay.</summary>
    public int ListRows(Overlay overlay) => Math.Max(1, overlay == Overlay.None ? Body - (IsWide ? 0 : TellingRows + PaneRows) : Body - 1);

    private bool IsWide => Width >= TwoColumns;

    private int Body => Math.Max(1, Height - 2);

    // In a low terminal the panes are omitted first, then the text of the event.
    private int PaneRows => Height < 18 ? 0 : Math.Max(6, Body * 2 / 5 + 2);

    private int TellingRows => Height < 12 ? 0 : Math.Clamp(Body / 5, 2, 8) + 1;

    /// <summary>Draws exactly as many rows as the screen has, each exactly as wide.</summary>
    public IRenderable Draw(ReplayFrame frame) =>
        new PortableSigns(
            new Layout().SplitRows(
                new Layout(Header(frame)).Size(1),
                frame.View.Overlay != Overlay.None ? new Layout(new Rows(Over(frame)))
                    : IsWide ? SideBySide(frame)
                    : Below(frame),
                new Layout(Footer(frame)).Size(1)
            )
        );

    private ScreenRow Header(ReplayFrame frame)
    {
        var place = frame.Place;
        var where =
            $"event {frame.View.Cursor} of {frame.Last}, "
            + $"{(place.Cycle == 0 ? "before cycle 1" : $"cycle {place.Cycle}")}, "
            + $"{(place.Generation < 0 ? "starting" : $"generation {place.Generation}")}";
        var listed = Loop
            .Faculties.Select((f, i) => (f.Name, i))
            .Where(f => TimelineIndex.Has(frame.View.Faculties, f.i))
            .Select(f => f.Name);
        var filter = frame.View.Faculties == ReplayView.All ? "" : $"  only {string.Join(", ", listed)}";
        return new(($" {frame.Instance}", s_bold), ($"  {where}", Style.Plain), (filter, s_label), ($"  {frame.Run}", Lines.Dim));
    }

    private ScreenRow Footer(ReplayFrame frame)
    {
        if (frame.View.Prompt is { } typed)
            return new((typed, s_bold), ("_", s_cursor));
        if (frame.View.Said.Length > 0)
            return new(($" {frame.View.Said}", s_bold));
        return new(
            (
                frame.View.Overlay != Overlay.None ? " up, down, PgUp, PgDn: scroll   left, right: other events   Esc: close   q: close"
                : Width < 100 ? " arrows c C r R f F 1-5 :n /text  Enter event  s state  ? help  q leave"
                : " arrows, PgUp, PgDn: move   c C: cycle   r R: generation   f F, 1-5: faculty   :n go to   /text search   "
                    + "Enter: event   s: state   ?: help   q: quit",
                Lines.Dim
            )
        );
    }

    private Layout Below(ReplayFrame frame) =>
        new Layout().SplitRows(
            new Layout(new Rows(List(frame, ListRows(Overlay.None)))),
            Titled(About(frame.Current), Telling(frame, Width, TellingRows - 1), TellingRows),
            Titled($"faculties after #{frame.View.Cursor}", Panes(frame, Width, PaneRows - 1, wrap: false), PaneRows)
        );

    private Layout SideBySide(ReplayFrame frame)
    {
        var left = Width * 11 / 20;
        var right = Width - left - 3;
        var telling = Telling(frame, right, Math.Max(2, Body / 3));
        var room = Body - telling.Count - 1;
        return new Layout().SplitColumns(
            new Layout(new Rows(List(frame, Body))).Size(left),
            new Layout(new Rows(Enumerable.Repeat(new ScreenRow((" │ ", Lines.Dim)), Body))).Size(3),
            new Layout().SplitRows(
                Titled(About(frame.Current), telling, telling.Count + 1),
                Titled($"faculties after #{frame.View.Cursor}", Panes(frame, right, room - 1, wrap: true), room)
            )
        );
    }

    private static Layout Titled(string title, IEnumerable<ScreenRow> rows, int size) =>
        new(new Rows(rows.Prepend<IRenderable>(Rule(title)))) { Size = Math.Max(1, size), IsVisible = size > 0 };

    private IEnumerable<IRenderable> Over(ReplayFrame frame)
    {
        var room = ListRows(frame.View.Overlay);
        var lines = frame.Page.SelectMany(line => ScreenRow.Wrap(line, Width - 2)).ToList();
        var first = Math.Clamp(frame.View.Scroll, 0, Math.Max(0, lines.Count - room));
        var what = frame.View.Overlay switch
        {
            Overlay.Event => About(frame.Current),
            Overlay.State => $"{frame.Current.Event.Faculty} after #{frame.View.Cursor}",
            _ => "keys",
        };
        yield return Rule(
            lines.Count <= room ? what : $"{what}; lines {first + 1} to {Math.Min(lines.Count, first + room)} of {lines.Count}"
        );
        foreach (var line in lines.Skip(first).Take(room))
            yield return new ScreenRow(($" {line}", Style.Plain));
    }

    // The cursor stays in the middle, except near the ends.
    private static IEnumerable<ScreenRow> List(ReplayFrame frame, int room)
    {
        var at = frame.List.IndexOf(frame.List.First(m => m.Event.Index == frame.View.Cursor));
        var first = Math.Clamp(at - (room - 1) / 2, 0, Math.Max(0, frame.List.Length - room));
        var digits = Math.Max(5, frame.Last.ToString(CultureInfo.InvariantCulture).Length + 1);
        foreach (var moment in frame.List.Skip(first).Take(room))
        {
            var (told, here) = (EventText.Tell(moment.Event), moment.Event.Index == frame.View.Cursor);
            var number = $"{(here ? '>' : ' ')}{$"#{moment.Event.Index}".PadLeft(digits)} ";
            var faculty = $"{Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == moment.Event.Faculty)) + 1} ";
            var label = $"{told.Label, -LabelWidth}";
            var text = string.Join("  ", Enumerable.Concat(told.Heading is { } heading ? [$"[{heading}]"] : [], told.Lines));
            yield return here
                ? new((number + faculty + label + text, s_cursor))
                : new((number + faculty, Lines.Dim), (label, s_label), (text, told.Heading is null ? Style.Plain : s_bold));
        }
    }

    private static string About(ReplayStep moment) =>
        $"#{moment.Event.Index} {moment.Event.Manifest}, written "
        + $"{new DateTime(moment.WrittenTicks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} "
        + "UTC";

    private static List<ScreenRow> Telling(ReplayFrame frame, int width, int room)
    {
        var told = EventText.Tell(frame.Current.Event);
        var parts = told.Lines.DefaultIfEmpty("").SelectMany(line => ScreenRow.Wrap(line, Math.Max(8, width - LabelWidth - 2)));
        List<ScreenRow> rows =
        [
            .. parts.Select((part, i) => new ScreenRow(($" {(i == 0 ? told.Label : ""), -LabelWidth}", s_label), (part, Style.Plain))),
        ];
        return rows.Count <= room
            ? rows
            :
            [
                .. rows.Take(room - 1),
                new(($" {"", LabelWidth}{rows.Count - room + 1} more lines: Enter shows the whole event", Lines.Dim)),
            ];
    }

    private static IEnumerable<ScreenRow> Panes(ReplayFrame frame, int width, int room, bool wrap)
    {
        const int name = 12;
        var panes = FacultyPane.Of(frame.Current.After);
        var lines = panes
            .Select(p => p.Lines.SelectMany(line => wrap ? ScreenRow.Wrap(line, Math.Max(8, width - name - 1)) : [line]).ToList())
            .ToList();
        var given = Share([.. lines.Select(l => l.Count)], room);
        for (var i = 0; i < panes.Length; i++)
        {
            for (var line = 0; line < given[i]; line++)
            {
                var own = panes[i].Faculty == frame.Current.Event.Faculty;
                yield return new(
                    (
                        line == 0 ? $"{(own ? '*' : ' ')}{i + 1} {panes[i].Faculty, -name}"[..(name + 1)] : new string(' ', name + 1),
                        own ? s_bold : s_label
                    ),
                    (lines[i][line], own ? s_bold : Style.Plain)
                );
            }
        }
    }

    // One line per pane, then additional lines in turn, as long as there is space.
    private static int[] Share(int[] wanted, int room)
    {
        var given = new int[wanted.Length];
        for (var i = 0; i < wanted.Length && room > 0; i++, room--)
            given[i] = Math.Min(1, wanted[i]);
        for (var more = true; more && room > 0; )
        {
            more = false;
            foreach (var i in Generosity.Where(i => room > 0 && given[i] < wanted[i]))
                (given[i], room, more) = (given[i] + 1, room - 1, true);
        }

        return given;
    }

    private static Rule Rule(string title) => new(Markup.Escape(title)) { Justification = Justify.Left, Style = Lines.Dim };

    // Spectre draws its dots and its rules alike on a terminal without Unicode.
    private sealed class PortableSigns(IRenderable page) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            page.Render(options, maxWidth).Select(s => options.Unicode ? s : new Segment(InAscii(s.Text), s.Style));

        private static string InAscii(string text) => text.Replace('…', '.').Replace('│', '|').Replace('─', '-');
    }
}
