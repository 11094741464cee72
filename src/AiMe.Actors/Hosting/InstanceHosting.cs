using System.Globalization;
using AiMe.Actors.Persistence;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;

namespace AiMe.Actors.Hosting;

/// <summary>Hosts AiMe's instances in an actor system of AiMe or of another application.</summary>
public static class InstanceHosting
{
    private static readonly Config s_defaults = ConfigurationFactory.FromResource<InstanceHost>("AiMe.Actors.akka.conf");

    /// <summary>Hosts the instances of a run and its supervisor in this actor system alone.</summary>
    /// <remarks>
    /// The actors are registered as InstanceActor (the parent of the instances) and SupervisorActor. The run starts
    /// with <c>host.TellAsync(FacultyAddress.Supervisor, new StartRun(plan))</c>. An actor system hosts one run.
    /// </remarks>
    /// <param name="host">The run to host.</param>
    public static AkkaConfigurationBuilder WithInstances(this AkkaConfigurationBuilder builder, InstanceHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return builder
            .WithPersistence(host)
            .WithActors(
                (system, registry) =>
                {
                    LoadPlugins(system, host);
                    var services = new InstanceServices(host.Options, Effects(system, host), host.Observer, host.Time, host.Lifecycle)
                    {
                        JournalPluginId = host.JournalPluginId,
                        Spans = host.Spans,
                    };
                    PlaceAlone(system, registry, services);
                    host.Place(
                        new InstanceHost.Placed(
                            registry.Get<InstanceActor>(),
                            registry.Get<SupervisorActor>(),
                            new RateKeeper(host.Options.Rates, host.Time),
                            IsAlone: true
                        )
                    );
                }
            );
    }

    /// <summary>
    /// Places the instances and their supervisor in one actor system, with a parent actor in place of a shard region.
    /// </summary>
    internal static void PlaceAlone(ActorSystem system, IActorRegistry registry, InstanceServices services)
    {
        var (instances, supervisor) = (new RequiredActor<InstanceActor>(registry), new RequiredActor<SupervisorActor>(registry));
        registry.Register<InstanceActor>(
            system.ActorOf(
                Props.CreateBy(
                    new Producer<InstancesActor>(() => new InstancesActor(new InstanceExtractor(), PropsOf(services, supervisor)))
                ),
                "instances"
            )
        );
        registry.Register<SupervisorActor>(system.ActorOf(PropsOf(services, instances), "supervisor"));
    }

    /// <summary>Adds the settings and the persistence plugins that AiMe's actors need.</summary>
    internal static AkkaConfigurationBuilder WithPersistence(this AkkaConfigurationBuilder builder, InstanceHost host) =>
        builder
            .AddHocon(s_defaults, HoconAddMode.Append)
            .AddHocon(
                ConfigurationFactory.ParseString(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"aime.model-dispatcher.dedicated-thread-pool.thread-count = {host.Options.Parallel}"
                    )
                ),
                HoconAddMode.Prepend
            )
            .AddSetup(host.Setup);

    /// <summary>
    /// Loads the persistence plugins now, so that a wrong setting is reported when the system starts.
    /// </summary>
    internal static void LoadPlugins(ActorSystem system, InstanceHost host)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(system);
        persistence.JournalFor(host.JournalPluginId);
        persistence.SnapshotStoreFor(SnapshotPlugin.Id);
    }

    /// <summary>Runs effects on the dispatcher for model work; its number of threads is a setting of the run.</summary>
    internal static IEffectRunner Effects(ActorSystem system, InstanceHost host) =>
        new LocalEffects(
            host.Effects,
            host.Spans,
            new DispatcherScheduler(system.Dispatchers.Lookup("aime.model-dispatcher")),
            host.Lifecycle.Cancelled
        );

    /// <summary>The props of an instance, by name.</summary>
    internal static Func<string, Props> PropsOf(InstanceServices services, IRequiredActor<SupervisorActor> supervisor) =>
        name => Props.CreateBy(new Producer<InstanceActor>(() => new InstanceActor(services, supervisor, name)));

    /// <summary>The props of the supervisor.</summary>
    internal static Props PropsOf(InstanceServices services, IRequiredActor<InstanceActor> instances) =>
        Props.CreateBy(new Producer<SupervisorActor>(() => new SupervisorActor(services, instances)));
}
