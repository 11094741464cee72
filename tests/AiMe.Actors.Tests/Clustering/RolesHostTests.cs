using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using Akka.Cluster;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>A cluster of two nodes does what every host must: all instances are on the one, and all model work is done by the other.</summary>
public sealed class RolesHostTests() : Hosts.HostConformance(isSlow: true)
{
    private protected override IRuntimeFactory HostingOf(EventStore store) => new Parted(store);

    private sealed class Parted(EventStore store) : IRuntimeFactory
    {
        public bool ClaimsByItself => true;

        public async Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer)
        {
            var model = (ClusterNode)
                await Node(NodeOptions.Alone with { Roles = [NodeOptions.Model] }).OpenAsync(options, effects, observer);
            var at = $"127.0.0.1:{Cluster.Get(model.System).SelfAddress.Port}";
            return new Pair(
                model,
                await Node(NodeOptions.Alone with { Seeds = [at], Roles = [NodeOptions.Mind] })
                    .OpenAsync(options, new Own(effects), observer)
            );
        }

        private ClusterHosting Node(NodeOptions node) => new(node, store, TimeProvider.System) { Settings = Nodes.Soon };
    }

    /// <summary>The effects of the node without the role model.</summary>
    private sealed class Own(IEffects effects) : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            FacultyMessages.All.Effects.Has(effect).ShouldBeFalse($"{effect.GetType().Name} is model work");
            return effects.RunAsync(instance, effect, cancellationToken);
        }
    }

    private sealed class Pair(IRuntime model, IRuntime mind) : IRuntime
    {
        public Task Failure { get; } = Task.WhenAny(model.Failure, mind.Failure).Unwrap();

        public bool IsIdle => mind.IsIdle;

        public IRates Rates => model.Rates; // calls are made by the node that does model work

        public ValueTask TellAsync(FacultyAddress to, Command command) => mind.TellAsync(to, command);

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
