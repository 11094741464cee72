using System.Runtime.InteropServices;

namespace AiMe.Console.Repl;

/// <summary>
/// Ctrl-C cancels the current operation, and also leaves in a script. SIGTERM leaves after the current operation; a
/// second one leaves at once.
/// </summary>
internal sealed class TalkSignals : IDisposable
{
    private readonly bool _scripted;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _now = new();
    private readonly PosixSignalRegistration[] _signals;
    private CancellationTokenSource? _current;

    /// <summary>Handles signals until disposed.</summary>
    /// <param name="scripted">Whether input is a script.</param>
    public TalkSignals(bool scripted)
    {
        _scripted = scripted;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate),
        ];
    }

    /// <summary>Cancelled when the conversation is to end.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Cancelled to stop waiting.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Runs an operation that Ctrl-C can cancel.</summary>
    public async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var current = new CancellationTokenSource();
        Take(current);
        try
        {
            return await work(current.Token);
        }
        finally
        {
            Take(null);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _leaving.Dispose();
        _now.Dispose();
    }

    private void Take(CancellationTokenSource? current)
    {
        lock (_lock)
            _current = current;
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_lock)
        {
            if (_current is null && !_scripted)
                System.Console.Error.WriteLine("\nTo leave: /quit or Ctrl-D");
            _current?.Cancel();
        }

        if (_scripted)
            Leave();
    }

    private void Terminate(PosixSignalContext signal)
    {
        signal.Cancel = true;
        System.Console.Error.WriteLine(
            _leaving.IsCancellationRequested ? "" : "\nCompleting the current operation; a second signal ends at once."
        );
        Leave();
    }

    private void Leave()
    {
        if (_leaving.IsCancellationRequested)
            _now.Cancel();
        _leaving.Cancel();
    }
}
