using AiMe.Console.Repl.Line;
using AiMe.Console.Repl.Slash;

namespace AiMe.Console.Repl;

/// <summary>A source of input lines.</summary>
internal interface ILineSource
{
    /// <summary>Reads the next line that is not ignored; null at the end, or on cancellation.</summary>
    Task<string?> NextAsync(CancellationToken cancellationToken);
}

/// <summary>A script: one input per line; blank lines and lines that begin with # are ignored.</summary>
internal sealed class ScriptSource(TextReader reader) : ILineSource
{
    /// <inheritdoc />
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await Task.Run(reader.ReadLine, cancellationToken).WaitAsync(cancellationToken) is { } line)
            {
                if (line.AsSpan().Trim() is [not '#', ..])
                    return line;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A cancelled read counts as the end.
        }

        return null;
    }
}

/// <summary>A keyboard without an ANSI terminal: a prompt and whole lines.</summary>
internal sealed class PlainSource(TextReader reader, TextWriter prompts) : ILineSource
{
    /// <inheritdoc />
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        prompts.Write("> ");
        prompts.Flush();
        try
        {
            return await Task.Run(reader.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <summary>A terminal: a line editor with a persistent history.</summary>
internal sealed class TerminalSource : ILineSource
{
    private readonly HistoryFile _file;
    private readonly LineHistory _history;
    private readonly LineEditor _editor;
    private bool _told;

    /// <param name="history">The file of entered lines.</param>
    /// <param name="instances">Completions for /compare.</param>
    public TerminalSource(string history, IReadOnlyList<string> instances)
    {
        _file = new HistoryFile(history);
        _history = new LineHistory(Try(_file.Read, []));
        var screen = new LineScreen(
            System.Console.Out,
            "> ",
            () => Math.Max(2, System.Console.WindowWidth),
            () => Math.Max(2, System.Console.WindowHeight)
        );
        _editor = new LineEditor(screen, _history, text =>
            Completion.Of(text, SlashCommand.All.Select(c => c.Name), name => name == "compare" ? instances : [])
        );
    }

    /// <inheritdoc />
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        var line = await _editor.ReadAsync(cancellationToken);
        if (line is { Length: > 0 } && _history.Lines.LastOrDefault() != line)
        {
            Try(
                () =>
                {
                    _file.Append(line);
                    return true;
                },
                false
            );
        }

        _history.Add(line ?? "");
        return line;
    }

    // A line that cannot be written to disk is kept in memory; the failure is reported once.
    private T Try<T>(Func<T> access, T otherwise)
    {
        try
        {
            return access();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_told)
                System.Console.Error.WriteLine($"The history of this conversation cannot be saved: {e.Message}");
            _told = true;
            return otherwise;
        }
    }
}
