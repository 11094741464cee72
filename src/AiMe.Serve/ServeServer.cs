using System.Net;
using AiMe.Models;
using AiMe.Serve.Adapters;
using AiMe.Serve.Chat;
using AiMe.Serve.Completions;
using AiMe.Serve.Embeddings;
using AiMe.Serve.Files;
using AiMe.Serve.Http;
using AiMe.Serve.Jobs;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiMe.Serve;

/// <summary>The server of <c>aime serve</c>: OpenAI's API over models of this machine.</summary>
public sealed class ServeServer : IAsyncDisposable
{
    /// <summary>Time for requests in flight when the server stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly WorkGate _gate;
    private readonly FileStream _lock;

    private ServeServer(WebApplication app, Uri address, JobWorker worker, WorkGate gate, FileStream @lock)
    {
        (_app, Address, _gate, _lock) = (app, address, gate, @lock);
        _work = Task.Run(() => worker.RunAsync(_stop.Token));
    }

    /// <summary>Where clients find it, <c>/v1</c> included.</summary>
    public Uri Address { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="checkpoints">Those of the served families; jobs and adapters are kept there.</param>
    /// <param name="embedders">By name.</param>
    /// <exception cref="ArgumentException">Other machines could reach it without a key.</exception>
    /// <exception cref="IOException">The address cannot be bound, or another server uses its folder.</exception>
    public static async Task<ServeServer> StartAsync(
        ModelCatalog models,
        ICheckpoints checkpoints,
        IReadOnlyDictionary<string, ServedEmbedder> embedders,
        ServeOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(embedders);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.IsExposed && string.IsNullOrEmpty(options.Key))
            throw new ArgumentException($"the address {options.Address} can be reached by other machines: a key is needed");
        Directory.CreateDirectory(options.Directory);
        var held = Locked(options.Directory);
        var gate = new WorkGate(options.Parallel, options.Waiting);
        try
        {
            var files = FileShelf.Open(Path.Combine(options.Directory, "files"), time);
            var jobs = JobShelf.Open(Path.Combine(options.Directory, "jobs"));
            foreach (var tuned in jobs.All.Select(j => JobWorker.ModelOf(j, models)).OfType<ServedModel>())
                models.AddTuned(tuned);
            var worker = new JobWorker(jobs, models, time);
            var app = Build(options);
            var port = new TaskCompletionSource<int>();
            Guard(app, options, port.Task);
            app.UseRouting();
            Map(app, models, embedders, gate, time);
            MapStores(app, models, checkpoints, files, jobs, worker, options, time);
            await app.StartAsync(cancellationToken);
            var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            port.SetResult(bound.Port);
            var host =
                options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any)
                    ? "127.0.0.1"
                    : HostGuard.InUrl(options.Address);
            return new ServeServer(app, new Uri($"http://{host}:{bound.Port}/v1"), worker, gate, held);
        }
        catch
        {
            gate.Dispose();
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the server is told to stop.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Ends requests in flight within a time, then interrupts training: the next start continues its job.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var grace = new CancellationTokenSource(Grace))
            await _app.StopAsync(grace.Token);
        await _stop.CancelAsync();
        await _work;
        await _app.DisposeAsync();
        await _lock.DisposeAsync();
        _gate.Dispose();
        _stop.Dispose();
    }

    // The system releases it when the process ends, however it ends.
    private static FileStream Locked(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"another server uses {directory}: stop it, or name another --store ({e.Message})", e);
        }
    }

    private static WebApplication Build(ServeOptions options)
    {
        // No settings file, environment variable or command line of ASP.NET's own changes what is served where.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(ServeServer).Assembly.GetName().Name }
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = options.LargestBody;
                kestrel.Limits.MaxConcurrentConnections = 1024;
                kestrel.Listen(options.Address, options.Port);
            });
        builder.Services.AddLogging(log =>
            log.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        );
        builder.Services.AddRoutingCore();
        return builder.Build();
    }

    private static void Guard(WebApplication app, ServeOptions options, Task<int> port)
    {
        HostGuard? hosts = null;
        var key = new ApiKey(options.Key);
        var log = app.Services.GetRequiredService<ILogger<ServeServer>>();
        app.Use(
            async (context, next) =>
            {
                context.Response.Headers[ErrorReplies.RequestId] = RandomId.New("req_");
                context.Response.Headers.XContentTypeOptions = "nosniff";
                await ErrorReplies.RunAsync(context, log, async () =>
                {
                    (hosts ??= new HostGuard(options, await port)).Check(context.Request);
                    if (context.Request.Path != "/health")
                        key.Check(context.Request);
                    if (context.Request.Path == "/v1/files" && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } limit)
                        limit.MaxRequestBodySize = options.LargestFile + (64 << 10);
                    await next(context);
                });
            }
        );
    }

    private static void Map(
        WebApplication app,
        ModelCatalog models,
        IReadOnlyDictionary<string, ServedEmbedder> embedders,
        WorkGate gate,
        TimeProvider time
    )
    {
        var (chat, completions, tokens, embeddings) = (
            new ChatEndpoint(models, gate, time),
            new CompletionEndpoint(models, gate, time),
            new TokenEndpoints(models, gate),
            new EmbeddingEndpoint(embedders, gate)
        );
        var listed = new ModelEndpoints(models, [.. embedders.Keys.Order(StringComparer.Ordinal)], time.GetUtcNow().ToUnixTimeSeconds());
        app.MapGet("/health", context => JsonBody.WriteAsync(context, json => json.WriteString("status", "ok")));
        foreach (var version in (string[])["/version", "/v1/version"])
            app.MapGet(version, context => JsonBody.WriteAsync(context, json => json.WriteString("version", ServedModel.Version)));
        app.MapGet("/v1/models", listed.ListAsync);
        app.MapGet("/v1/models/{**id}", context => listed.GetAsync(context, Id(context)));
        app.MapPost("/v1/chat/completions", chat.HandleAsync);
        app.MapPost("/v1/completions", completions.HandleAsync);
        app.MapPost("/v1/embeddings", embeddings.HandleAsync);
        app.MapPost("/tokenize", tokens.TokenizeAsync);
        app.MapPost("/detokenize", tokens.DetokenizeAsync);
    }

    private static void MapStores(
        WebApplication app,
        ModelCatalog models,
        ICheckpoints checkpoints,
        FileShelf files,
        JobShelf jobs,
        JobWorker worker,
        ServeOptions options,
        TimeProvider time
    )
    {
        var (uploads, tuning, adapters) = (
            new FileEndpoints(files, options),
            new JobEndpoints(jobs, worker, files, models, options, time),
            new AdapterEndpoints(models, checkpoints, options, time)
        );
        app.MapPost("/v1/files", uploads.CreateAsync);
        app.MapGet("/v1/files", uploads.ListAsync);
        app.MapGet("/v1/files/{id}", context => uploads.GetAsync(context, Id(context)));
        app.MapGet("/v1/files/{id}/content", context => uploads.ContentAsync(context, Id(context)));
        app.MapDelete("/v1/files/{id}", context => uploads.DeleteAsync(context, Id(context)));
        app.MapPost("/v1/fine_tuning/jobs", tuning.CreateAsync);
        app.MapGet("/v1/fine_tuning/jobs", tuning.ListAsync);
        app.MapGet("/v1/fine_tuning/jobs/{id}", context => tuning.GetAsync(context, Id(context)));
        app.MapGet("/v1/fine_tuning/jobs/{id}/events", context => tuning.EventsAsync(context, Id(context)));
        app.MapGet("/v1/fine_tuning/jobs/{id}/checkpoints", context => tuning.CheckpointsAsync(context, Id(context)));
        app.MapPost("/v1/fine_tuning/jobs/{id}/cancel", context => tuning.CancelAsync(context, Id(context)));
        app.MapPost("/v1/load_lora_adapter", adapters.LoadAsync);
        app.MapPost("/v1/unload_lora_adapter", adapters.UnloadAsync);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
