using System.Collections.Immutable;
using AiMe.Console.Replay;

namespace AiMe.Console.Tests.Replay;

/// <summary>A terminal whose keys are written beforehand; when they are used up, somebody leaves.</summary>
internal sealed class ScriptedTerminal(int width, int height, IEnumerable<ConsoleKeyInfo> keys) : IReplayTerminal
{
    private readonly Queue<ConsoleKeyInfo> _keys = new(keys);

    /// <summary>Every screen that was shown.</summary>
    public List<ImmutableArray<ScreenRow>> Shown { get; } = [];

    /// <summary>What stood there when the keys were used up.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Sizes that it takes on, one after the other, before any key comes.</summary>
    public Queue<(int, int)> Resizes { get; } = [];

    public (int Width, int Height) Size { get; private set; } = (width, height);

    public bool Unicode => true;

    public bool HasKey => _keys.Count > 0;

    public void Show(ImmutableArray<ScreenRow> rows) => Shown.Add(rows);

    public Task<ConsoleKeyInfo?> KeyAsync()
    {
        if (Resizes.TryDequeue(out var size))
        {
            Size = size;
            return Task.FromResult<ConsoleKeyInfo?>(null);
        }

        if (_keys.TryDequeue(out var key))
            return Task.FromResult<ConsoleKeyInfo?>(key);
        if (Last.Length == 0)
            Last = Text(Shown[^1]);
        return Task.FromResult<ConsoleKeyInfo?>(Of("<Escape>").First());
    }

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

    public static string Text(ImmutableArray<ScreenRow> rows) => string.Concat(rows.Select(r => $"{r.Text.TrimEnd()}\n"));
}
