using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>A line between a journal and its server that can be cut at a chosen place.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _lines = [];
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private CancellationTokenSource _up = new();
    private bool _isDown;
    private int _cutAnswers,
        _cutQuestions;

    public Wire(PostgresAddress address)
    {
        var connection = new NpgsqlConnectionStringBuilder(address.Connection);
        _server = new(IPAddress.Parse(connection.Host!), connection.Port);
        _listener.Start();
        connection.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Address = (PostgresAddress)StoreAddress.Parse(connection.ConnectionString, address.Root);
        _accepting = AcceptAsync();
    }

    /// <summary>The same database, over this line.</summary>
    public PostgresAddress Address { get; }

    /// <summary>While it is down every line is cut, and so is whoever calls.</summary>
    public bool IsDown
    {
        get => Volatile.Read(ref _isDown);
        set
        {
            Volatile.Write(ref _isDown, value);
            if (value)
                CutAll();
        }
    }

    /// <summary>Whether whoever calls is kept waiting without an answer.</summary>
    public bool Hangs { get; set; }

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts all lines that there are.</summary>
    public void CutAll() => Interlocked.Exchange(ref _up, new CancellationTokenSource()).Cancel();

    /// <summary>Lets the next question with a text through to the server, waits for the answer, keeps it, and cuts the line.</summary>
    public void CutNextAnswer() => Volatile.Write(ref _cutAnswers, 1);

    /// <summary>Cuts the line instead of letting the next question with the text through.</summary>
    public void CutNextQuestion() => Volatile.Write(ref _cutQuestions, 1);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_lines);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _lines.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var client = near;
        using var far = new TcpClient();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, Volatile.Read(ref _up).Token);
        if (IsDown)
            return;
        try
        {
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cut.Token);
            await far.ConnectAsync(_server, cut.Token);
            var (asked, answered) = (client.GetStream(), far.GetStream());
            var keep = false;
            var questions = CopyAsync(asked, answered, cut, onWrite: question =>
            {
                if (!IsWrite(question))
                    return true;
                if (Interlocked.Exchange(ref _cutQuestions, 0) == 1)
                    return false;
                keep |= Interlocked.Exchange(ref _cutAnswers, 0) == 1;
                return true;
            });
            // Ready for query, idle: the server is through with it, the commit included.
            var answers = CopyAsync(answered, asked, cut, onWrite: answer =>
                !keep || !(answer.Length >= 6 && answer[^6..].SequenceEqual("Z\0\0\0\u0005I"u8))
            );
            await Task.WhenAll(questions, answers);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Either end has hung up.
        }
    }

    // Both the first time, when the statement's text is sent, and later, when a message is.
    private static bool IsWrite(ReadOnlySpan<byte> question) => question.IndexOf("marked"u8) >= 0;

    private delegate bool Passes(ReadOnlySpan<byte> bytes);

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationTokenSource cut, Passes onWrite)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cut.Token)) > 0; )
        {
            if (!onWrite(buffer.AsSpan(0, read)))
            {
                Cuts++;
                break;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cut.Token);
        }

        await cut.CancelAsync();
    }
}
