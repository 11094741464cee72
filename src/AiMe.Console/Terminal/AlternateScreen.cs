using System.Runtime.InteropServices;
using Spectre.Console;

namespace AiMe.Console.Terminal;

/// <summary>The terminal's alternate screen, so that the previous content is restored afterwards.</summary>
/// <remarks>
/// Spectre's AlternateScreen takes only a synchronous action, and its Live erases the terminal's scrollback when the
/// window becomes smaller. So this class enters and leaves, and its user writes each page from the top.
/// </remarks>
internal sealed class AlternateScreen : IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly CancellationTokenSource _gone = new();
    private readonly PosixSignalRegistration[] _signals;

    /// <summary>Takes the screen until disposed.</summary>
    public AlternateScreen(IAnsiConsole console)
    {
        _console = console;
        // A signal must not leave the terminal in raw state.
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Leave),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave),
        ];
        System.Console.TreatControlCAsInput = true;
        // Without wrapping, a row that the terminal takes to be wider than it was measured does not shift the rows below.
        Flush(w => w.EnterAltScreen().HideCursor().Write("\e[?7l"));
    }

    /// <summary>Cancelled by a signal that ends the program.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        Flush(w => w.Write("\e[?7h").ShowCursor().ExitAltScreen());
        System.Console.TreatControlCAsInput = false;
        foreach (var signal in _signals)
            signal.Dispose();
        _gone.Dispose();
    }

    private void Flush(Action<AnsiWriter> codes)
    {
        _console.WriteAnsi(codes);
        _console.Profile.Out.Writer.Flush();
    }

    private void Leave(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = _gone.CancelAsync(); // asynchronously: the continuation disposes the signal's registration
    }
}
