using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>
/// Draws a frame at a size: the events around the cursor, the event at the cursor, and the states of the faculties
/// beside or below them.
/// </summary>
/// <param name="Unicode">Whether non-ASCII lines and dots can be shown.</param>
internal sealed record ReplayScreen(int Width, int Height, bool Unicode)
{
    /// <summary>Minimum width for list and states side by side.</summary>
    private const int TwoColumns = 120;

    private const int LabelWidth = 17;

    /// <summary>Order in which panes get additional lines if space is short.</summary>
    private static readonly int[] Generosity = [3, 1, 0, 3, 2, 4, 0, 1, 3, 2, 0, 4, 3, 3];

    /// <summary>Rows of the list, or of the overlay.</summary>
    public int ListRows(Overlay overlay) =>
        Math.Max(1, overlay == Overlay.None ? Body - (IsWide ? 0 : TellingRows + PaneRows + 2) : Body - 1);

    private bool IsWide => Width >= TwoColumns;

    private int Body => Math.Max(1, Height - 2);

    // In a low terminal the panes are omitted first, then the text of the event.
    private int PaneRows => Height < 18 ? 0 : Math.Max(5, Body * 2 / 5 + 1);

    private int TellingRows => Height < 12 ? 0 : Math.Clamp(Body / 5, 2, 8);

