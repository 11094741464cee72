using System.Text.RegularExpressions;
using AiMe.Console.Tests.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Tests.Replay;

/// <summary>A terminal whose keys are written beforehand; when they are used up, somebody leaves.</summary>
/// <param name="written">Takes what is written line by line; null to drop it.</param>
internal sealed class ScriptedTerminal(int width, int height, IEnumerable<ConsoleKeyInfo> keys, TextWriter? written = null)
    : IAnsiConsole,
        IAnsiConsoleInput
{
    private readonly IAnsiConsole _console = Screen.Console(written ?? TextWriter.Null, width, height);
    private readonly Queue<ConsoleKeyInfo> _keys = new(keys);

    /// <summary>Every screen that was shown.</summary>
    public List<string[]> Shown { get; } = [];

    /// <summary>What stood there when the keys were used up.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Sizes that it takes on, one after the other, before any key comes.</summary>
    public Queue<(int, int)> Resizes { get; } = [];

    public Profile Profile => _console.Profile;

    public IAnsiConsoleCursor Cursor => _console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _console.ExclusivityMode;

    public RenderPipeline Pipeline => _console.Pipeline;

    public void Clear(bool home) => _console.Clear(home);

    public void Write(IRenderable renderable) => _console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action)
    {
        using var screen = new StringWriter();
        action(new AnsiWriter(screen, new AnsiCapabilities { Ansi = true }));
        var rows = Regex.Split(screen.ToString(), @"\e\[[0-9]+;1H\e\[0K", RegexOptions.None, TimeSpan.FromSeconds(1)).Skip(1);
        Shown.Add([.. rows.Select(r => Regex.Replace(r, @"\e\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1)))]);
    }

    /// <summary>A page as this terminal shows it, row by row.</summary>
    public IReadOnlyList<SegmentLine> Lines(IRenderable page) => Segment.SplitLines(page.GetSegments(this));

    public bool IsKeyAvailable()
    {
        if (!Resizes.TryDequeue(out var size))
            return true;
        (Profile.Width, Profile.Height) = size;
        return false;
    }

    public ConsoleKeyInfo? ReadKey(bool intercept)
    {
        if (_keys.TryDequeue(out var key))
            return key;
        if (Last.Length == 0 && Shown.Count > 0)
            Last = string.Join('\n', Shown[^1]);
        return Of("<Escape>").First();
    }

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));

    /// <summary>Keys as one types them; names in angle brackets stand for those that write nothing.</summary>
    public static IEnumerable<ConsoleKeyInfo> Of(string typed)
    {
        for (var i = 0; i < typed.Length; i++)
        {
            if (typed[i] == '<')
            {
                var end = typed.IndexOf('>', i);
                var name = typed[(i + 1)..end];
                yield return name == "Ctrl-C"
                    ? new ConsoleKeyInfo('\u0003', ConsoleKey.C, shift: false, alt: false, control: true)
                    : new ConsoleKeyInfo('\0', Enum.Parse<ConsoleKey>(name), shift: false, alt: false, control: false);
                i = end;
            }
            else
            {
                yield return new ConsoleKeyInfo(typed[i], ConsoleKey.None, shift: char.IsUpper(typed[i]), alt: false, control: false);
            }
        }
    }

    public static string Text(IEnumerable<SegmentLine> rows) => string.Concat(rows.Select(r => $"{Text(r).TrimEnd()}\n"));

    public static string Text(SegmentLine row) => string.Concat(row.Select(s => s.Text));
}
