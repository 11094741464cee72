using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Talk;

/// <summary>An input on its way to an instance.</summary>
/// <param name="Arrival">Names it in the journal.</param>
public sealed record SubmittedInput(string Instance, string Arrival, Input Input);

/// <summary>
/// Gives inputs to instances of a recorded run and sees them through, whoever hosts it: what is given goes into the durable
/// inbox first; where
/// another process runs the run, that one takes it up, and where none does, this one hosts the instances concerned, and them alone.
/// </summary>
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

    /// <summary>The session in which this process hosts the run; null while another does, or before the first gift.</summary>
    public RunSession? Session { get; private set; }

    /// <summary>Inputs that were lived through or taken back, by arrival.</summary>
    public ImmutableDictionary<string, SettledCycle> Settled => _follower.Settled;

    /// <summary>Reads the run anew, from what is new.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _follower.CatchUpAsync(cancellationToken);

    /// <summary>The run's models, made ready at the first use.</summary>
    public async Task<PreparedModels> WorldAsync(CancellationToken cancellationToken) => _world ??= await prepare(cancellationToken);

    /// <summary>Puts inputs into the inbox. Once this completes they will be lived through, by this process or another.</summary>
    public async Task<ImmutableArray<SubmittedInput>> PutAsync(
        IEnumerable<(string Instance, Input Input)> inputs,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<SubmittedInput> gifts =
        [
            .. inputs.Select(i => new SubmittedInput(i.Instance, RandomNumberGenerator.GetHexString(24, lowercase: true), i.Input)),
        ];
        var at = time.GetUtcNow().UtcDateTime;
        await store.Inbox.PutAsync(
            plan.Run,
            [.. gifts.Select(g => new InboxMessage(g.Arrival, g.Instance, InputJson.Write(g.Input), at))],
            cancellationToken
        );
        foreach (var gift in gifts.Where(g => Hosts(g.Instance)))
        {
            await Session!.AdmitAsync(gift.Instance);
            // at once; what the inbox brings once more is known
            await Session.TellAsync(new Give(gift.Instance, gift.Arrival, gift.Input, at));
        }

        return gifts;
    }

    /// <summary>Completes when every gift is lived through or taken back, or its instance is parked.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the gifts stay given.</exception>
    public async Task SeeThroughAsync(ImmutableArray<SubmittedInput> gifts, CancellationToken cancellationToken)
    {
        await _follower.CatchUpAsync(cancellationToken);
        foreach (var ofOneShard in gifts.GroupBy(g => _follower.ShardOf(g.Instance)))
            await SeeThroughAsync(ofOneShard.Key, [.. ofOneShard], cancellationToken);
    }

    private async Task SeeThroughAsync(Shard? shard, ImmutableArray<SubmittedInput> gifts, CancellationToken cancellationToken)
    {
        if (Session is { } other && other.Shard != shard)
            await CloseAsync(cancellationToken);
        while (true)
        {
            await _follower.CatchUpAsync(cancellationToken);
            if (gifts.All(g => IsOver(_follower, g)))
                return;
            if (Session is null && await store.Ownership.FindAsync(RunSession.OwnedName(plan.Run, shard), cancellationToken) is null)
                await TryHostAsync(gifts.Select(g => g.Instance), revive: false, cancellationToken);
            if (Session is { } session)
            {
                foreach (var gift in gifts)
                    await session.AdmitAsync(gift.Instance);
                await session.UntilAsync(state => gifts.All(g => IsSettled(state, g)), cancellationToken);
            }
            else
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }
    }

    /// <summary>Takes a gift back, if it has not been answered yet.</summary>
    /// <returns>
    /// True where it was taken out of the inbox and no host has journalled it since, though one that is very slow still
    /// may; else what became of it is known when it is seen through.
    /// </returns>
    /// <remarks>An instance hears of it only while it speaks, so it is to be said again until the gift is settled.</remarks>
    public async Task<bool> TakeBackAsync(SubmittedInput gift, string reason)
    {
        if (Session is { } session && Hosts(gift.Instance))
        {
            await session.TellAsync(new TakeBack(gift.Instance, gift.Arrival, reason));
            return false;
        }

        if (await store.Inbox.RemoveAsync([gift.Arrival], CancellationToken.None) == 0)
            return false;
        // The host may have read it just before, and be about to journal it.
        await Task.Delay(HostReads, time, CancellationToken.None);
        await _follower.CatchUpAsync(CancellationToken.None);
        return !State.Arrivals.Contains(gift.Arrival);
    }

    /// <summary>
    /// Takes the run over for the instances named, if no other process runs it; of a run in shards the one of the first of
    /// them.
    /// </summary>
    /// <param name="revive">Whether parked instances are to try again.</param>
    public async Task<bool> TryHostAsync(IEnumerable<string> instances, bool revive, CancellationToken cancellationToken)
    {
        var world = await WorldAsync(cancellationToken);
        await _follower.CatchUpAsync(cancellationToken);
        ImmutableHashSet<string> only = [.. instances];
        try
        {
            Session ??= await RunSession.OpenAsync(
                plan,
                store,
                world.Effects,
                new SessionOptions(parallel, only, revive, _follower.ShardOf(only.First()), Meter: world.Meter),
                observer,
                time
            );
        }
        catch (AlreadyOwnedException)
        {
            // Somebody was quicker: that one takes the gifts up.
        }

        return Session is not null;
    }

    /// <summary>The exchange that came of a gift; null where it was taken back before it was heard, or made no cycle.</summary>
    public async Task<Exchange?> ReadAsync(SubmittedInput gift, CancellationToken cancellationToken)
    {
        await _follower.CatchUpAsync(cancellationToken);
        if (!_follower.Settled.TryGetValue(gift.Arrival, out var settled) || !gift.Input.MakesCycle)
            return null;
        var instance = await InstanceReader.ReadAsync(store.Journal, _follower.State, gift.Instance, cancellationToken);
        return Exchange.All(gift.Instance, instance).FirstOrDefault(e => e.Cycle == settled.Cycle);
    }

    /// <summary>Lets go of the run, gently: what is in flight is finished.</summary>
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

    private static bool IsOver(RunFollower follower, SubmittedInput gift) =>
        follower.Settled.ContainsKey(gift.Arrival)
        || follower.State.Instances[gift.Instance].Status == InstanceState.Parked && follower.State.Arrivals.Contains(gift.Arrival);

    private static bool IsSettled(SupervisorState state, SubmittedInput gift) =>
        state.Instances[gift.Instance] is var instance
        && state.Arrivals.Contains(gift.Arrival)
        && (
            instance.Status == InstanceState.Parked
            || instance.Open?.Arrival != gift.Arrival && instance.Waiting.All(w => w.Arrival != gift.Arrival)
        );
}
