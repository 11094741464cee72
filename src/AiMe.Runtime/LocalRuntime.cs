using System.Collections.Concurrent;
using AiMe.Journal;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>
/// The local host: every instance's faculties as cells in this process. Messages are delivered at least once, effects run after the events
/// that owe them are durable, and an instance that keeps failing is parked while the others go on.
/// </summary>
public sealed class LocalRuntime : IRuntime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Life>>> _lives = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Calm _calm = new();
    private readonly ITimer _passivation;
    private readonly ComputePool? _pool;
    private volatile bool _stopping;
    private volatile bool _closing;

    /// <summary>Makes a host over a journal. Nothing runs before <see cref="TellAsync"/>.</summary>
    /// <param name="snapshots">Where snapshots are kept, or null for none.</param>
    /// <param name="running">How it runs; null for the usual.</param>
    public LocalRuntime(HostOptions options, IJournal journal, ISnapshots? snapshots, IEffects effects, IRuntimeObserver observer, TimeProvider time, RuntimeOptions? running = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (Options, Running, Journal, Snapshots, Effects, Observer, Time) = (options, running ?? new RuntimeOptions(), journal, snapshots, effects, observer, time);
        _pool = Running.ModelScheduler is null ? new ComputePool(options.Parallel) : null;
        Rates = new RateKeeper(options.Rates, time);
        _passivation = time.CreateTimer(_ => Passivate(), null, options.PassivateAfter, options.PassivateAfter);
    }

    /// <inheritdoc />
    public Task Failure => _failed.Task;

    /// <inheritdoc />
    public bool IsIdle => _lives.Values.All(l => l is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } && l.Value.Result.IsAtRest);

    /// <inheritdoc />
    public IRates Rates { get; }

    internal HostOptions Options { get; }

    internal RuntimeOptions Running { get; }

    internal IJournal Journal { get; }

    internal ISnapshots? Snapshots { get; }

    internal IEffects Effects { get; }

    internal IRuntimeObserver Observer { get; }

    internal TimeProvider Time { get; }

    internal bool IsStopping => _stopping;

    internal CancellationToken Cancelled => _cancelled.Token;

    // Ends the pauses before restarts as soon as the host is to end, gently or not.
    internal CancellationToken Stopping => _ending.Token;

    // An append in hand is never cut off: it ends, or the store is lost.
    internal CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc />
    public ValueTask TellAsync(Address to, Command command) => PostAsync(to, command);

    /// <inheritdoc />
    public async Task CalmAsync(CancellationToken now)
    {
        _stopping = true;
        await CancelAsync(_ending);
        do
        {
            var calm = _calm.NextAsync();
            Calmed();
            await using (now.Register(_calm.Reached))
                await Task.WhenAny(calm, _failed.Task);
        }
        while (IsBusy() && !now.IsCancellationRequested && !_failed.Task.IsCompleted); // something came just then
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken now)
    {
        await CalmAsync(now);
        await CloseAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await CancelAsync(_ending);
        await CloseAsync();
        await _passivation.DisposeAsync();
        _pool?.Dispose();
        _cancelled.Dispose();
        _ending.Dispose();
    }

    // Effects in flight are left as still owed; an append in hand is waited for, so that the journal can be closed after this.
    private async Task CloseAsync()
    {
        _closing = true;
        await CancelAsync(_cancelled);
        foreach (var life in Opened.OrderBy(life => life.Name, StringComparer.Ordinal))
            await life.CloseAsync();
    }

    // CancellationTokenSource.CancelAsync would run the callbacks on the thread pool, whatever the host's scheduler is.
    private Task CancelAsync(CancellationTokenSource source) => Task.Factory.StartNew(source.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Running.Scheduler);

    internal async ValueTask PostAsync(Address to, Command command)
    {
        if (to.Instance != Address.Run && !Options.Awake(to.Instance))
            return;
        while (!_closing && (!_stopping || to.Instance == Address.Run)) // of a host that ends, the supervisor alone still takes commands
        {
            var opening = _lives.GetOrAdd(to.Instance, name => new Lazy<Task<Life>>(() => OpenAsync(name)));
            var life = await opening.Value;
            if (await life.PostAsync(to.Faculty, command) || life.IsParked)
                return;
            _lives.TryRemove(KeyValuePair.Create(to.Instance, opening)); // it has just left memory: the next look-up brings it back
        }
    }

    // Begins a piece of work of its own on the host's scheduler. What it awaits comes back to the same scheduler.
    internal Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Running.Scheduler).Unwrap();

    internal Task<Command> RunOnModelsAsync(Func<Task<Command>> work) =>
        Task.Factory.StartNew(work, Cancelled, TaskCreationOptions.DenyChildAttach, Running.ModelScheduler ?? _pool!).Unwrap();

    /// <summary>A faculty's state as it is held in memory, or null where its instance is not. Of a faculty at rest it is the fold of its stream.</summary>
    public StreamState? Look(Address at) => _lives.TryGetValue(at.Instance, out var opening) && opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? opening.Value.Result.Look(at.Faculty) : null;

    // Whether anything of an instance is in hand.
    internal bool IsBusy(string instance) => _lives.TryGetValue(instance, out var opening) && opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } && opening.Value.Result.Busy > 0;

    internal void Fail(Exception failure)
    {
        (_stopping, _closing) = (true, true);
        _failed.TrySetException(failure);
        _ending.Cancel();
    }

    internal void Calmed()
    {
        if (_stopping && !IsBusy())
            _calm.Reached();
    }

    private bool IsBusy() => Opened.Any(life => life.Busy > 0);

    private IEnumerable<Life> Opened => _lives.Values.Where(l => l.IsValueCreated && l.Value.IsCompletedSuccessfully).Select(l => l.Value.Result);

    private async Task<Life> OpenAsync(string instance)
    {
        var life = new Life(this, instance, instance == Address.Run ? [Options.Supervision] : Options.Faculties);
        await life.BeginAsync();
        return life;
    }

    private void Passivate()
    {
        foreach (var (name, opening) in _lives)
        {
            if (opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } && opening.Value.Result.TryPassivate(Options.PassivateAfter))
                _lives.TryRemove(KeyValuePair.Create(name, opening));
        }
    }
}
