using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace AiMe.Actors.Tests;

/// <summary>How the actor systems of these tests are set up.</summary>
internal static class Systems
{
    /// <summary>No log.</summary>
    public const string Silent = "akka.loglevel = OFF, akka.stdout-loglevel = OFF";

    /// <summary>How long a test waits before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How often a test looks meanwhile.</summary>
    public static readonly TimeSpan Often = TimeSpan.FromMilliseconds(5);

    /// <summary>What a host of these tests carries.</summary>
    public static HostSettings Options { get; } =
        new()
        {
            Run = "test",
            Writer = new WriterId("w1"),
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            Codec = FacultyEvents.Codec,
            Park = (instance, why) => new ParkInstance(instance, why),
            Parallel = 2,
            SnapshotEvery = 0,
            Restarts = 3,
            BackOff = TimeSpan.FromMilliseconds(10),
            BackOffAtMost = TimeSpan.FromMilliseconds(25),
            PassivateAfter = TimeSpan.FromMinutes(1),
        };

    /// <summary>A system whose serializer knows the messages of the mind.</summary>
    public static ActorSystemSetup Wired() => With(Silent).WithSetup(new WireSetup(FacultyMessages.All));

    /// <summary>A system whose actors write to a journal through AiMe's own plugin.</summary>
    public static ActorSystemSetup Persistent(IJournal journal, string hocon = Silent) =>
        With(hocon).WithSetup(new PluginSetup(Options, journal, snapshots: null));

    /// <summary>A system that finds AiMe's lease in its configuration.</summary>
    public static ActorSystemSetup Leased(OwnerLeases leases) =>
        ActorSystemSetup
            .Create(
                BootstrapSetup
                    .Create()
                    .WithConfig(
                        ConfigurationFactory
                            .ParseString(Silent)
                            .WithFallback(
                                "aime.lease { lease-class = \"AiMe.Actors.Clustering.OwnerLease, AiMe.Actors\", heartbeat-timeout = 30s, heartbeat-interval = 5s, lease-operation-timeout = 30s }"
                            )
                    )
            )
            .WithSetup(leases);

    private static ActorSystemSetup With(string hocon) =>
        ActorSystemSetup.Create(
            BootstrapSetup
                .Create()
                .WithConfig(
                    ConfigurationFactory
                        .ParseString(hocon)
                        .WithFallback(ConfigurationFactory.FromResource<InstanceHost>("AiMe.Actors.akka.conf"))
                )
        );
}
