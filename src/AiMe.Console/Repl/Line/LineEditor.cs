using System.Text;

namespace AiMe.Console.Repl.Line;

/// <summary>Reads lines from a terminal: applies keys to a <see cref="LineModel"/> and draws it.</summary>
/// <param name="screen">Output.</param>
/// <param name="complete">Completes a text for the Tab key.</param>
internal sealed class LineEditor(LineScreen screen, LineHistory history, Func<string, Completion> complete)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(15);

    private readonly StringBuilder _typed = new();
    private LineModel _line = LineModel.Empty;
    private HistorySearch? _search;

    /// <summary>State of a history search.</summary>
    private sealed record HistorySearch(string For, int At, LineModel Before);

    /// <summary>Reads the next line; null if the user leaves, or on cancellation.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        _line = LineModel.Empty with { Killed = _line.Killed };
        System.Console.TreatControlCAsInput = true;
        try
        {
            screen.Begin();
            Draw();
            while (true)
            {
                while (!System.Console.KeyAvailable)
                {
                    Flush();
                    if (screen.WasResized)
                        Draw();
                    if (cancellationToken.IsCancellationRequested)
                        return Leave(null);
                    await Task.Delay(LookEvery, CancellationToken.None);
                }

                var key = System.Console.ReadKey(intercept: true);
                if (Take(key, out var entered))
                    return Leave(entered);
            }
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
        }
    }

    // Returns whether the line is complete.
    private bool Take(ConsoleKeyInfo key, out string? entered)
    {
        entered = null;
        if (IsText(key))
        {
            _typed.Append(key.KeyChar); // drawn when no more keys are available, so that pasted text is drawn once
            return false;
        }

        if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
        {
            if (System.Console.KeyAvailable || key.Modifiers.HasFlag(ConsoleModifiers.Alt))
            {
                _typed.Append('\n'); // more keys are available: the text is pasted
                return false;
            }

            Flush();
            _search = null;
            entered = _line.Text;
            return true;
        }

        Flush();
        if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && _line.Text.Length == 0 && _search is null)
            return true;
        Edit(key);
        Draw();
        return false;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        if (_search is not null && Searching(key))
            return;
        _search = null;
        var word = (key.Modifiers & (ConsoleModifiers.Control | ConsoleModifiers.Alt)) != ConsoleModifiers.None;
        _line = (key.Key, Control(key)) switch
        {
            (ConsoleKey.LeftArrow, _) => word ? _line.WordLeft() : _line.Left(),
            (ConsoleKey.RightArrow, _) => word ? _line.WordRight() : _line.Right(),
            (ConsoleKey.B, false) when word => _line.WordLeft(),
            (ConsoleKey.F, false) when word => _line.WordRight(),
            (ConsoleKey.Home, _) or (ConsoleKey.A, true) => _line.Home(),
            (ConsoleKey.End, _) or (ConsoleKey.E, true) => _line.End(),
            (ConsoleKey.B, true) => _line.Left(),
            (ConsoleKey.F, true) => _line.Right(),
            (ConsoleKey.Backspace, _) when word => _line.KillWord(),
            (ConsoleKey.Backspace, _) or (ConsoleKey.H, true) => _line.Backspace(),
            (ConsoleKey.Delete, _) or (ConsoleKey.D, true) => _line.Delete(),
            (ConsoleKey.U, true) => _line.KillToStart(),
            (ConsoleKey.K, true) => _line.KillToEnd(),
            (ConsoleKey.W, true) => _line.KillWord(),
            (ConsoleKey.Y, true) => _line.Yank(),
            (ConsoleKey.UpArrow, _) or (ConsoleKey.P, true) => _line.Replace(history.Older(_line.Text)),
            (ConsoleKey.DownArrow, _) or (ConsoleKey.N, true) => _line.Replace(history.Newer(_line.Text)),
            (ConsoleKey.Tab, _) => Complete(),
            (ConsoleKey.C, true) => Interrupt(),
            (ConsoleKey.L, true) => Clear(),
            (ConsoleKey.R, true) => StartSearch(),
            _ => _line,
        };
    }

    private LineModel Complete()
    {
        var done = complete(_line.Text);
        if (!done.Choices.IsEmpty && done.Text == _line.Text)
            screen.Below(string.Join("  ", done.Choices));
        return _line.Replace(done.Text);
    }

    private LineModel Interrupt()
    {
        if (_line.Text.Length == 0)
            screen.Below("To leave: /quit or Ctrl-D");
        history.Leave();
        return LineModel.Empty with { Killed = _line.Killed };
    }

    private LineModel Clear()
    {
        screen.Clear();
        return _line;
    }

    private LineModel StartSearch()
    {
        _search = new("", history.Lines.Count, _line);
        return _line;
    }

    // Returns whether the key belongs to the search; any other key ends the search and is then applied.
    private bool Searching(ConsoleKeyInfo key)
    {
        var search = _search!;
        switch (key.Key, Control(key))
        {
            case (ConsoleKey.R, true):
                Look(search.For, search.At);
                return true;
            case (ConsoleKey.Backspace, _):
                Look(search.For[..^Math.Min(1, search.For.Length)], history.Lines.Count);
                return true;
            case (ConsoleKey.C or ConsoleKey.G, true) or (ConsoleKey.Escape, _):
                (_line, _search) = (search.Before, null);
                return true;
            default:
                return false;
        }
    }

    private void Look(string part, int before)
    {
        var at = part.Length == 0 ? -1 : history.Find(part, before);
        _search = _search! with { For = part, At = at < 0 ? _search.At : at };
        if (at >= 0)
            _line = _line.Replace(history.Lines[at]);
    }

    private void Flush()
    {
        if (_typed.Length == 0)
            return;
        var text = _typed.ToString();
        _typed.Clear();
        if (_search is { } search)
            Look(search.For + text, history.Lines.Count);
        else
            _line = _line.Insert(text);
        Draw();
    }

    private void Draw() => screen.Draw(_line, _search is { } s ? $"(search: {s.For}) " : null);

    private string? Leave(string? entered)
    {
        screen.End(_line);
        history.Leave();
        return entered;
    }

    private static bool Control(ConsoleKeyInfo key) => key.Modifiers.HasFlag(ConsoleModifiers.Control);

    private static bool IsText(ConsoleKeyInfo key) =>
        !char.IsControl(key.KeyChar) && (key.Modifiers & (ConsoleModifiers.Control | ConsoleModifiers.Alt)) == ConsoleModifiers.None;
}
