using Akka.Actor;
using AiMe.Kernel;
using Microsoft.Extensions.Hosting;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>A node at work.</summary>
internal sealed class AkkaRuntime : IRuntime
{
    private readonly IHost _host;
    private readonly ActorSystem _system;
    private readonly Node _node;
    private readonly HealthEndpoint? _health;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _beating;
    private bool _closed;

    public AkkaRuntime(IHost host, ActorSystem system, Node node, HealthEndpoint? health)
    {
        (_host, _system, _node, _health) = (host, system, node, health);
        _beating = node.Claims.BeatAsync(_over.Token);
        Failure = Task.WhenAny(node.Failure, _beating, EndedAsync()).Unwrap();
    }

    /// <summary>For tests of its settings.</summary>
    internal ActorSystem System => _system;

    /// <inheritdoc />
    public Task Failure { get; }

    /// <summary>Never known: other nodes may have something in hand.</summary>
    public bool IsIdle => false;

    /// <inheritdoc />
    public ValueTask TellAsync(Address to, Command command)
    {
        _node.Send(new Told(to, command));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public IRates Rates => _node.Rates;

    /// <inheritdoc />
    public Task CalmAsync(CancellationToken now) => _node.CalmAsync(now);

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken now)
    {
        await _node.CalmAsync(now);
        await _node.CancelAsync();
        await CloseAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        await _node.CalmAsync(new CancellationToken(canceled: true));
        await _node.CancelAsync();
        await CloseAsync();
    }

    // The node leaves its cluster: its lives end behind what they are persisting, and others may take them over.
    private async Task CloseAsync()
    {
        if (_closed)
            return;
        _closed = true;
        _health?.Dispose();
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await _over.CancelAsync(); // till then lives may still write
        await _host.StopAsync();
        _host.Dispose();
        await _node.Claims.ReleaseAllAsync();
        _node.Dispose();
        _over.Dispose();
    }

    // The cluster may down this node: a partition left it in the minority.
    private async Task EndedAsync()
    {
        await _system.WhenTerminated;
        if (!_node.IsStopping)
            throw new Journal.JournalException("The cluster has shut this node out: it was unreachable for too long, or in the minority after a partition. What it had made durable is kept; start it again, and it goes on with the others.");
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
