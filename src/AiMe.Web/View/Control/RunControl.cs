using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Web.View.Security;

namespace AiMe.Web.View.Control;

/// <summary>What a page may change: pause, resume, and try a parked instance again. Input is <see cref="Injection"/>'s.</summary>
/// <remarks>A run that nobody hosts is resumed by this server; it stops with the server, and another command can resume it again.</remarks>
internal sealed class RunControl(StoreWriter writer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new(); // of what is hosted: two pages may act at once
    private readonly ConcurrentDictionary<string, HostedHere> _hosted = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Whether the store may be changed at all.</summary>
    public bool IsAllowed => writer.IsAllowed;

    /// <summary>What this server hosts of a run, or hosted last; null for nothing.</summary>
    public HostedHere? Hosted(string run) => _hosted.GetValueOrDefault(run);

    /// <summary>Stops a run at the next boundary, wherever it is hosted.</summary>
    /// <exception cref="ControlException">Nobody hosts it, or its host does not respond.</exception>
    public async Task PauseAsync(ClaimsPrincipal user, RunStatus status, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        var run = status.Plan.Run;
        if (_hosted.TryGetValue(run, out var here) && !here.Work.IsCompleted)
        {
            await here.PauseAsync();
            if (await Task.WhenAny(here.Work, Task.Delay(Patience, writer.Time, cancellationToken)) != here.Work)
                throw new ControlException($"{here.What} goes on after {Patience.TotalSeconds:0} s: it stops at its next boundary.");
            return;
        }

        var store = await writer.OpenAsync(cancellationToken);
        Shard?[] shards = status.Shards.IsEmpty
            ? [null]
            : [.. status.Shards.Where(s => s.Holder is { IsAlive: true }).Select(s => s.Shard)];
        var stopped = await Task.WhenAll(
            shards.Select(s => PauseRequest.SendAsync(run, s, store, Patience, writer.Time, cancellationToken))
        );
        if (shards.Length == 0 || stopped.Any(s => !s))
            throw new ControlException(
                status.Holder is { IsAlive: true } holder
                    ? $"Process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host} did not stop within {Patience.TotalSeconds:0} s: "
                        + "it may be suspended, a node of a cluster, or an older version. Interrupt it there with Ctrl-C."
                    : "No process hosts the run: there is nothing to pause."
            );
    }

    /// <summary>Resumes a run in this server; parked instances try again.</summary>
    /// <exception cref="ControlException">Another process hosts it, or it cannot be resumed.</exception>
    public async Task ResumeAsync(ClaimsPrincipal user, RunStatus status, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        var plan = status.Plan;
        if (!status.Shards.IsEmpty)
            throw new ControlException("The run is in shards: resume each with its own `aime run --shard i/n`.");
        await RefuseHostedAsync(plan.Run, cancellationToken);
        var store = await writer.OpenAsync(cancellationToken);
        Host(plan.Run, "the run", async (observer, interrupt, now) =>
        {
            var models = await writer.PrepareAsync(plan, listener: null, interrupt);
            var options = new SessionOptions(writer.Parallel, Meter: models.Meter, Refusals: models.Refusals, Index: models.Index);
            await RunHost.RunAsync(plan, store, models.Effects, options, observer, writer.Time, interrupt, now);
        });
    }

    /// <summary>Tries one parked instance again in this server; the others stay as they are.</summary>
    /// <exception cref="ControlException">Another process hosts the run, or the instance is not parked.</exception>
    public async Task RetryAsync(ClaimsPrincipal user, RunStatus status, string instance, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        var plan = status.Plan;
        if (status.Instances.FirstOrDefault(i => i.Name == instance)?.Status != InstanceState.Parked)
            throw new ControlException($"{instance} is not parked: there is nothing to try again.");
        await RefuseHostedAsync(plan.Run, cancellationToken);
        var store = await writer.OpenAsync(cancellationToken);
        Host(plan.Run, instance, async (observer, interrupt, now) =>
        {
            var models = await writer.PrepareAsync(plan, listener: null, interrupt);
            var options = new SessionOptions(writer.Parallel, Meter: models.Meter, Refusals: models.Refusals, Index: models.Index);
            ImmutableArray<string> only = [instance];
            await ForkHost.LiveAsync(plan, store, models.Effects, options, only, observer, writer.Time, interrupt, now);
        });
    }

    /// <summary>Stops everything that this server hosts, gracefully if it does not take long.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
            _closed = true;
        await Task.WhenAll(_hosted.Values.Select(h => h.CloseAsync(TimeSpan.FromSeconds(10), writer.Time)));
    }

    private async Task RefuseHostedAsync(string run, CancellationToken cancellationToken)
    {
        if (_hosted.TryGetValue(run, out var here) && !here.Work.IsCompleted)
            throw new ControlException($"This server hosts {here.What} already: pause it first.");
        if (await writer.Reading.Ownership.FindAsync(run, cancellationToken) is { } owner)
            throw new ControlException(
                $"Process {owner.Info.ProcessId} on {owner.Info.Host} hosts the run: pause it first, or wait until it has ended."
            );
    }

    private void Host(string run, string what, Func<EventSourcing.IRuntimeObserver, CancellationToken, CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (_closed)
                throw new ControlException("The server stops.");
            if (_hosted.TryGetValue(run, out var here) && !here.Work.IsCompleted)
                throw new ControlException($"This server hosts {here.What} already: pause it first.");
            (_hosted[run] = new HostedHere(run, what)).Start(work);
        }
    }
}
