using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AiMe.Actors.Clustering;

/// <summary>An answer to a GET request.</summary>
/// <param name="Json">The body.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, string Json);

/// <summary>Answers GET requests over HTTP/1.1, one a connection.</summary>
/// <remarks>HttpListener cannot be bound to an IPv6 address on Linux, and a node needs no more of ASP.NET Core than this.</remarks>
internal sealed class HttpEndpoint : IDisposable
{
    private const int HeadAtMost = 8 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10),
        Pause = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener;
    private readonly Func<string, CancellationToken, Task<HttpAnswer?>> _answer;
    private readonly CancellationTokenSource _closed = new();

    private HttpEndpoint(TcpListener listener, Func<string, CancellationToken, Task<HttpAnswer?>> answer) =>
        (_listener, _answer) = (listener, answer);

    /// <summary>Opens the endpoint and starts to answer.</summary>
    /// <param name="host">A name, or an address of IPv4 or IPv6; <c>::</c> covers both.</param>
    /// <param name="answer">Gives the answer for a path; null if there is nothing.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this machine.</exception>
    public static HttpEndpoint Open(string host, int port, Func<string, CancellationToken, Task<HttpAnswer?>> answer)
    {
        var address = IPAddress.TryParse(host, out var given) ? given : Dns.GetHostAddresses(host)[0];
        var listener = new TcpListener(address, port);
        if (address.Equals(IPAddress.IPv6Any))
            listener.Server.DualMode = true;
        listener.Start();
        var endpoint = new HttpEndpoint(listener, answer);
        _ = endpoint.AcceptAsync();
        return endpoint;
    }

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_closed.Token)); // not awaited: a slow client delays no other
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, CancellationToken.None); // such as too many open files
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        patience.CancelAfter(Patience);
        try
        {
            var stream = client.GetStream();
            if (await ReadHeadAsync(stream, patience.Token) is { } head)
                await WriteAsync(stream, await AnswerAsync(head, patience.Token), patience.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the client has closed the connection, or is too slow
        }
    }

    private async Task<HttpAnswer> AnswerAsync(string head, CancellationToken cancellationToken)
    {
        if (head.Split('\r')[0].Split(' ') is not [var method, var target, _])
            return new HttpAnswer(HttpStatusCode.BadRequest, "");
        if (method != "GET")
            return new HttpAnswer(HttpStatusCode.MethodNotAllowed, "");
        try
        {
            return await _answer(target.Split('?')[0], cancellationToken) ?? new HttpAnswer(HttpStatusCode.NotFound, "");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new HttpAnswer(HttpStatusCode.InternalServerError, $"{{\"error\":\"{JsonEncodedText.Encode(e.Message)}\"}}\n");
        }
    }

    // The request line and the headers; null if the client ends before, or sends too much.
    private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var (buffer, length) = (new byte[HeadAtMost], 0);
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                return Encoding.ASCII.GetString(buffer, 0, end);
        }

        return null;
    }

    private static async Task WriteAsync(NetworkStream stream, HttpAnswer answer, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(answer.Json);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {(int)answer.Status} {answer.Status}\r\nConnection: close\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"
        );
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], cancellationToken);
    }
}
