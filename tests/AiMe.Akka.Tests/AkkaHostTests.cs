using AiMe.Kernel;
using AiMe.Mind;
using Store = AiMe.Journal.Store;

namespace AiMe.Akka.Tests;

/// <summary>A cluster of one node keeps what every host must.</summary>
public sealed class AkkaHostTests : Hosts.HostConformance
{
    private protected override IHosting HostingOf(Store store) => new AkkaHosting(NodeOptions.Alone, store, MindWire.All, TextWriter.Null, TimeProvider.System);
}
