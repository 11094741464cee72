using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace AiMe.Console.Replay;

/// <summary>The terminal's alternate screen, so that the previous content is restored afterwards.</summary>
internal sealed class AnsiScreen : IReplayTerminal, IDisposable
{
    private const string Escape = "\u001b[";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TextWriter _output;
    private readonly bool _colour;
    private readonly CancellationTokenSource _gone = new();
    private readonly PosixSignalRegistration[] _signals;
    private Task<ConsoleKeyInfo>? _key;
    private (int, int) _shown;

    /// <summary>Takes the screen until disposed.</summary>
    /// <param name="colour">Whether to use colours; bold and inverse text is always used.</param>
    public AnsiScreen(TextWriter output, bool colour, bool unicode)
    {
        (_output, _colour, Unicode) = (output, colour, unicode);
        // A signal must not leave the terminal in raw state.
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Leave),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave),
        ];
        System.Console.TreatControlCAsInput = true;
        _output.Write($"{Escape}?1049h{Escape}?25l");
        _output.Flush();
    }

    /// <inheritdoc />
    public (int Width, int Height) Size => (Math.Max(20, System.Console.WindowWidth), Math.Max(4, System.Console.WindowHeight));

    /// <inheritdoc />
    public bool Unicode { get; }

    /// <inheritdoc />
    public bool HasKey => Key.IsCompleted;

    // One read is always pending, so that the terminal never echoes keys.
    private Task<ConsoleKeyInfo> Key => _key ??= Task.Run(() => System.Console.ReadKey(intercept: true));

    /// <inheritdoc />
    public void Show(ImmutableArray<ScreenRow> rows)
    {
        _ = Key;
        _shown = Size;
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.Append(Escape).Append(i + 1).Append(";1H");
            foreach (var (piece, shade) in rows[i].Pieces)
                text.Append(Begin(shade)).Append(piece).Append(Escape).Append("0m");
        }

        _output.Write(text.Append(Escape).Append('J'));
        _output.Flush();
    }

    /// <inheritdoc />
    public async Task<ConsoleKeyInfo?> KeyAsync()
    {
        while (!Key.IsCompleted)
        {
            if (Size != _shown)
                return null;
            await Task.WhenAny(Key, Task.Delay(LookEvery, _gone.Token));
            _gone.Token.ThrowIfCancellationRequested();
        }

        var key = await Key;
        _key = null;
        return key;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _output.Write($"{Escape}0m{Escape}?25h{Escape}?1049l");
        _output.Flush();
        System.Console.TreatControlCAsInput = false;
        foreach (var signal in _signals)
            signal.Dispose();
        _gone.Dispose();
    }

    private string Begin(Shade shade) =>
        shade switch
        {
            Shade.Dim => $"{Escape}2m",
            Shade.Label when _colour => $"{Escape}34m",
            Shade.Bold => $"{Escape}1m",
            Shade.Cursor => $"{Escape}7m",
            _ => "",
        };

    private void Leave(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = _gone.CancelAsync(); // asynchronously: the continuation disposes the signal's registration
    }
}
