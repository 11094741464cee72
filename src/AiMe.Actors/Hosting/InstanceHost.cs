using AiMe.Actors.Persistence;
using AiMe.Actors.Tracing;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Hosting;

namespace AiMe.Actors.Hosting;

/// <summary>The instances of one run and its supervisor, in an actor system.</summary>
/// <param name="options">Settings of the run.</param>
/// <param name="journal">Stores the events.</param>
/// <param name="snapshots">Stores the snapshots; null for none.</param>
/// <param name="effects">Runs the faculties' effects.</param>
/// <param name="observer">Is notified of what the host does.</param>
public sealed class InstanceHost(
    HostSettings options,
    IJournal journal,
    ISnapshots? snapshots,
    IEffects effects,
    IRuntimeObserver observer,
    TimeProvider time
) : IRuntime
{
    private static readonly TimeSpan StopAtMost = TimeSpan.FromMinutes(5); // an append in progress may wait for its database

    private readonly TaskCompletionSource<Placed> _placed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc />
    public Task Failure => Lifecycle.Failure;

    /// <inheritdoc />
    public bool IsIdle => Lifecycle.IsIdle;

    /// <inheritdoc />
    public IRates Rates =>
        _placed.Task is { IsCompletedSuccessfully: true, Result: var placed }
            ? placed.Rates
            : throw new InvalidOperationException("The actor system has not started.");

    internal HostSettings Options => options;

    internal IEffects Effects => effects;

    internal IRuntimeObserver Observer => observer;

    internal TimeProvider Time => time;

    /// <summary>
    /// Id of the journal plugin that the actors write through: AiMe's own, or any other that stores rows.
    /// </summary>
    public string JournalPluginId { get; init; } = JournalPlugin.Id;

    internal HostLifecycle Lifecycle { get; } = new();

    internal CycleSpans Spans { get; } = new(options);

    internal PluginSetup Setup { get; } = new(options, journal, snapshots);

    /// <inheritdoc />
    public async ValueTask TellAsync(FacultyAddress to, Command command)
    {
        var placed = await _placed.Task;
        if (to.Instance == FacultyAddress.Run)
            placed.Supervisor.Tell(new CommandEnvelope(to, command));
        else if (options.Awake(to.Instance) && !Lifecycle.IsStopping)
            placed.Instances.Tell(new CommandEnvelope(to, command));
    }

    /// <inheritdoc />
    public Task CalmAsync(CancellationToken now) => Lifecycle.BecomeIdleAsync(now);

    /// <inheritdoc />
    /// <remarks>
    /// The actor system keeps running. No actor of this run is left in it, unless it belongs to a cluster, which moves
    /// the instances to other nodes.
    /// </remarks>
    public async Task StopAsync(CancellationToken now)
    {
        await CalmAsync(now);
        await Lifecycle.CancelAsync();
        if (_placed.Task is not { IsCompletedSuccessfully: true, Result: { IsAlone: true } placed })
            return;
        // Instances first: the supervisor must still make durable what they send it.
        await placed.Instances.GracefulStop(StopAtMost, FinishAndStop.Instance);
        await placed.Supervisor.GracefulStop(StopAtMost, FinishAndStop.Instance);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        Lifecycle.Dispose();
    }

    /// <summary>Called when the actors have been started.</summary>
    internal void Place(Placed placed) => _placed.TrySetResult(placed);

    /// <summary>References to the actors.</summary>
    /// <param name="IsAlone">Whether all actors are in this actor system.</param>
    internal sealed record Placed(IActorRef Instances, IActorRef Supervisor, IRates Rates, bool IsAlone);
}
