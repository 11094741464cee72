using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Talk;

/// <summary>An input that was submitted to an instance.</summary>
/// <param name="Arrival">Its id in the journal.</param>
public sealed record SubmittedInput(string Instance, string Arrival, Input Input)
{
    /// <summary>An input with a new id.</summary>
    public static SubmittedInput New(string instance, Input input) =>
        new(instance, RandomNumberGenerator.GetHexString(24, lowercase: true), input);
}

/// <summary>Submits inputs to instances of a recorded run and waits until they are processed.</summary>
/// <remarks>
/// An input is put into the durable inbox first. If another process hosts the run, that process takes it up; if none
/// does, this one hosts the instances concerned, and no others.
/// </remarks>
public sealed class RunConnection(
    EventStore store,
    RunPlan plan,
    Func<CancellationToken, Task<PreparedModels>> prepare,
    int parallel,
    IRuntimeObserver observer,
    TimeProvider time
) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HostReads = TimeSpan.FromSeconds(1);

    private readonly RunFollower _follower = new(store.Journal, plan.Run);
    private PreparedModels? _world;

    /// <summary>The run, as far as it was read.</summary>
    public SupervisorState State => _follower.State;

    /// <summary>
    /// The session in which this process hosts the run; null while another process does, or before the first input.
    /// </summary>
    public RunSession? Session { get; private set; }

    /// <summary>Inputs that were completed or taken back, by arrival.</summary>
    public ImmutableDictionary<string, SettledCycle> Settled => _follower.Settled;

    /// <summary>Reads the new events of the run.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _follower.CatchUpAsync(cancellationToken);

    /// <summary>The run's models, prepared at the first use.</summary>
    public async Task<PreparedModels> WorldAsync(CancellationToken cancellationToken) => _world ??= await prepare(cancellationToken);

    /// <summary>Puts new inputs into the inbox.</summary>
    public async Task<ImmutableArray<SubmittedInput>> PutAsync(
        IEnumerable<(string Instance, Input Input)> inputs,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<SubmittedInput> submitted = [.. inputs.Select(i => SubmittedInput.New(i.Instance, i.Input))];
        await PutAsync(submitted, cancellationToken);
        return submitted;
    }

    /// <summary>
    /// Puts inputs into the inbox, all or none. Once this completes, this process or another will process them. Putting
    /// one again changes nothing.
    /// </summary>
    public async Task PutAsync(ImmutableArray<SubmittedInput> submitted, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().UtcDateTime;
        await store.Inbox.PutAsync(
            plan.Run,
            [.. submitted.Select(g => new InboxMessage(g.Arrival, g.Instance, InputJson.Write(g.Input), at))],
            cancellationToken
        );
        foreach (var input in submitted.Where(g => Hosts(g.Instance)))
        {
            await Session!.AdmitAsync(input.Instance);
            // at once; a duplicate from the inbox is recognized
            await Session.TellAsync(new Give(input.Instance, input.Arrival, input.Input, at));
        }
    }

    /// <summary>
    /// Completes when every input is completed or taken back, or its instance is parked or waits for people's verdicts.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; the inputs stay submitted.</exception>
    public async Task SeeThroughAsync(ImmutableArray<SubmittedInput> inputs, CancellationToken cancellationToken)
    {
        await _follower.CatchUpAsync(cancellationToken);
        foreach (var ofOneShard in inputs.GroupBy(g => _follower.ShardOf(g.Instance)))
            await SeeThroughAsync(ofOneShard.Key, [.. ofOneShard], cancellationToken);
    }

    private async Task SeeThroughAsync(Shard? shard, ImmutableArray<SubmittedInput> inputs, CancellationToken cancellationToken)
    {
        if (Session is { } other && other.Shard != shard)
            await CloseAsync(cancellationToken);
        while (true)
        {
            await _follower.CatchUpAsync(cancellationToken);
            if (inputs.All(g => IsOver(_follower, g)))
                return;
            if (Session is null && await store.Ownership.FindAsync(RunSession.OwnedName(plan.Run, shard), cancellationToken) is null)
                await TryHostAsync(inputs.Select(g => g.Instance), revive: false, cancellationToken);
            if (Session is { } session)
            {
                foreach (var input in inputs)
                    await session.AdmitAsync(input.Instance);
                await session.UntilAsync(state => inputs.All(g => IsSettled(state, g)), cancellationToken);
            }
            else
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }
    }

    /// <summary>Takes an input back, if it has not been answered yet.</summary>
    /// <returns>
    /// True if it was removed from the inbox and no host has journalled it since, though a very slow host still may;
    /// else its result is known once it has been processed.
    /// </returns>
    /// <remarks>
    /// An instance receives the request only while it answers, so it must be repeated until the input is settled.
    /// </remarks>
    public async Task<bool> TakeBackAsync(SubmittedInput input, string reason)
    {
        if (Session is { } session && Hosts(input.Instance))
        {
            await session.TellAsync(new TakeBack(input.Instance, input.Arrival, reason));
            return false;
        }

        if (await store.Inbox.RemoveAsync([input.Arrival], CancellationToken.None) == 0)
            return false;
        // The host may have read it just before, and be about to journal it.
        await Task.Delay(HostReads, time, CancellationToken.None);
        await _follower.CatchUpAsync(CancellationToken.None);
        return !State.Arrivals.Contains(input.Arrival);
    }

    /// <summary>
    /// Takes the run over for some instances if no other process runs it; of a run in shards, the shard of the first of
    /// them.
    /// </summary>
    /// <param name="revive">Whether parked instances try again.</param>
    public async Task<bool> TryHostAsync(IEnumerable<string> instances, bool revive, CancellationToken cancellationToken)
    {
        var world = await WorldAsync(cancellationToken);
        await _follower.CatchUpAsync(cancellationToken);
        ImmutableHashSet<string> only = [.. instances];
        try
        {
            Session ??= await new SessionOpening(
                plan,
                store,
                new SessionOptions(
                    parallel,
                    only,
                    revive,
                    _follower.ShardOf(only.First()),
                    Meter: world.Meter,
                    Refusals: world.Refusals,
                    Index: world.Index
                ),
                time
            ).OpenAsync(world.Effects, observer);
        }
        catch (AlreadyOwnedException)
        {
            // Another process was quicker, and takes up the inputs.
        }

        return Session is not null;
    }

    /// <summary>The exchange of an input; null if it was taken back before its cycle began, or made no cycle.</summary>
    public async Task<Exchange?> ReadAsync(SubmittedInput input, CancellationToken cancellationToken)
    {
        await _follower.CatchUpAsync(cancellationToken);
        if (!_follower.Settled.TryGetValue(input.Arrival, out var settled) || !input.Input.MakesCycle)
            return null;
        var instance = await InstanceReader.ReadAsync(store.Journal, _follower.State, input.Instance, cancellationToken);
        return Exchange.All(input.Instance, instance).FirstOrDefault(e => e.Cycle == settled.Cycle);
    }

    /// <summary>Releases the run gracefully: work in flight is finished.</summary>
    public async Task CloseAsync(CancellationToken now)
    {
        if (Session is { } session)
            await session.CloseAsync(now);
        Session = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Session is { } session)
            await session.DisposeAsync();
    }

    private bool Hosts(string instance) =>
        Session is { } session && (session.Shard is null || session.State.Instances.ContainsKey(instance));

    private static bool IsOver(RunFollower follower, SubmittedInput input) =>
        follower.Settled.ContainsKey(input.Arrival)
        || follower.State.Instances[input.Instance] is { Status: InstanceState.Parked } or { AwaitsReviews: true }
            && follower.State.Arrivals.Contains(input.Arrival);

    private static bool IsSettled(SupervisorState state, SubmittedInput input) =>
        state.Instances[input.Instance] is var instance
        && state.Arrivals.Contains(input.Arrival)
        && (
            instance is { Status: InstanceState.Parked } or { AwaitsReviews: true }
            || instance.Open?.Arrival != input.Arrival && instance.Waiting.All(w => w.Arrival != input.Arrival)
        );
}
