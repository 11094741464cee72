using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Ownership of names, one owner each, in the table <c>aime_owner</c> of the journal's database.</summary>
/// <remarks>
/// The database's clock sets and judges heartbeats. A file has no clock; then the processes' clock is used. A clock can
/// be set back, so a heartbeat may be in the future: then its age is unknown, and its owner on another host counts as
/// dead once this process has seen the heartbeat unchanged for <see cref="StaleAfter"/> of its own time.
/// </remarks>
public sealed class Ownership
{
    /// <summary>Age of a heartbeat above which an owner on another host counts as dead.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    // The other half is left for the transaction that relies on the confirmation.
    private static readonly TimeSpan ConfirmedFor = StaleAfter / 2;

    private readonly IOwnerTable _table;
    private readonly TimeProvider _clock;
    private readonly ProcessLiveness _isRunning;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Owned Owned, WriterId Writer)> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<(WriterId, DateTimeOffset), long> _seenSince = [];
    private long _confirmed;

    /// <param name="clock">Times the heartbeats if the database has no clock.</param>
    /// <param name="isRunning">Tests whether a process of this host is running.</param>
    internal Ownership(IOwnerTable table, TimeProvider clock, ProcessLiveness isRunning) =>
        (_table, _clock, _isRunning) = (table, clock, isRunning);

    /// <summary>
    /// Claims all names or none. Claiming an owned name again renews its heartbeat and keeps its epoch.
    /// </summary>
    /// <remarks>
    /// An owner on this host loses a name as soon as its process has ended (or its id belongs to another process). An
    /// owner on another host loses a name when its heartbeat is older than <see cref="StaleAfter"/> and the database
    /// has been available for that time, or when the heartbeat is in the future and has stood still for that time.
    /// </remarks>
    /// <returns>The names with their epochs, in the given order.</returns>
    /// <exception cref="AlreadyOwnedException">
    /// A running owner holds a name; the first such name, in the given order.
    /// </exception>
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
                    if (holder is { Released: false } && holder.Owner.Info != claimer && IsAlive(holder.Owner, claimer.Host, at))
                        throw new AlreadyOwnedException(holder.Owner, HolderOf(holder.Owner, isAlive: true, at).IsAgeUnknown);
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

    /// <summary>Renews heartbeats. Names that another process has taken over stay lost.</summary>
    /// <returns>The lost names, which must not be written any more.</returns>
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
                var (still, now) = (StillHeld(held, rows, writer), At(moment).Now);
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

    /// <summary>Releases names. The next owner's epoch is still one more.</summary>
    public async Task ReleaseAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken)
    {
        await _table.ChangeAsync<bool>(
            [.. held.Select(own => own.Name)],
            (rows, _) => ([.. StillHeld(held, rows, writer).Select(row => row with { Released = true })], true),
            cancellationToken
        );
        lock (_lock)
        {
            foreach (var own in held)
                _held.Remove(own.Name);
        }
    }

    /// <summary>
    /// Renews heartbeats if the last confirmation is old; called before each transaction that writes.
    /// </summary>
    /// <remarks>
    /// After a long outage another process may have taken over. This process must know before it writes: otherwise its
    /// remaining rows could come between the other process' rows in other streams of the same instance.
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

    /// <summary>The exception for lost names.</summary>
    public static JournalException TakenOver(ImmutableArray<string> lost) =>
        new(
            $"Another process has taken over {string.Join(", ", lost.Take(3))}"
                + $"{(lost.Length > 3 ? $" and {lost.Length - 3} more" : "")}, because this one sent no heartbeat for too long. "
                + "All durable events are kept. Let the other process continue."
        );

    /// <summary>The running owner of a name; null if it is free.</summary>
    public async Task<Owner?> FindAsync(string name, CancellationToken cancellationToken) =>
        await HolderAsync(name, cancellationToken) is { IsAlive: true } holder ? holder.Owner : null;

    /// <summary>The holder of a name, running or dead; null if it was released or never held.</summary>
    public async Task<Holder?> HolderAsync(string name, CancellationToken cancellationToken) =>
        await _table.FindAsync(name, cancellationToken) is ({ Released: false } row, var moment) && At(moment) is var at
            ? HolderOf(row.Owner, IsAlive(row.Owner, Environment.MachineName, at), at)
            : null;

    /// <summary>All holders, running or dead, by name in ordinal order.</summary>
    public async Task<ImmutableArray<Holder>> HoldersAsync(CancellationToken cancellationToken)
    {
        var (rows, moment) = await _table.HeldAsync(cancellationToken);
        var at = At(moment);
        // One process may own thousands of names: its liveness is tested once.
        var alive = rows.Select(r => r.Owner).DistinctBy(Process).ToDictionary(Process, o => IsAlive(o, Environment.MachineName, at));
        return [.. rows.Select(r => HolderOf(r.Owner, alive[Process(r.Owner)], at))];

        static (string Host, int Id, string Started) Process(Owner owner) =>
            (owner.Info.Host, owner.Info.ProcessId, owner.Info.ProcessStarted);
    }

    private OwnerMoment At(OwnerMoment? moment) => moment ?? new(_clock.GetUtcNow(), IsJustBack: false);

    private static Holder HolderOf(Owner owner, bool isAlive, OwnerMoment at) => new(owner, isAlive) { Silence = at.Now - owner.Heartbeat };

    // The current holder keeps its epoch; any other claimer gets the next one.
    private static long Epoch(OwnerRow? holder, OwnerInfo claimer) =>
        (holder?.Owner.Epoch ?? 0) + (holder is { Released: false } && holder.Owner.Info == claimer ? 0 : 1);

    private static ImmutableArray<OwnerRow> StillHeld(ImmutableArray<Owned> held, ImmutableArray<OwnerRow?> rows, WriterId writer) =>
        [
            .. rows.Where((row, i) => row is { Released: false } && row.Owner.Epoch == held[i].Epoch && row.Owner.Info.Writer == writer)
                .Select(row => row!),
        ];

    private bool IsAlive(Owner holder, string here, OwnerMoment at) =>
        holder.Info.Host == here
            ? _isRunning(holder.Info.ProcessId, holder.Info.ProcessStarted)
            : at.IsJustBack || (at.Now < holder.Heartbeat ? !HasStoodStill(holder) : at.Now - holder.Heartbeat <= StaleAfter);

    // The watch of a heartbeat begins with the first call, for all names of its process at once. A process that is alive
    // has another heartbeat long before the time is over.
    private bool HasStoodStill(Owner holder)
    {
        var now = _clock.GetTimestamp();
        lock (_lock)
        {
            if (_seenSince.TryAdd((holder.Info.Writer, holder.Heartbeat), now))
                return false;
            return _clock.GetElapsedTime(_seenSince[(holder.Info.Writer, holder.Heartbeat)], now) > StaleAfter;
        }
    }
}
