using Akka.Actor;
using Akka.Event;
using AiMe.Kernel;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>What the actors of this node share.</summary>
internal sealed class Node(HostOptions options, IEffects effects, IRuntimeObserver observer, Claims claims, TimeProvider time) : IDisposable
{
    private readonly ComputePool _models = new(options.Parallel); // threads of its own: those of the thread pool carry the heartbeats
    private readonly CancellationTokenSource _ending = new(), _cancelled = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Calm _calm = new();
    private volatile bool _stopping;
    private int _inHand;

    public HostOptions Options => options;

    public IRuntimeObserver Observer => observer;

    public Claims Claims => claims;

    public TimeProvider Time => time;

    /// <summary>Who has model work done elsewhere; null where this node does it itself.</summary>
    public Asking? Elsewhere { get; init; }

    /// <summary>Set before the first life is woken.</summary>
    public ILoggingAdapter Log { get; set; } = NoLogger.Instance;

    /// <summary>Where commands for instances go; set before the first life is woken.</summary>
    public IActorRef Instances { get; set; } = ActorRefs.Nobody;

    /// <summary>Where commands for the supervisor go; set before the first life is woken.</summary>
    public IActorRef Supervisor { get; set; } = ActorRefs.Nobody;

    /// <summary>The cluster's rates; set before the first life is woken.</summary>
    public IRates Rates { get; set; } = new RateKeeper([], time);

    /// <summary>Whether nothing new is begun.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Faults when this node cannot go on.</summary>
    public Task Failure => _failed.Task;

    /// <summary>Hands a command to whichever node its life is on.</summary>
    public void Send(Told told)
    {
        if (told.To.Instance == Address.Run)
            Supervisor.Tell(told);
        else if (options.Awake(told.To.Instance))
            Instances.Tell(told);
    }

    /// <summary>Runs an effect: elsewhere, if it is model work and this node does none; else on the bounded pool for model work, of which calls that wait for a server hold no thread.</summary>
    public Task<Command> RunAsync(string instance, Effect effect) => Elsewhere is { } asking && asking.Takes(effect)
        ? asking.RunAsync(instance, effect, _ending.Token)
        : Task.Factory.StartNew(() => effects.RunAsync(instance, effect, _cancelled.Token), _cancelled.Token, TaskCreationOptions.DenyChildAttach, _models).Unwrap();

    /// <summary>Messages and effects in hand, more or (below 0) fewer.</summary>
    public void Count(int more)
    {
        if (Interlocked.Add(ref _inHand, more) <= 0 && _stopping)
            _calm.Reached();
    }

    /// <summary>This node cannot go on.</summary>
    public void Fail(Exception failure) => _failed.TrySetException(failure);

    /// <summary>Begins nothing new, and completes when nothing is in hand, or when the caller will not wait any longer.</summary>
    public async Task CalmAsync(CancellationToken now)
    {
        _stopping = true;
        await _ending.CancelAsync(); // what others were asked is not waited for: it stays owed, and whoever asks again has the same answer
        do
        {
            var calm = _calm.NextAsync();
            Count(0);
            await using (now.Register(_calm.Reached))
                await Task.WhenAny(calm, _failed.Task);
        }
        while (Volatile.Read(ref _inHand) > 0 && !now.IsCancellationRequested && !_failed.Task.IsCompleted); // something came just then
    }

    /// <summary>Leaves effects in flight as still owed.</summary>
    public Task CancelAsync() => _cancelled.CancelAsync();

    /// <summary>Lets go of the threads for model work.</summary>
    public void Dispose()
    {
        _models.Dispose();
        _ending.Dispose();
        _cancelled.Dispose();
    }
}
