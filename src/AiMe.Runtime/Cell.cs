using System.Collections.Immutable;
using System.Threading.Channels;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>
/// One faculty of one life: a bounded mailbox and a state. It takes one command at a time, makes the events durable, and only then
/// runs the effects. Any decider can live in it; it knows none.
/// </summary>
internal sealed class Cell
{
    private readonly Life _life;
    private readonly Faculty _faculty;
    private readonly int _stream;
    private readonly PersistenceId _id;
    private readonly Channel<Delivery> _mailbox;
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private StreamState _current;
    private Delivery? _again;
    private Task _drain = Task.CompletedTask;
    private bool _scheduled;

    public Cell(Life life, int stream)
    {
        (_life, _faculty, _stream) = (life, life.Faculties[stream], stream);
        _id = life.Host.Options.StreamOf(new Address(life.Name, _faculty.Name));
        _mailbox = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(life.Host.Options.MailboxCapacity) { SingleReader = true });
        _current = new StreamState(_faculty.Initial, 0, 0, Link.Before(_faculty.Name));
    }

    /// <summary>The state as it is now.</summary>
    public StreamState Current => _current;

    /// <summary>Puts a command into the mailbox; waits while it is full.</summary>
    public async ValueTask PostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await _mailbox.Writer.WriteAsync(delivery, cancellationToken);
        Schedule();
    }

    /// <summary>Completes when this cell is at rest. It stays so while its life is closed.</summary>
    public Task RestAsync()
    {
        lock (_gate)
            return _drain;
    }

    /// <summary>Reads the state back from the journal; what was under way is forgotten, what is in the mailbox stays.</summary>
    public async Task RecoverAsync(LifeClock clock, CancellationToken cancellationToken)
    {
        var host = _life.Host;
        _current = await StreamState.ReadAsync(_faculty, _id, host.Journal, host.Snapshots, host.Options.Catalogue, cancellationToken);
        clock.Recover(_stream, _current.Index, _current.Head);
        lock (_underWay)
            _underWay.Clear();
    }

    /// <summary>Runs what the state still owes.</summary>
    public ValueTask ResumeAsync() => RunAsync(_faculty.Pending(_current.State));

    /// <summary>Goes on with the mailbox.</summary>
    public void Schedule()
    {
        lock (_gate)
        {
            if (!_life.IsOpen || _scheduled)
                return;
            _scheduled = true;
            _drain = _life.Host.Start(DrainAsync);
        }
    }

    private async Task DrainAsync()
    {
        while (_life.IsOpen && (_again ?? (_mailbox.Reader.TryRead(out var next) ? next : null)) is { } delivery)
        {
            _again = null;
            try
            {
                await TakeAsync(delivery);
                _life.Leave();
            }
            catch (Exception failure) // a bug or a lost store: the life is restarted, or the host ends; nothing is swallowed
            {
                _again = delivery with { EffectKey = null }; // it is still in hand, and decided again when the life is back
                _life.Fail(failure);
                break;
            }
        }

        lock (_gate)
            _scheduled = false;
        if (_again is not null || _mailbox.Reader.Count > 0)
            Schedule(); // something came, or the life was reopened, between the last look and the mark
    }

    private async Task TakeAsync(Delivery delivery)
    {
        var command = _life.Anchored(delivery.Command);
        var decision = _faculty.Decide(_current.State, command);
        if (decision.Refusal is { } refusal)
            _life.Host.Observer.Refused(_life.Name, _faculty.Name, command, refusal.Why);

        var before = _current.State;
        if (!decision.Events.IsEmpty)
            await AppendAsync(decision.Events);
        if (delivery.EffectKey is { } key)
        {
            lock (_underWay)
                _underWay.Remove(key);
        }

        if (!decision.Events.IsEmpty)
            await RunAsync(_faculty.Owed(before, _current.State));
        await RunAsync(decision.Effects);
    }

    private async Task AppendAsync(ImmutableArray<Event> events)
    {
        var host = _life.Host;
        var entries = ImmutableArray.CreateBuilder<JournalEntry>(events.Length);
        var (sequenceNumber, (index, head)) = (_current.SequenceNumber, _life.Clock.Take(_stream));
        foreach (var happened in events)
        {
            var (manifest, data) = (host.Options.Catalogue.ManifestOf(happened), host.Options.Catalogue.Write(happened));
            head = head.Next(++sequenceNumber, ++index, manifest, data);
            entries.Add(new JournalEntry(sequenceNumber, manifest, new Envelope(index, data, head).Write()));
        }

        await host.Journal.AppendAsync(_id, host.Options.Writer, entries.MoveToImmutable(), _life.Tags, host.Lost);
        _life.Clock.Advance(_stream, index, head);
        _current = new StreamState(events.Aggregate(_current.State, _faculty.Evolve), sequenceNumber, index, head);
        _life.Progressed();
        foreach (var happened in events)
            host.Observer.Happened(_life.Name, _faculty.Name, happened);
        await SnapshotAsync(sequenceNumber - events.Length);
    }

    private async Task SnapshotAsync(long before)
    {
        var (host, every) = (_life.Host, _life.Host.Options.SnapshotEvery);
        if (host.Snapshots is not null && every > 0 && before / every != _current.SequenceNumber / every)
            await host.Snapshots.SaveAsync(_id, _current.SequenceNumber, _faculty.StateManifest, _current.ToSnapshot(_faculty), host.Lost);
    }

    private async ValueTask RunAsync(ImmutableArray<Effect> effects)
    {
        if (_life.Host.IsStopping)
            return; // what is durable stays; what is owed is found again by Pending
        foreach (var effect in effects)
        {
            if (effect is Tell tell)
                await _life.TellAsync(tell);
            else if (Begin(effect.Key))
                _life.Start(effect, this);
        }
    }

    private bool Begin(string key)
    {
        lock (_underWay)
            return _underWay.Add(key);
    }
}

/// <summary>A command on its way to a cell.</summary>
/// <param name="EffectKey">The effect whose result it is, or null for a message.</param>
internal sealed record Delivery(Command Command, string? EffectKey);
