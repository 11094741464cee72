using AiMe.EventSourcing;
using Akka.Actor.Setup;

namespace AiMe.Actors.Persistence;

/// <summary>
/// What the persistence plugins of an actor system stand on. Akka creates them itself, from its configuration, and so
/// hands them nothing.
/// </summary>
internal sealed class PluginSetup(HostSettings options, IJournal journal, ISnapshots? snapshots, RowCache? known = null) : Setup
{
    /// <summary>
    /// The run that the actor system hosts. The simulator, whose systems outlive their runs, sets the next one, and so
    /// the parts below.
    /// </summary>
    public HostSettings Options { get; set; } = options;

    public IJournal Journal { get; set; } = journal;

    public ISnapshots? Snapshots { get; set; } = snapshots;

    /// <summary>What was decoded before; null to decode everything again.</summary>
    public RowCache? Known { get; set; } = known;

    /// <summary>The setup of the actor system that creates a plugin.</summary>
    /// <exception cref="InvalidOperationException">The system was started without one.</exception>
    public static PluginSetup Of(Akka.Actor.ActorSystem system) =>
        system.Settings.Setup.Get<PluginSetup>() is { HasValue: true, Value: var setup }
            ? setup
            : throw new InvalidOperationException("AiMe's persistence plugins need the setup that WithInstances adds to the actor system.");
}
