using System.Text.Json.Nodes;
using AiMe.VectorStores.Qdrant;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Qdrant's gRPC services on the loopback interface, with every fault that can be had.</summary>
internal sealed class QdrantStub : StoreServer
{
    private readonly WebApplication _app;

    public QdrantStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, o =>
            {
                o.Protocols = HttpProtocols.Http2;
                o.Use(Connections.Before);
            }));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 32_000_000);
        builder.Services.AddSingleton(Service);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<QdrantService>, QdrantMethods>());
        _app = builder.Build();
        _app.MapGrpcService<QdrantService>();
    }

    /// <summary>Whether stores are told to search exactly.</summary>
    public bool Exact { get; init; } = true;

    public QdrantService Service { get; } = new();

    /// <inheritdoc />
    internal override OpenConnections Connections { get; } = new();

    public override Fault Fault
    {
        get => Service.Fault;
        set => Service.Fault = value;
    }

    /// <summary>Its port.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    public Task StartAsync() => _app.StartAsync();

    public override IVectorStore Connect(string place, TimeSpan timeout, int? port = null) =>
        new QdrantStore(new QdrantOptions(new Uri($"http://127.0.0.1:{port ?? Port}"), place, Key, Exact, timeout));

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
    }
}
