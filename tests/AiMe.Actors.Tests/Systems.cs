using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AiMe.Actors.Clustering;
using AiMe.Actors.Persistence;
using AiMe.Mind;

namespace AiMe.Actors.Tests;

/// <summary>How the actor systems of these tests are set up.</summary>
internal static class Systems
{
    /// <summary>How long a test waits before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>No log.</summary>
    public const string Silent = "akka.loglevel = OFF, akka.stdout-loglevel = OFF";

    /// <summary>A system with settings and setups.</summary>
    public static ActorSystemSetup With(string hocon, params ReadOnlySpan<Setup> setups)
    {
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(hocon)));
        foreach (var one in setups)
            setup = one switch // the setup is found by its static type
            {
                WireSetup wire => setup.WithSetup(wire),
                PluginSetup plugins => setup.WithSetup(plugins),
                OwnerLeases leases => setup.WithSetup(leases),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        return setup;
    }

    /// <summary>A system whose serializer knows the messages of the mind.</summary>
    public static ActorSystemSetup Wired() => With(Silent, new WireSetup(MindWire.All));
}
