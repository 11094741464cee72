using Akka.Cluster;
using AiMe.Kernel;
using AiMe.Mind;
using Store = AiMe.Journal.Store;

namespace AiMe.Akka.Tests;

/// <summary>A cluster of two nodes keeps what every host must: all lives are on the one, and all model work is done by the other.</summary>
public sealed class RolesHostTests : Hosts.HostConformance
{
    private protected override IHosting HostingOf(Store store) => new Parted(store);

    // Two nodes find each other sooner than those of a real cluster need to.
    private const string Soon = """
        akka.cluster {
          gossip-interval = 100 ms
          leader-actions-interval = 100 ms
          periodic-tasks-initial-delay = 100 ms
          seed-node-timeout = 500 ms
          retry-unsuccessful-join-after = 500 ms
          singleton-proxy.singleton-identification-interval = 200 ms
          sharding.retry-interval = 200 ms
        }
        """;

    private sealed class Parted(Store store) : IHosting
    {
        public bool ClaimsByItself => true;

        public async Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer)
        {
            var model = (AkkaRuntime)await Node(NodeOptions.Alone with { Roles = [NodeOptions.Model] }).OpenAsync(options, effects, observer);
            var at = $"127.0.0.1:{Cluster.Get(model.System).SelfAddress.Port}";
            return new Pair(model, await Node(NodeOptions.Alone with { Seeds = [at], Roles = [NodeOptions.Mind] }).OpenAsync(options, new Own(effects), observer));
        }

        private AkkaHosting Node(NodeOptions node) => new(node with { Hocon = Soon }, store, MindWire.All, TextWriter.Null, TimeProvider.System);
    }

    /// <summary>The world of the node without the role model.</summary>
    private sealed class Own(IEffects world) : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            MindWire.All.Effects.Has(effect).ShouldBeFalse($"{effect.GetType().Name} is model work");
            return world.RunAsync(instance, effect, cancellationToken);
        }
    }

    private sealed class Pair(IRuntime model, IRuntime mind) : IRuntime
    {
        public Task Failure { get; } = Task.WhenAny(model.Failure, mind.Failure).Unwrap();

        public bool IsIdle => mind.IsIdle;

        public IRates Rates => model.Rates; // where model work is done calls are made

        public ValueTask TellAsync(Kernel.Address to, Command command) => mind.TellAsync(to, command);

        public async Task CalmAsync(CancellationToken now)
        {
            await mind.CalmAsync(now);
            await model.CalmAsync(now);
        }

        public async Task StopAsync(CancellationToken now)
        {
            await mind.StopAsync(now);
            await model.StopAsync(now);
        }

        public async ValueTask DisposeAsync()
        {
            await mind.DisposeAsync();
            await model.DisposeAsync();
        }
    }
}
