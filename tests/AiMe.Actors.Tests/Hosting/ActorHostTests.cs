using AiMe.Actors.Hosting;
using AiMe.Kernel;
using Store = AiMe.Journal.Store;

namespace AiMe.Actors.Tests.Hosting;

/// <summary>A plain actor system does what every host must.</summary>
public sealed class ActorHostTests : Hosts.HostConformance
{
    private protected override IHosting HostingOf(Store store) => new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System);
}
