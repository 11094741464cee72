using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>A store with an HTTP API on the loopback interface, with every fault that can be had.</summary>
internal abstract class HttpStub : StoreServer
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false };
    private readonly Lock _lock = new();
    private readonly WebApplication _app;

    protected HttpStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 100_000_000;
            kestrel.ConfigureEndpointDefaults(o => o.Use(Connections.Before));
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Its port.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <inheritdoc />
    internal override OpenConnections Connections { get; } = new();

    /// <summary>Sends the adapter's requests; another one may look at them on their way.</summary>
    public HttpMessageHandler? Handler { get; set; }

    /// <summary>The time limit of the adapter's client.</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Where the adapter sends them if no test says otherwise; null for this server itself.</summary>
    public int? Gate { get; set; }

    /// <summary>Forgets everything.</summary>
    public abstract void Clear();

    public Task StartAsync() => _app.StartAsync();

    public override IVectorStore Connect(string place, TimeSpan timeout, int? port = null) =>
        Connect(
            place,
            timeout,
            new Uri($"http://127.0.0.1:{port ?? Gate ?? Port}"),
            new HttpClient(Handler ?? _handler, disposeHandler: false) { Timeout = ClientTimeout }
        );

    public override async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever still waits is cut off.
        }

        await _app.DisposeAsync();
        _handler.Dispose();
    }

    protected abstract IVectorStore Connect(string place, TimeSpan timeout, Uri address, HttpClient client);

    /// <summary>The answer to a request.</summary>
    protected abstract (int Status, JsonNode? Body) Answer(HttpRequest request, JsonNode? body);

    /// <summary>An error in the store's own form.</summary>
    protected abstract JsonNode ErrorOf(int status, string words);

    private async Task AnswerAsync(HttpContext context)
    {
        if (Fault == Fault.Silent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        if (Fault == Fault.Gone)
        {
            context.Abort();
            return;
        }

        var status = Fault switch
        {
            Fault.Busy => 429,
            Fault.Broken => 500,
            Fault.Unavailable => 503,
            Fault.Refusing => 400,
            Fault.Locked => 401,
            _ => 0,
        };
        JsonNode? answer = ErrorOf(status, $"the server's own words about {Key}.");
        if (status == 0)
        {
            using MemoryStream bytes = new();
            await context.Request.Body.CopyToAsync(bytes);
            var body = bytes.Length == 0 ? null : JsonNode.Parse(bytes.ToArray());
            lock (_lock)
                (status, answer) = Answer(context.Request, body);
        }

        if (Fault == Fault.Dying)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (answer is null)
            return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }
}
