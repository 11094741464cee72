using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Actors.Hosting;
using AiMe.Journal;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Coordination;
using Akka.Event;
using Akka.Hosting;
using Akka.Hosting.Coordination;

namespace AiMe.Actors.Clustering;

/// <summary>Claims names for this node in the owner table, which clustered and single-process runs share.</summary>
/// <remarks>
/// The lease of a shard owns the names of its instances; the lease of the supervisor's singleton owns the run. Any
/// other process that wants to write one of them is refused, also while a shard moves between nodes.
/// </remarks>
internal sealed class OwnerLeases(
    Ownership ownership,
    OwnerInfo here,
    string run,
    ImmutableArray<string> instances,
    IMessageExtractor extractor,
    TimeProvider time
) : Setup
{
    /// <summary>The lease that decides which part of a cluster survives a partition.</summary>
    public const string Majority = "aime-majority";

    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly string _ofShards = $"{ActorHosting.System}-shard-{ClusterPlacement.ShardsOf(run)}-";
    private readonly ILookup<string, string> _byShard = instances.ToLookup(
        i => extractor.ShardId(i, null)!,
        i => $"{run}/{i}",
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    /// <summary>The names that a lease of Akka's covers.</summary>
    /// <param name="lease">The lease's name, as Akka forms it.</param>
    public ImmutableArray<string> NamesOf(string lease)
    {
        if (lease == Majority)
            return [$"{run}#majority"]; // differs from the name of every instance, which begins with {run}/
        return lease.StartsWith(_ofShards, StringComparison.Ordinal)
            ? [.. _byShard[lease[_ofShards.Length..]].Order(StringComparer.Ordinal)]
            : [run];
    }

    /// <summary>Claims the names of a lease, all or none.</summary>
    /// <param name="lost">Called when another process has taken over one of the names.</param>
    /// <exception cref="AlreadyOwnedException">A running process holds one of them.</exception>
    public async Task AcquireAsync(string lease, Action<Exception>? lost)
    {
        var names = NamesOf(lease);
        var owned = names.IsEmpty ? [] : await ownership.ClaimAsync(names, here, CancellationToken.None);
        _held[lease] = new Held(owned, lost);
    }

    /// <summary>Releases the names of a lease.</summary>
    public async Task ReleaseAsync(string lease)
    {
        if (_held.TryRemove(lease, out var held) && !held.Owned.IsEmpty)
            await ownership.ReleaseAsync(held.Owned, here.Writer, CancellationToken.None);
    }

    /// <summary>Whether a lease is held.</summary>
    public bool Holds(string lease) => _held.ContainsKey(lease);

    /// <summary>Releases all names.</summary>
    public async Task ReleaseAllAsync()
    {
        foreach (var lease in _held.Keys.Order(StringComparer.Ordinal))
            await ReleaseAsync(lease);
    }

    /// <summary>Renews all heartbeats until the token is cancelled.</summary>
    /// <exception cref="JournalException">Another process has taken over a name.</exception>
    public async Task BeatAsync(CancellationToken over)
    {
        using var beat = new PeriodicTimer(BeatEvery, time);
        while (await NextAsync(beat, over))
        {
            var beaten = _held.ToArray();
            ImmutableArray<Owned> owned = [.. beaten.SelectMany(h => h.Value.Owned)];
            if (owned.IsEmpty)
                continue;
            var missing = await ownership.HeartbeatAsync(owned, here.Writer, CancellationToken.None);
            foreach (var (lease, held) in beaten.Where(h => _held.TryGetValue(h.Key, out var still) && still == h.Value))
            {
                if (held.Owned.FirstOrDefault(o => missing.Contains(o.Name)) is not { Name: { } name })
                    continue;
                var taken = new JournalException(
                    $"Another process has taken over {name}, because this one sent no heartbeat for too long. All durable "
                        + "events are kept. Let the other process continue."
                );
                held.Lost?.Invoke(taken);
                throw taken;
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return false;
        }
    }

    private sealed record Held(ImmutableArray<Owned> Owned, Action<Exception>? Lost);
}

/// <summary>An Akka lease that is backed by the owner table. Akka creates it by name, from its configuration.</summary>
public sealed class OwnerLease : Lease
{
    private readonly OwnerLeases _leases;
    private readonly ILoggingAdapter _log;
    private readonly Turns _turns = new(); // keeps the order: a release must not overtake an earlier acquisition

    /// <param name="settings">Settings of the lease; its name selects the names that it owns.</param>
    /// <param name="system">The actor system that holds the lease.</param>
    public OwnerLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        ArgumentNullException.ThrowIfNull(system);
        _leases = system.Settings.Setup.Get<OwnerLeases>().Value;
        _log = Logging.GetLogger(system, nameof(OwnerLease));
    }

    /// <inheritdoc />
    public override Task<bool> Acquire() => Acquire(null!);

    /// <inheritdoc />
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) =>
        _turns.InTurnAsync(
            async () =>
            {
                try
                {
                    await _leases.AcquireAsync(Settings.LeaseName, leaseLostCallback);
                    return true;
                }
                catch (AlreadyOwnedException held)
                {
                    _log.Debug("{0}: {1}", Settings.LeaseName, held.Message);
                    return false;
                }
            },
            CancellationToken.None
        );

    /// <inheritdoc />
    public override Task<bool> Release() =>
        _turns.InTurnAsync(
            async () =>
            {
                await _leases.ReleaseAsync(Settings.LeaseName);
                return true;
            },
            CancellationToken.None
        );

    /// <inheritdoc />
    public override bool CheckLease() => _leases.Holds(Settings.LeaseName);
}

/// <summary>Selects <see cref="OwnerLease"/> in Akka.Hosting's options.</summary>
internal sealed class OwnerLeaseOption : LeaseOptionBase
{
    public override string ConfigPath => "aime.lease";

    public override Type Class => typeof(OwnerLease);

    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null)
    {
        // The settings are in akka.conf, and the host adds the setup.
    }
}
