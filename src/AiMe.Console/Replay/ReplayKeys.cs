using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>Request of a key that goes beyond a change of the view.</summary>
internal enum ReplayRequest
{
    /// <summary>No request.</summary>
    None,

    /// <summary>Find the next event with the searched text.</summary>
    SearchOn,

    /// <summary>Find the previous event with the searched text.</summary>
    SearchBack,

    /// <summary>Close the view.</summary>
    Leave,

    /// <summary>Close the view with the exit code of an interruption.</summary>
    Interrupt,
}

/// <summary>Handles keys.</summary>
internal static class ReplayKeys
{
    /// <summary>Keys and their effects, for the help.</summary>
    public static ImmutableArray<(string Usage, string Help)> All { get; } =
    [
        ("Right, Down, Space, j, l", "next event"),
        ("Left, Up, k, h", "previous event"),
        ("PgDn, PgUp", "next page, previous page"),
        ("Home, End, g, G", "first event, last event"),
        ("c, C", "next cycle, previous cycle"),
        ("r, R", "next generation (end of a round), previous generation"),
        ("f, F", "next event of the same faculty, previous one"),
        ("1 2 3 4 5, 0", "toggle the events of Self, Memory, Reflector, Curator, Trainer; list all"),
        (":120, :c12, :g2", "go to event 120, to cycle 12, to generation 2"),
        ("/text, n, N", "search the text of events; next match, previous match"),
        ("Enter, e", "the whole event as JSON"),
        ("s", "the complete state of the event's faculty after it, as JSON"),
        ("?", "this list"),
        ("q, Esc, Ctrl-C", "close the overlay, then the view"),
    ];

    /// <summary>Applies a key to the view.</summary>
    /// <param name="page">Rows of the list, or of the overlay.</param>
    public static (ReplayView View, ReplayRequest Wish) Press(ReplayView view, ConsoleKeyInfo key, TimelineIndex index, int page)
    {
        view = view with { Said = "" };
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            return (view, ReplayRequest.Interrupt);
        if (view.Prompt is { } typed)
            return Type(view, typed, key, index);
        if (view.Overlay != Overlay.None && Scrolled(view, key, page) is { } scrolled)
            return (scrolled, ReplayRequest.None);
        return key switch
        {
            { Key: ConsoleKey.Escape } => (view, ReplayRequest.Leave),
            { KeyChar: 'q' } => (view, ReplayRequest.Leave),
            { KeyChar: 'n' or 'N' } when view.Search.Length == 0 => (
                view with
                {
                    Said = "no search yet: start one with /",
                },
                ReplayRequest.None
            ),
            { KeyChar: 'n' } => (view, ReplayRequest.SearchOn),
            { KeyChar: 'N' } => (view, ReplayRequest.SearchBack),
            _ => (Move(view, key, index, page), ReplayRequest.None),
        };
    }

    private static ReplayView Move(ReplayView view, ConsoleKeyInfo key, TimelineIndex index, int page) =>
        (key.Key, key.KeyChar) switch
        {
            (ConsoleKey.RightArrow or ConsoleKey.DownArrow or ConsoleKey.Spacebar, _) or (_, 'j' or 'l') => Step(view, index, 1, 1),
            (ConsoleKey.LeftArrow or ConsoleKey.UpArrow, _) or (_, 'k' or 'h') => Step(view, index, -1, 1),
            (ConsoleKey.PageDown, _) => Step(view, index, 1, page),
            (ConsoleKey.PageUp, _) => Step(view, index, -1, page),
            (ConsoleKey.Home, _) or (_, 'g') => To(view, index.Next(0, 1, view.Faculties), ""),
            (ConsoleKey.End, _) or (_, 'G') => To(view, index.Next(index.Length + 1, -1, view.Faculties), ""),
            (_, 'c') => Unfiltered(view, index.NextCycle(view.Cursor, 1), index, "this is the last cycle"),
            (_, 'C') => Unfiltered(view, index.NextCycle(view.Cursor, -1), index, "this is the first cycle"),
            (_, 'r') => Unfiltered(view, index.NextGeneration(view.Cursor, 1), index, "this is the last generation"),
            (_, 'R') => Unfiltered(view, index.NextGeneration(view.Cursor, -1), index, "there is no earlier generation"),
            (_, 'f') => To(view, index.Next(view.Cursor, 1, 1 << index[view.Cursor].Faculty), "this is the last event of its faculty"),
            (_, 'F') => To(view, index.Next(view.Cursor, -1, 1 << index[view.Cursor].Faculty), "this is the first event of its faculty"),
            (_, >= '1' and <= '5') => Filter(view, key.KeyChar - '1', index),
            (_, '0') => view with { Faculties = ReplayView.All },
            (_, ':' or '/') => view with { Prompt = key.KeyChar.ToString() },
            (ConsoleKey.Enter, _) or (_, 'e' or '\r' or '\n') => view with { Overlay = Overlay.Event, Scroll = 0 },
            (_, 's') => view with { Overlay = Overlay.State, Scroll = 0 },
            (_, '?') => view with { Overlay = Overlay.Help, Scroll = 0 },
            _ => view,
        };

