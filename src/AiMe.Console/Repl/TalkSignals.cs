using System.Runtime.InteropServices;

namespace AiMe.Console.Repl;

/// <summary>
/// Ctrl-C takes back what is in hand; in a script it then leaves. SIGTERM leaves when what is in hand is finished; a second one at once.
/// </summary>
internal sealed class TalkSignals : IDisposable
{
    private readonly bool _scripted;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _now = new();
    private readonly PosixSignalRegistration[] _signals;
    private CancellationTokenSource? _inHand;

    /// <summary>Listens until disposed.</summary>
    /// <param name="scripted">Whether nobody sits at the keyboard.</param>
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

    /// <summary>Cancelled when nothing is to be waited for any longer.</summary>
    public CancellationToken Now => _now.Token;

    /// <summary>Does something that Ctrl-C can cancel.</summary>
    public async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var inHand = new CancellationTokenSource();
        Take(inHand);
        try
        {
            return await work(inHand.Token);
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

    private void Take(CancellationTokenSource? inHand)
    {
        lock (_lock)
            _inHand = inHand;
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_lock)
        {
            if (_inHand is null && !_scripted)
                System.Console.Error.WriteLine("\n/quit or Ctrl-D leaves");
            _inHand?.Cancel();
        }

        if (_scripted)
            Leave();
    }

    private void Terminate(PosixSignalContext signal)
    {
        signal.Cancel = true;
        System.Console.Error.WriteLine(_leaving.IsCancellationRequested ? "" : "\nFinishing what is in hand; once more ends at once.");
        Leave();
    }

    private void Leave()
    {
        if (_leaving.IsCancellationRequested)
            _now.Cancel();
        _leaving.Cancel();
    }
}
