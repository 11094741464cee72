using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>
/// One faculty of one life: a bounded mailbox and a state. It takes a turn at a time: a command, or (the supervisor, to whom thousands speak) those
/// that wait together. Each is decided on the state to which those before it lead, their events are made durable in one append, and only then
/// effects run, in the order of the commands. Any decider can live in it; it knows none.
/// </summary>
internal sealed class Cell
{
    private readonly Life _life;
    private readonly Faculty _faculty;
    private readonly int _stream;
    private readonly Mailbox _mailbox;
    private readonly Lock _gate = new();
    private HashSet<string>? _underWay;
    private Queue<Delivery>? _again;
    private StreamState _current;
    private Task _drain = Task.CompletedTask;
    private bool _scheduled;

    public Cell(Life life, int stream)
    {
        (_life, _faculty, _stream) = (life, life.Faculties[stream], stream);
        _mailbox = new Mailbox(life.Host.Running.MailboxCapacity);
        _current = StreamState.Before(_faculty);
    }

    // Made anew each time: an instance at rest need not hold it.
    private PersistenceId Id => _life.Host.Options.StreamOf(new Address(_life.Name, _faculty.Name));

    /// <summary>The state as it is now.</summary>
    public StreamState Current => _current;

    /// <summary>Puts a command into the mailbox; waits while it is full.</summary>
    public async ValueTask PostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await _mailbox.PostAsync(delivery, cancellationToken);
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
        _current = await StreamFold.ReadAsync(_faculty, Id, host.Journal, host.Snapshots, host.Options.Catalogue, host.Running.Known, cancellationToken);
        clock.Recover(_stream, _current.Index, _current.Head);
        lock (_gate)
            _underWay = null;
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
        while (_life.IsOpen && Next() is { } first)
        {
            var (steps, done) = (new List<Step>(), 0);
            try
            {
                Decide(first, steps);
                await AppendAsync(steps);
                for (; done < steps.Count; done++)
                {
                    await FollowAsync(steps[done]);
                    _life.Leave();
                }
            }
            catch (Exception failure) // a bug or a lost store: the life is restarted, or the host ends; nothing is swallowed
            {
                PutBack(steps.Count == 0 ? [first] : steps.Skip(done).Select(s => s.Delivery)); // still in hand, and decided again when the life is back
                _life.Fail(failure);
                break;
            }
        }

        lock (_gate)
            _scheduled = false;
        if (_again is not null || !_mailbox.IsEmpty)
            Schedule(); // something came, or the life was reopened, between the last look and the mark
    }

    private Delivery? Next()
    {
        if (_again is not { } again)
            return _mailbox.Take();
        var next = again.Dequeue();
        if (again.Count == 0)
            _again = null;
        return next;
    }

    private void PutBack(IEnumerable<Delivery> taken)
    {
        var all = new Queue<Delivery>(taken.Select(d => d with { EffectKey = null }).Concat(_again ?? []));
        _again = all.Count > 0 ? all : null;
    }

    // Each on the state to which those before it lead. One that fails begins the next turn instead, alone: those before it are not to suffer.
    private void Decide(Delivery? delivery, List<Step> steps)
    {
        for (var state = _current.State; delivery is not null; delivery = steps.Count < _life.Together ? Next() : null)
        {
            try
            {
                var command = _life.Anchored(delivery.Command);
                var decision = _faculty.Decide(state, command);
                var after = decision.Events.Aggregate(state, _faculty.Evolve);
                steps.Add(new(delivery, command, decision, state, after));
                state = after;
            }
            catch (Exception) when (steps.Count > 0)
            {
                _again = new Queue<Delivery>((_again ?? []).Prepend(delivery));
                return;
            }
        }
    }

    private async Task AppendAsync(List<Step> steps)
    {
        var count = steps.Sum(s => s.Decision.Events.Length);
        if (count == 0)
            return;
        var host = _life.Host;
        var entries = ImmutableArray.CreateBuilder<JournalEntry>(count);
        var (sequenceNumber, (index, head)) = (_current.SequenceNumber, _life.Clock.Take(_stream));
        foreach (var happened in steps.SelectMany(s => s.Decision.Events))
        {
            var (manifest, data) = (host.Options.Catalogue.ManifestOf(happened), host.Options.Catalogue.Write(happened));
            head = head.Next(++sequenceNumber, ++index, manifest, data);
            entries.Add(new JournalEntry(sequenceNumber, manifest, new Envelope(index, data, head).Write()));
        }

        await host.Journal.AppendAsync(Id, host.Options.Writer, entries.MoveToImmutable(), host.Lost);
        _life.Clock.Advance(_stream, index, head);
        _current = new StreamState(steps[^1].After, sequenceNumber, index, head);
        _life.Progressed();
        foreach (var happened in steps.SelectMany(s => s.Decision.Events))
            host.Observer.Happened(_life.Name, _faculty.Name, happened);
        await SnapshotAsync(sequenceNumber - count);
    }

    // What follows from a command, now that its events are durable.
    private async Task FollowAsync(Step step)
    {
        if (step.Decision.Refusal is { } refusal)
            _life.Host.Observer.Refused(_life.Name, _faculty.Name, step.Command, refusal.Why);
        if (step.Delivery.EffectKey is { } key)
        {
            lock (_gate)
            {
                if (_underWay?.Remove(key) == true && _underWay.Count == 0)
                    _underWay = null;
            }
        }

        if (!step.Decision.Events.IsEmpty)
            await RunAsync(_faculty.Owed(step.Before, step.After));
        await RunAsync(step.Decision.Effects);
    }

    private async Task SnapshotAsync(long before)
    {
        var (host, every) = (_life.Host, _life.Host.Options.SnapshotEvery);
        if (host.Snapshots is not null && every > 0 && before / every != _current.SequenceNumber / every)
            await host.Snapshots.SaveAsync(Id, _current.SequenceNumber, _faculty.StateManifest, _current.ToSnapshot(_faculty), host.Lost);
    }

    private async ValueTask RunAsync(ImmutableArray<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (_life.Host.IsStopping)
                return; // what is durable stays; what is owed is found again by Pending
            if (effect is Tell tell)
                await _life.TellAsync(tell);
            else if (Begin(effect.Key))
                _life.Start(effect, this);
        }
    }

    private bool Begin(string key)
    {
        lock (_gate)
            return (_underWay ??= new(1, StringComparer.Ordinal)).Add(key);
    }

    /// <summary>A command that was decided: in which state, and what state follows.</summary>
    private readonly record struct Step(Delivery Delivery, Command Command, Decision<Event> Decision, object Before, object After);
}