    /// <summary>Draws exactly as many rows as the screen has, each exactly as wide.</summary>
    public ImmutableArray<ScreenRow> Draw(ReplayFrame frame)
    {
        List<ScreenRow> rows = [Header(frame)];
        rows.AddRange(
            frame.View.Overlay != Overlay.None ? Over(frame)
            : IsWide ? SideBySide(frame)
            : Below(frame)
        );
        while (rows.Count < Height - 1)
            rows.Add(ScreenRow.Of(""));
        return [.. rows.Take(Height - 1).Append(Footer(frame)).Take(Height).Select(row => row.At(Width, Unicode))];
    }

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
        return new([($" {frame.Instance}", Shade.Bold), ($"  {where}", Shade.Plain), (filter, Shade.Label), ($"  {frame.Run}", Shade.Dim)]);
    }

    private ScreenRow Footer(ReplayFrame frame)
    {
        if (frame.View.Prompt is { } typed)
            return new([(typed, Shade.Bold), ("_", Shade.Cursor)]);
        if (frame.View.Said.Length > 0)
            return ScreenRow.Of($" {frame.View.Said}", Shade.Bold);
        return ScreenRow.Of(
            frame.View.Overlay != Overlay.None ? " up, down, PgUp, PgDn: scroll   left, right: other events   Esc: close   q: close"
                : Width < 100 ? " arrows c C r R f F 1-5 :n /text  Enter event  s state  ? help  q leave"
                : " arrows, PgUp, PgDn: move   c C: cycle   r R: generation   f F, 1-5: faculty   :n go to   /text search   "
                    + "Enter: event   s: state   ?: help   q: quit",
            Shade.Dim
        );
    }

    private List<ScreenRow> Below(ReplayFrame frame)
    {
        List<ScreenRow> rows = [.. List(frame, ListRows(Overlay.None), Width)];
        if (TellingRows > 0)
        {
            rows.Add(Rule(About(frame.Current), Width));
            rows.AddRange(Telling(frame, Width, TellingRows));
        }

        if (PaneRows > 0)
        {
            rows.Add(Rule($"faculties after #{frame.View.Cursor}", Width));
            rows.AddRange(Panes(frame, Width, PaneRows, wrap: false));
        }

        return rows;
    }

    private IEnumerable<ScreenRow> SideBySide(ReplayFrame frame)
    {
        var left = Width * 11 / 20;
        var right = Width - left - 3;
        List<ScreenRow> beside =
        [
            Rule(About(frame.Current), right),
            .. Telling(frame, right, Math.Max(2, Body / 3)),
            Rule($"faculties after #{frame.View.Cursor}", right),
        ];
        beside.AddRange(Panes(frame, right, Math.Max(0, Body - beside.Count), wrap: true));
        var list = List(frame, Body, left).ToList();
        for (var i = 0; i < Body; i++)
        {
            var row = (i < list.Count ? list[i] : ScreenRow.Of("")).At(left, Unicode);
            yield return new([
                .. row.Pieces,
                (Unicode ? " │ " : " | ", Shade.Dim),
                .. (i < beside.Count ? beside[i] : ScreenRow.Of("")).At(right, Unicode).Pieces,
            ]);
        }
    }

    private IEnumerable<ScreenRow> Over(ReplayFrame frame)
    {
        var room = ListRows(frame.View.Overlay);
        var lines = frame.Page.SelectMany(line => TextFit.Wrap(line, Width - 2)).ToList();
        var first = Math.Clamp(frame.View.Scroll, 0, Math.Max(0, lines.Count - room));
        var what = frame.View.Overlay switch
        {
            Overlay.Event => About(frame.Current),
            Overlay.State => $"{frame.Current.Event.Faculty} after #{frame.View.Cursor}",
            _ => "keys",
        };
        yield return Rule(
            lines.Count <= room ? what : $"{what}; lines {first + 1} to {Math.Min(lines.Count, first + room)} of {lines.Count}",
            Width
        );
        foreach (var line in lines.Skip(first).Take(room))
            yield return ScreenRow.Of($" {line}");
    }

    // The cursor stays in the middle, except near the ends.
    private IEnumerable<ScreenRow> List(ReplayFrame frame, int room, int width)
    {
        var at = frame.List.IndexOf(frame.List.First(m => m.Event.Index == frame.View.Cursor));
        var first = Math.Clamp(at - (room - 1) / 2, 0, Math.Max(0, frame.List.Length - room));
        var digits = Math.Max(5, frame.Last.ToString(CultureInfo.InvariantCulture).Length + 1);
        foreach (var moment in frame.List.Skip(first).Take(room))
        {
            var (told, here) = (EventText.Tell(moment.Event), moment.Event.Index == frame.View.Cursor);
            var number = $"{(here ? '>' : ' ')}{$"#{moment.Event.Index}".PadLeft(digits)} ";
            var faculty = $"{Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == moment.Event.Faculty)) + 1} ";
            var label = TextFit.Column(told.Label, LabelWidth - 1, Unicode) + " ";
            var text = string.Join("  ", Enumerable.Concat(told.Heading is { } heading ? [$"[{heading}]"] : [], told.Lines));
            yield return here
                ? ScreenRow.Of(number + faculty + label + text, Shade.Cursor).At(width, Unicode)
                : new([
                    (number, Shade.Dim),
                    (faculty, Shade.Dim),
                    (label, Shade.Label),
                    (text, told.Heading is null ? Shade.Plain : Shade.Bold),
                ]);
        }
    }

    private static string About(ReplayStep moment) =>
        $"#{moment.Event.Index} {moment.Event.Manifest}, written "
        + $"{new DateTime(moment.WrittenTicks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} "
        + "UTC";

    private IEnumerable<ScreenRow> Telling(ReplayFrame frame, int width, int room)
    {
        var told = EventText.Tell(frame.Current.Event);
        List<ScreenRow> rows = [];
        foreach (var line in told.Lines.IsEmpty ? [""] : told.Lines)
        {
            foreach (var part in TextFit.Wrap(line, Math.Max(8, width - LabelWidth - 2)))
                rows.Add(
                    new([($" {TextFit.Column(rows.Count == 0 ? told.Label : "", LabelWidth, Unicode)}", Shade.Label), (part, Shade.Plain)])
                );
        }

        if (rows.Count > room)
            rows =
            [
                .. rows.Take(room - 1),
                ScreenRow.Of($" {new string(' ', LabelWidth)}{rows.Count - room + 1} more lines: Enter shows the whole event", Shade.Dim),
            ];
        while (rows.Count < room && !IsWide)
            rows.Add(ScreenRow.Of(""));
        return rows;
    }

    private IEnumerable<ScreenRow> Panes(ReplayFrame frame, int width, int room, bool wrap)
    {
        const int name = 12;
        var panes = FacultyPane.Of(frame.Current.After);
        var lines = panes
            .Select(p => p.Lines.SelectMany(line => wrap ? TextFit.Wrap(line, Math.Max(8, width - name - 1)) : [line]).ToList())
            .ToList();
        var given = Share([.. lines.Select(l => l.Count)], room);
        for (var i = 0; i < panes.Length; i++)
        {
            for (var line = 0; line < given[i]; line++)
            {
                var own = panes[i].Faculty == frame.Current.Event.Faculty;
                yield return new([
                    (
                        line == 0 ? $"{(own ? '*' : ' ')}{i + 1} {panes[i].Faculty, -name}"[..(name + 1)] : new string(' ', name + 1),
                        own ? Shade.Bold : Shade.Label
                    ),
                    (lines[i][line], own ? Shade.Bold : Shade.Plain),
                ]);
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
            {
                if (given[i] >= wanted[i] || room == 0)
                    continue;
                (given[i], room, more) = (given[i] + 1, room - 1, true);
            }
        }

        return given;
    }

    private ScreenRow Rule(string what, int width)
    {
        var line = Unicode ? '─' : '-';
        var text = TextFit.Cut(what, Math.Max(0, width - 6), Unicode);
        return ScreenRow.Of(
            $"{new string(line, 2)} {text} {new string(line, Math.Max(0, width - Console.Repl.Line.Cells.Of(text) - 4))}",
            Shade.Dim
        );
    }
}
