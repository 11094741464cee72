using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Journal;

/// <summary>Who runs what: one owner a name, in the table <c>aime_owner</c> of the journal's own database.</summary>
public sealed class Ownership
{
    /// <summary>An owner on another host that has been silent for longer is taken to be gone.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    private readonly IOwnerTable _table;
    private readonly TimeProvider _clock;
    private readonly ProcessLiveness _isRunning;

    /// <param name="clock">Times the heartbeats.</param>
    /// <param name="isRunning">Whether a process of this host lives.</param>
    internal Ownership(IOwnerTable table, TimeProvider clock, ProcessLiveness isRunning) => (_table, _clock, _isRunning) = (table, clock, isRunning);

    /// <summary>Claims all names or none. Claiming again what one owns already renews the heartbeat and keeps the epoch.</summary>
    /// <remarks>
    /// An owner on this host loses a name at once when its process is gone (or its number now is another process's); one on another host
    /// when its heartbeat is <see cref="StaleAfter"/> old.
    /// </remarks>
    /// <returns>The names with their epochs, in the order given.</returns>
    /// <exception cref="AlreadyOwnedException">The first name, in the order given, that a live owner holds.</exception>
    public Task<ImmutableArray<Owned>> ClaimAsync(ImmutableArray<string> names, OwnerInfo claimer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimer);
        return _table.ChangeAsync(
            names,
            holders =>
            {
                foreach (var holder in holders)
                {
                    if (holder is { Released: false } && holder.Owner.Info != claimer && Lives(holder.Owner, claimer.Host))
                        throw new AlreadyOwnedException(holder.Owner);
                }

                ImmutableArray<OwnerRow> taken = [.. names.Zip(holders, (name, holder) => new OwnerRow(new Owner(name, Epoch(holder, claimer), claimer, _clock.GetUtcNow()), Released: false))];
                return (taken, taken.Select(row => new Owned(row.Owner.Name, row.Owner.Epoch)).ToImmutableArray());
            },
            cancellationToken);
    }

    /// <summary>Says that the owner lives. Names taken over by somebody else meanwhile stay lost.</summary>
    /// <returns>The names that are lost: stop writing them.</returns>
    public Task<ImmutableArray<string>> HeartbeatAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken) => _table.ChangeAsync<ImmutableArray<string>>(
        [.. held.Select(own => own.Name)],
        rows =>
        {
            var still = Still(held, rows, writer);
            return (
                [.. still.Select(row => row with { Owner = row.Owner with { Heartbeat = _clock.GetUtcNow() } })],
                held.Select(own => own.Name).Except(still.Select(row => row.Owner.Name), StringComparer.Ordinal).ToImmutableArray());
        },
        cancellationToken);

    /// <summary>Lets go of names. The next owner's epoch still is one more.</summary>
    public Task ReleaseAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken) => _table.ChangeAsync<bool>(
        [.. held.Select(own => own.Name)],
        rows => ([.. Still(held, rows, writer).Select(row => row with { Released = true })], true),
        cancellationToken);

    /// <summary>Who owns a name now, dead owners left out; null when it is free.</summary>
    public async Task<Owner?> FindAsync(string name, CancellationToken cancellationToken) =>
        await HolderAsync(name, cancellationToken) is { IsAlive: true } holder ? holder.Owner : null;

    /// <summary>Who holds a name, dead or alive; null when it was let go of or never held.</summary>
    public async Task<Holder?> HolderAsync(string name, CancellationToken cancellationToken) =>
        await _table.FindAsync(name, cancellationToken) is { Released: false } row ? new Holder(row.Owner, Lives(row.Owner, Environment.MachineName)) : null;

    /// <summary>All who hold names, dead or alive, by name in ordinal order.</summary>
    public async Task<ImmutableArray<Holder>> HoldersAsync(CancellationToken cancellationToken)
    {
        var rows = await _table.HeldAsync(cancellationToken);
        // Thousands of names may be one process's: it is asked for once.
        var alive = rows.Select(r => r.Owner).DistinctBy(Process).ToDictionary(Process, o => Lives(o, Environment.MachineName));
        return [.. rows.Select(r => new Holder(r.Owner, alive[Process(r.Owner)]))];

        static (string Host, int Id, string Started) Process(Owner owner) => (owner.Info.Host, owner.Info.ProcessId, owner.Info.ProcessStarted);
    }

    // Whoever holds a name already keeps its epoch; anybody else begins the next.
    private static long Epoch(OwnerRow? holder, OwnerInfo claimer) =>
        (holder?.Owner.Epoch ?? 0) + (holder is { Released: false } && holder.Owner.Info == claimer ? 0 : 1);

    private static ImmutableArray<OwnerRow> Still(ImmutableArray<Owned> held, ImmutableArray<OwnerRow?> rows, WriterId writer) =>
        [.. rows.Where((row, i) => row is { Released: false } && row.Owner.Epoch == held[i].Epoch && row.Owner.Info.Writer == writer).Select(row => row!)];

    private bool Lives(Owner holder, string here) => holder.Info.Host == here
        ? _isRunning(holder.Info.ProcessId, holder.Info.ProcessStarted)
        : _clock.GetUtcNow() - holder.Heartbeat <= StaleAfter;
}
