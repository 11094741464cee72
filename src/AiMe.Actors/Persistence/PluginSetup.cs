using AiMe.EventSourcing;
using Akka.Actor.Setup;

namespace AiMe.Actors.Persistence;

/// <summary>
/// Passes their dependencies to the persistence plugins of an actor system, because Akka creates plugins from its
/// configuration.
/// </summary>
internal sealed class PluginSetup(HostSettings options, IJournal journal, ISnapshots? snapshots, RowCache? rows = null) : Setup
{
    /// <summary>
    /// The run that the actor system hosts. The simulator reuses its systems, and so sets this and the members below
    /// for each run.
    /// </summary>
    public HostSettings Options { get; set; } = options;

    public IJournal Journal { get; set; } = journal;

    public ISnapshots? Snapshots { get; set; } = snapshots;

    /// <summary>Cache of decoded rows; null to decode each row again.</summary>
    public RowCache? Rows { get; set; } = rows;

    /// <summary>The setup of the actor system that creates a plugin.</summary>
    /// <exception cref="InvalidOperationException">The system was started without one.</exception>
    public static PluginSetup Of(Akka.Actor.ActorSystem system) =>
        system.Settings.Setup.Get<PluginSetup>() is { HasValue: true, Value: var setup }
            ? setup
            : throw new InvalidOperationException("AiMe's persistence plugins need the setup that WithInstances adds to the actor system.");
}
