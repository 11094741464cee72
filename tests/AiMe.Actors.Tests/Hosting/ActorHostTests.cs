using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Actors.Tests.Hosting;

/// <summary>A plain actor system does what every host must.</summary>
public sealed class ActorHostTests : Hosts.HostConformance
{
    private protected override IRuntimeFactory HostingOf(EventStore store) =>
        new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System);
}
