using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Who runs what: one owner a name, in the table <c>aime_owner</c> of the journal's own database.</summary>
/// <remarks>
/// Heartbeats are set and judged by the database's clock; a file has none, and then the processes' clock counts.
/// </remarks>
public sealed class Ownership
{
    /// <summary>An owner on another host that has been silent for longer is taken to be gone.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    // Half of it is left for the transaction that relies on it.
    private static readonly TimeSpan ConfirmedFor = StaleAfter / 2;

    private readonly IOwnerTable _table;
    private readonly TimeProvider _clock;
    private readonly ProcessLiveness _isRunning;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Owned Owned, WriterId Writer)> _held = new(StringComparer.Ordinal);
    private long _confirmed;

    /// <param name="clock">Times the heartbeats where the database has no clock.</param>
    /// <param name="isRunning">Whether a process of this host lives.</param>
    internal Ownership(IOwnerTable table, TimeProvider clock, ProcessLiveness isRunning) =>
        (_table, _clock, _isRunning) = (table, clock, isRunning);

    /// <summary>
    /// Claims all names or none. Claiming again what one owns already renews the heartbeat and keeps the epoch.
    /// </summary>
    /// <remarks>
    /// An owner on this host loses a name at once when its process is gone (or its number now is another process's);
    /// one on another host when its heartbeat is <see cref="StaleAfter"/> old, and the database has been there for so
    /// long.
    /// </remarks>
    /// <returns>The names with their epochs, in the order given.</returns>
    /// <exception cref="AlreadyOwnedException">The first name, in the order given, that a live owner holds.</exception>
    public async Task<ImmutableArray<Owned>> ClaimAsync(
        ImmutableArray<string> names,
        OwnerInfo claimer,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(claimer);
        var before = _clock.GetTimestamp();
        var claimed = await _table.ChangeAsync(
            names,
            (holders, moment) =>
            {
                var at = At(moment);
                foreach (var holder in holders)
                {
                    if (holder is { Released: false } && holder.Owner.Info != claimer && Instances(holder.Owner, claimer.Host, at))
                        throw new AlreadyOwnedException(holder.Owner);
                }

                ImmutableArray<OwnerRow> taken =
                [
                    .. names.Zip(holders, (name, holder) =>
                        new OwnerRow(new(name, Epoch(holder, claimer), claimer, at.Now), Released: false)
                    ),
                ];
                return (taken, taken.Select(row => new Owned(row.Owner.Name, row.Owner.Epoch)).ToImmutableArray());
            },
            cancellationToken
        );
        lock (_lock)
        {
            if (_held.Count == 0)
                _confirmed = before;
            foreach (var owned in claimed)
                _held[owned.Name] = (owned, claimer.Writer);
        }

        return claimed;
    }

    /// <summary>Says that the owner lives. Names taken over by somebody else meanwhile stay lost.</summary>
    /// <returns>The names that are lost: stop writing them.</returns>
    public async Task<ImmutableArray<string>> HeartbeatAsync(
        ImmutableArray<Owned> held,
        WriterId writer,
        CancellationToken cancellationToken
    )
    {
        var before = _clock.GetTimestamp();
        var lost = await _table.ChangeAsync<ImmutableArray<string>>(
            [.. held.Select(own => own.Name)],
            (rows, moment) =>
            {
                var (still, now) = (Still(held, rows, writer), At(moment).Now);
                return (
                    [.. still.Select(row => row with { Owner = row.Owner with { Heartbeat = now } })],
                    held.Select(own => own.Name).Except(still.Select(row => row.Owner.Name), StringComparer.Ordinal).ToImmutableArray()
                );
            },
            cancellationToken
        );
        var beaten = held.Select(own => own.Name).ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            if (lost.IsEmpty && _held.Keys.All(beaten.Contains))
                _confirmed = before;
        }

        return lost;
    }

    /// <summary>Lets go of names. The next owner's epoch still is one more.</summary>
    public async Task ReleaseAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken)
    {
        await _table.ChangeAsync<bool>(
            [.. held.Select(own => own.Name)],
            (rows, _) => ([.. Still(held, rows, writer).Select(row => row with { Released = true })], true),
            cancellationToken
        );
        lock (_lock)
        {
            foreach (var own in held)
                _held.Remove(own.Name);
        }
    }

    /// <summary>
    /// Says that the owner lives, if that was not done for a while: asked before each transaction that writes.
    /// </summary>
    /// <remarks>
    /// A process that was silent for so long that another may have taken over (its server was away, say) writes nothing
    /// before it knows. Otherwise what it still had to write might come between what the other writes to other streams
    /// of the same instance.
    /// </remarks>
    /// <exception cref="JournalException">Another process has taken over.</exception>
    internal async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<(Owned Owned, WriterId Writer)> held;
        lock (_lock)
        {
            if (_held.Count == 0 || _clock.GetElapsedTime(_confirmed) <= ConfirmedFor)
                return;
            held = [.. _held.Values];
        }

        var before = _clock.GetTimestamp();
        foreach (var own in held.GroupBy(h => h.Writer, h => h.Owned))
        {
            if (await HeartbeatAsync([.. own], own.Key, cancellationToken) is { IsEmpty: false } lost)
                throw TakenOver(lost);
        }

        lock (_lock)
            _confirmed = before;
    }

    /// <summary>What is to be said of names that are lost.</summary>
    public static JournalException TakenOver(ImmutableArray<string> lost) =>
        new(
            $"Another process has taken over {string.Join(", ", lost.Take(3))}{(lost.Length > 3 ? $" and {lost.Length - 3} more" : "")}: "
                + "this one was silent for too long. What it had made durable is kept; let the other go on."
        );

    /// <summary>Who owns a name now, dead owners left out; null when it is free.</summary>
    public async Task<Owner?> FindAsync(string name, CancellationToken cancellationToken) =>
        await HolderAsync(name, cancellationToken) is { IsAlive: true } holder ? holder.Owner : null;

    /// <summary>Who holds a name, dead or alive; null when it was let go of or never held.</summary>
    public async Task<Holder?> HolderAsync(string name, CancellationToken cancellationToken) =>
        await _table.FindAsync(name, cancellationToken) is ({ Released: false } row, var moment) && At(moment) is var at
            ? Standing(row.Owner, Instances(row.Owner, Environment.MachineName, at), at)
            : null;

    /// <summary>All who hold names, dead or alive, by name in ordinal order.</summary>
    public async Task<ImmutableArray<Holder>> HoldersAsync(CancellationToken cancellationToken)
    {
        var (rows, moment) = await _table.HeldAsync(cancellationToken);
        var at = At(moment);
        // Thousands of names may be one process's: it is asked for once.
        var alive = rows.Select(r => r.Owner).DistinctBy(Process).ToDictionary(Process, o => Instances(o, Environment.MachineName, at));
        return [.. rows.Select(r => Standing(r.Owner, alive[Process(r.Owner)], at))];

        static (string Host, int Id, string Started) Process(Owner owner) =>
            (owner.Info.Host, owner.Info.ProcessId, owner.Info.ProcessStarted);
    }

    private OwnerMoment At(OwnerMoment? moment) => moment ?? new(_clock.GetUtcNow(), IsJustBack: false);

    private static Holder Standing(Owner owner, bool isAlive, OwnerMoment at) => new(owner, isAlive) { Silence = at.Now - owner.Heartbeat };

    // Whoever holds a name already keeps its epoch; anybody else begins the next.
    private static long Epoch(OwnerRow? holder, OwnerInfo claimer) =>
        (holder?.Owner.Epoch ?? 0) + (holder is { Released: false } && holder.Owner.Info == claimer ? 0 : 1);

    private static ImmutableArray<OwnerRow> Still(ImmutableArray<Owned> held, ImmutableArray<OwnerRow?> rows, WriterId writer) =>
        [
            .. rows.Where((row, i) => row is { Released: false } && row.Owner.Epoch == held[i].Epoch && row.Owner.Info.Writer == writer)
                .Select(row => row!),
        ];

    private bool Instances(Owner holder, string here, OwnerMoment at) =>
        holder.Info.Host == here
            ? _isRunning(holder.Info.ProcessId, holder.Info.ProcessStarted)
            : at.IsJustBack || at.Now - holder.Heartbeat <= StaleAfter;
}
