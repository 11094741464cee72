using AiMe.Kernel;
using AiMe.Runtime;

namespace AiMe.Lab.Tests.Runs;

/// <summary>The local runtime keeps what every host must.</summary>
public sealed class LocalHostTests : Hosts.HostConformance
{
    private protected override IHosting HostingOf(Journal.Store store) => new LocalHosting(store.Journal, store.Snapshots, TimeProvider.System);
}
