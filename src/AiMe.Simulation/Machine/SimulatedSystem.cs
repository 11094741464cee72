using AiMe.Actors.Hosting;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;

namespace AiMe.Simulation.Machine;

/// <summary>An actor system as AiMe configures it, with simulated threads, time and log.</summary>
/// <remarks>
/// Starting a system takes longer than many simulated processes run. Therefore the next process on the same thread
/// reuses the system, once all actors of the previous process have stopped. It keeps only Akka's own parts: guardians,
/// the plugins (whose dependencies are set for each process), and the permits of recoveries, which are all free.
/// </remarks>
internal sealed class SimulatedSystem
{
    private static readonly Config s_config = ConfigurationFactory
        .ParseString(
            $$"""
            akka {
              loglevel = ERROR
              loggers = []
              scheduler.implementation = "{{NameOf<SimulatedTimers>()}}"
              actor {
                default-dispatcher { executor = "{{NameOf<SimulatedExecutor>()}}", throughput = 1 }
                internal-dispatcher { executor = "{{NameOf<SimulatedExecutor>()}}", throughput = 1 }
                default-blocking-io-dispatcher { executor = "{{NameOf<SimulatedExecutor>()}}", throughput = 1 }
              }
              # a limit would be kept by a timer of the real clock
              persistence.snapshot-store.aime.circuit-breaker.call-timeout = infinite
            }
            aime.model-dispatcher { executor = "{{NameOf<SimulatedExecutor>()}}", throughput = 1 }
            """
        )
        .WithFallback(ConfigurationFactory.FromResource<InstanceHost>("AiMe.Actors.akka.conf"));

    [ThreadStatic]
    private static SimulatedSystem? t_idle;

    private readonly SimulatedTimers _timers;
    private readonly SimulatedLog _log = new();
    private readonly PluginSetup _plugins;

    private SimulatedSystem(HostSettings options, IJournal journal)
    {
        _plugins = new PluginSetup(options, journal, snapshots: null);
        Actors = ActorSystem.Create(
            "aime",
            ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(s_config), new SimulationSetup(Thread), _plugins)
        );
        _timers = (SimulatedTimers)Actors.Scheduler;
        _log.ListenTo(Actors);
        var persistence = Persistence.Instance.Apply(Actors);
        persistence.JournalFor(JournalPlugin.Id);
        persistence.SnapshotStoreFor(SnapshotPlugin.Id);
        Thread.RunAll();
    }

    /// <summary>The actor system.</summary>
    public ActorSystem Actors { get; }

    /// <summary>Its only thread.</summary>
    public SimulatedThread Thread { get; } = new();

    /// <summary>A system without actors of AiMe's, for a process on this thread. Its start makes no draw.</summary>
    /// <param name="failed">Called with each error that Akka would log.</param>
    public static SimulatedSystem For(
        SimulatedMachine machine,
        HostSettings options,
        SimulatedParts parts,
        RowCache? known,
        Action<string, Exception> failed
    )
    {
        var system = t_idle ?? new SimulatedSystem(options, parts.Journal);
        t_idle = null;
        (system._plugins.Options, system._plugins.Journal, system._plugins.Snapshots, system._plugins.Rows) = (
            options,
            parts.Journal,
            parts.Snapshots,
            known
        );
        (system._timers.Clock, system._log.Failed, system.Thread.Dice) = (machine.Clock, failed, machine.Dice);
        return system;
    }

    /// <summary>
    /// Stops the actors of a process that is gone; they have no clock, and their dependencies do nothing any more.
    /// </summary>
    public void Clear(params ReadOnlySpan<IActorRef> actors)
    {
        (_timers.Clock, _log.Failed) = (null, null);
        foreach (var actor in actors)
            ((IInternalActorRef)actor).Stop();
        Thread.RunAll();
        if (!((ActorRefWithCell)((ExtendedActorSystem)Actors).Guardian).Children.Any())
            t_idle = this;
    }

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