    private static ReplayView Step(ReplayView view, TimelineIndex index, int direction, int times)
    {
        var at = view.Cursor;
        for (var i = 0; i < times && index.Next(at, direction, view.Faculties) is { } next; i++)
            at = next;
        return at == view.Cursor
            ? view with
            {
                Said = direction > 0 ? "this is the last event" : "this is the first event",
            }
            : view with
            {
                Cursor = at,
            };
    }

    private static ReplayView To(ReplayView view, long? at, string otherwise) =>
        at is { } found ? view with { Cursor = found } : view with { Said = otherwise };

    // A section may begin with an event that the filter hides: then go to its first listed event.
    private static ReplayView Unfiltered(ReplayView view, long? at, TimelineIndex index, string otherwise) =>
        at is { } found
            ? To(view, index.Next(found - 1, 1, view.Faculties), "the filter hides all its events")
            : view with
            {
                Said = otherwise,
            };

    // The first digit shows only one faculty; further digits add or remove one.
    private static ReplayView Filter(ReplayView view, int faculty, TimelineIndex index)
    {
        var chosen = view.Faculties == ReplayView.All ? 1 << faculty : view.Faculties ^ (1 << faculty);
        return (view with { Faculties = chosen == 0 ? ReplayView.All : chosen }).Settled(index);
    }

    private static ReplayView? Scrolled(ReplayView view, ConsoleKeyInfo key, int page) =>
        (key.Key, key.KeyChar) switch
        {
            (ConsoleKey.Escape or ConsoleKey.Enter, _) or (_, 'q' or 'e' or 's' or '?' or '\r' or '\n') => view with
            {
                Overlay = Overlay.None,
                Scroll = 0,
            },
            (ConsoleKey.DownArrow, _) or (_, 'j') => view with { Scroll = view.Scroll + 1 },
            (ConsoleKey.UpArrow, _) or (_, 'k') => view with { Scroll = Math.Max(0, view.Scroll - 1) },
            (ConsoleKey.PageDown or ConsoleKey.Spacebar, _) => view with { Scroll = view.Scroll + page },
            (ConsoleKey.PageUp, _) => view with { Scroll = Math.Max(0, view.Scroll - page) },
            (ConsoleKey.Home, _) or (_, 'g') => view with { Scroll = 0 },
            (ConsoleKey.End, _) or (_, 'G') => view with { Scroll = int.MaxValue / 2 },
            _ => null, // the other keys still move through the events
        };

    private static (ReplayView View, ReplayRequest Wish) Type(ReplayView view, string typed, ConsoleKeyInfo key, TimelineIndex index)
    {
        if (key.Key == ConsoleKey.Escape || key.Key == ConsoleKey.Backspace && typed.Length == 1)
            return (view with { Prompt = null }, ReplayRequest.None);
        if (key.Key == ConsoleKey.Backspace)
            return (view with { Prompt = typed[..^1] }, ReplayRequest.None);
        if (key.Key != ConsoleKey.Enter && key.KeyChar is not ('\r' or '\n'))
            return (char.IsControl(key.KeyChar) ? view : view with { Prompt = typed + key.KeyChar }, ReplayRequest.None);
        var (done, text) = (view with { Prompt = null }, typed[1..].Trim());
        if (typed[0] == ':')
            return (text.Length == 0 ? done : Jump(done, text, index), ReplayRequest.None);
        var search = text.Length == 0 ? view.Search : text;
        return (done with { Search = search }, search.Length == 0 ? ReplayRequest.None : ReplayRequest.SearchOn);
    }

    private static ReplayView Jump(ReplayView view, string text, TimelineIndex index)
    {
        var kind = text[0] is 'c' or 'g' ? text[0] : '#';
        if (!long.TryParse(kind == '#' ? text.TrimStart('#') : text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return view with { Said = $"found '{text}', expected an event such as 120, a cycle such as c12 or a generation such as g2" };
        var at = kind switch
        {
            'c' => number <= int.MaxValue ? index.OfCycle((int)number) : null,
            'g' => number <= int.MaxValue ? index.OfGeneration((int)number) : null,
            _ => number >= 1 && number <= index.Length ? number : (long?)null,
        };
        var last = index[index.Length];
        return at is { } found
            ? (view with { Cursor = found }).Settled(index)
            : view with
            {
                Said = kind switch
                {
                    'c' => $"found '{text}', expected cycles c1 to c{last.Cycle}",
                    'g' => $"found '{text}', expected generations g0 to g{last.Generation}",
                    _ => $"found '{text}', expected events 1 to {index.Length}",
                },
            };
    }
}
