using System.Runtime.InteropServices;
using Spectre.Console;

namespace AiMe.Console.Terminal;

/// <summary>Ctrl-C and SIGTERM: the first signal stops at a boundary, the second at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _gently = new();
    private readonly CancellationTokenSource _now = new();
    private readonly PosixSignalRegistration[] _signals;

    private readonly string _says;

    /// <summary>Handles signals until disposed.</summary>
    /// <param name="says">Message at the first signal.</param>
    public Interruption(string says = "Completing work in progress; a second signal ends at once.")
    {
        _says = says;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Gently => _gently.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Now => _now.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _gently.Dispose();
        _now.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_gently.IsCancellationRequested)
        {
            _now.Cancel();
            return;
        }

        TerminalWriter.Error.MarkupLineInterpolated($"\n[yellow]{_says}[/]");
        _gently.Cancel();
    }
}
