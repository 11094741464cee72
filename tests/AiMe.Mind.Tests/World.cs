using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Mind.Tests;

/// <summary>A host small enough to trust: states, one queue, a scripted world. Messages and results are taken in the order of a chooser.</summary>
internal sealed class World
{
    private readonly Dictionary<Address, object> _states = [];
    private readonly Dictionary<Address, List<(long Index, Event Happened)>> _streams = [];
    private readonly Dictionary<Address, Link> _heads = [];
    private readonly Dictionary<string, long> _indices = new(StringComparer.Ordinal);
    private readonly List<Item> _queue = [];
    private readonly HashSet<(Address, string)> _underWay = [];
    private int _visits;
    private bool _cut;

    public World(RunPlan plan) => Post(new Item(Address.Supervisor, new StartRun(plan), null));

    /// <summary>Which of n waiting items is next; the first by default.</summary>
    public Func<int, int> Choose { get; init; } = _ => 0;

    /// <summary>How often a message is delivered, given how many wait.</summary>
    public Func<int, int> Copies { get; init; } = _ => 1;

    /// <summary>What people do once the run has ended: each when all is quiet after the one before, and again after a crash, as an inbox would.</summary>
    public ImmutableArray<Action<World>> Visits { get; init; } = [];

    /// <summary>Who trains by jobs.</summary>
    public JobServer Jobs { get; init; } = new();

    /// <summary>Before which effects the power goes off, though what led to them is journalled.</summary>
    public Func<Effect, bool> CutBefore { get; init; } = _ => false;

    /// <summary>Every command taken, with the state that it met.</summary>
    public Action<Faculty, object, Command> Taken { get; init; } = (_, _, _) => { };

    public int Steps { get; private set; }

    public IEnumerable<(Address At, ImmutableArray<Event> Events)> Streams =>
        _streams.OrderBy(s => s.Key.ToString(), StringComparer.Ordinal).Select(s => (s.Key, s.Value.Select(e => e.Happened).ToImmutableArray()));

    /// <summary>All that was journalled, as lines: the instances' streams exactly, the supervisor's by instance, since instances have no order among them.</summary>
    public ImmutableArray<string> Journal =>
    [
        .. _streams.Where(s => s.Key != Address.Supervisor).OrderBy(s => s.Key.ToString(), StringComparer.Ordinal).SelectMany(s => s.Value.Select(e => $"{s.Key} {e.Index} {Text(e.Happened)}")),
        .. _streams.Where(s => s.Key == Address.Supervisor).SelectMany(s => s.Value.Select(e => Text(e.Happened))).Order(StringComparer.Ordinal),
    ];

    public static Faculty FacultyAt(Address address) => address == Address.Supervisor ? Loop.Supervision : Loop.Faculties.Single(f => f.Name == address.Faculty);

    public World RunToEnd(int stepsAtMost = 50_000)
    {
        while (Step())
            Steps.ShouldBeLessThan(stepsAtMost, "duplicates must die out");
        return this;
    }

    public bool Step()
    {
        while (_queue.Count == 0 && _visits < Visits.Length)
            Visits[_visits++](this);
        if (_queue.Count == 0)
            return false;
        Steps++;
        var at = Choose(_queue.Count);
        var item = _queue[at];
        _queue.RemoveAt(at);
        Take(item);
        if (_cut)
        {
            _cut = false;
            Crash();
        }

        return true;
    }

    /// <summary>Power off, and on again: what was on its way is lost, states are folded from what was journalled, what is owed runs.</summary>
    public void Crash()
    {
        _queue.Clear();
        _underWay.Clear();
        _states.Clear();
        foreach (var (at, stream) in _streams)
            _states[at] = stream.Select(e => Reread(e.Happened)).Aggregate(FacultyAt(at).Initial, FacultyAt(at).Evolve);
        foreach (var at in _streams.Keys.Where(k => k == Address.Supervisor || Knows(k.Instance)).OrderBy(k => k.ToString(), StringComparer.Ordinal))
            Run(at, FacultyAt(at).Pending(_states[at]));
        if (_queue.Count == 0 && _streams.Count == 0)
            throw new InvalidOperationException("Nothing was journalled yet: start the run again.");
        if (_visits > 0)
            Visits[_visits - 1](this);
    }

    /// <summary>A message from outside.</summary>
    public void Post(SupervisorCommand command) => Post(new Item(Address.Supervisor, command, null));

    /// <summary>Copies a life up to an event, makes it another instance, and tells the supervisor.</summary>
    public void Fork(string parent, long index, string name, bool rests = true, LifeSettings? changed = null)
    {
        if (((SupervisorState)_states[Address.Supervisor]).Lives.ContainsKey(name))
            return;
        _indices.Remove(name);
        foreach (var faculty in Loop.Faculties)
        {
            var (from, to) = (new Address(parent, faculty.Name), new Address(name, faculty.Name));
            (_heads[to], _states[to], _streams[to]) = (Link.Before(faculty.Name), faculty.Initial, []);
            foreach (var (at, happened) in _streams.GetValueOrDefault(from, []).Where(e => e.Index <= index))
            {
                _indices[name] = at - 1;
                Append(to, happened);
                _states[to] = faculty.Evolve(_states[to], happened);
            }
        }

        _indices[name] = index;
        var shared = HeadsOf(name);
        shared.Links.ShouldBe(Loop.Faculties.Select(f => LinkAt(new Address(parent, f.Name), index)));
        var next = _streams[new Address(parent, Loop.Self)].FirstOrDefault(e => e.Index == index + 1).Happened as ExperienceGiven;
        Write(new Address(name, Loop.Self), new BecomeFork(name, parent, index, shared, rests, changed, next?.Given));
        foreach (var (faculty, command) in Loop.Changes(State<SelfState>(new Address(name, Loop.Self)).Spec!))
            Write(new Address(name, faculty), command);

        ImmutableArray<Event> past = [.. LifeOf(name).Select(e => e.Happened)];
        var (point, state) = (past.Aggregate(LifePoint.Start, (p, e) => p.Next(e)), State<SupervisorState>(Address.Supervisor));
        var standing = ForkStanding.Of(name, rests, state.Plan!, state.Orders[state.Lives[parent].Replicate - 1], past);
        Post(new JoinFork(name, parent, index, point.Cycle, point.Generation, HeadsOf(name), standing));
    }

    /// <summary>The events of an instance in their one order.</summary>
    public IEnumerable<(long Index, string Faculty, Event Happened)> LifeOf(string instance) =>
        _streams.Where(s => s.Key.Instance == instance).SelectMany(s => s.Value.Select(e => (e.Index, s.Key.Faculty, e.Happened))).OrderBy(e => e.Index);

    private Link LinkAt(Address stream, long index)
    {
        var (link, number) = (Link.Before(stream.Faculty), 0);
        foreach (var (at, happened) in _streams.GetValueOrDefault(stream, []).Where(e => e.Index <= index))
            link = link.Next(++number, at, MindEvents.Catalogue.ManifestOf(happened), MindEvents.Catalogue.Write(happened));
        return link;
    }

    // Decided and journalled at once, as the lab does it: nobody lives in a copy yet.
    private void Write(Address at, Command command)
    {
        Taken(FacultyAt(at), _states[at], command);
        foreach (var happened in FacultyAt(at).Decide(_states[at], command).Events)
        {
            Append(at, happened);
            _states[at] = FacultyAt(at).Evolve(_states[at], happened);
        }
    }

    /// <summary>The index of the last event of an instance.</summary>
    public long IndexOf(string instance) => _indices[instance];

    /// <summary>The index of the first event of an instance that is as wanted.</summary>
    public long IndexOf(string instance, Func<Event, bool> wanted) =>
        _streams.Where(s => s.Key.Instance == instance).SelectMany(s => s.Value).Where(e => wanted(e.Happened)).Min(e => e.Index);

    /// <summary>The state of a faculty.</summary>
    public T State<T>(Address at) => (T)_states[at];

    private void Take(Item item)
    {
        var (at, faculty) = (item.To, FacultyAt(item.To));
        var before = _states.GetValueOrDefault(at, faculty.Initial);
        var command = item.Command is IAnchored anchored && at != Address.Supervisor ? anchored.At(at.Instance, HeadsOf(at.Instance)) : item.Command;
        Taken(faculty, before, command);
        var decision = faculty.Decide(before, command);
        decision.Refusal.ShouldBeNull($"{at} refused {command.GetType().Name}");
        if (item.EffectKey is { } key)
            _underWay.Remove((at, key));
        foreach (var happened in decision.Events)
            Append(at, happened);
        _states[at] = decision.Events.Aggregate(before, faculty.Evolve);
        foreach (var fork in decision.Events.OfType<InstanceForked>()) // its first message wakes it: it is read back, and what it owes runs
            Wake(fork.Instance);
        if (!decision.Events.IsEmpty)
            Run(at, faculty.Owed(before, _states[at]));
        Run(at, decision.Effects);
    }

    private bool Knows(string instance) => ((SupervisorState)_states.GetValueOrDefault(Address.Supervisor, SupervisorDecider.Initial)).Lives.ContainsKey(instance);

    private void Wake(string instance)
    {
        foreach (var faculty in Loop.Faculties)
            Run(new Address(instance, faculty.Name), faculty.Pending(_states[new Address(instance, faculty.Name)]));
    }

    private void Append(Address at, Event happened)
    {
        if (!_streams.TryGetValue(at, out var stream))
            _streams[at] = stream = [];
        var index = _indices[at.Instance] = _indices.GetValueOrDefault(at.Instance) + 1;
        stream.Add((index, happened));
        _heads[at] = _heads.GetValueOrDefault(at, Link.Before(at.Faculty)).Next(stream.Count, index, MindEvents.Catalogue.ManifestOf(happened), MindEvents.Catalogue.Write(happened));
    }

    private void Run(Address from, ImmutableArray<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (_cut |= CutBefore(effect))
                return;
            if (effect is Tell tell)
            {
                var to = tell.To.Instance == Address.Here ? tell.To with { Instance = from.Instance } : tell.To;
                Post(new Item(to, tell.Command is IAnchored anchored && to == Address.Supervisor ? anchored.At(from.Instance, HeadsOf(from.Instance)) : tell.Command, null));
            }
            else if (_underWay.Add((from, effect.Key)))
            {
                Post(new Item(from, effect is JobEffect job ? Jobs.Answer(from.Instance, job) : Script.Answer(from.Instance, effect), effect.Key));
            }
        }
    }

    private void Post(Item item) => _queue.AddRange(Enumerable.Repeat(item, Copies(_queue.Count)));

    private Heads HeadsOf(string instance) => new([.. Loop.Faculties.Select(f => _heads.GetValueOrDefault(new Address(instance, f.Name), Link.Before(f.Name)))]);

    private static Event Reread(Event happened) => MindEvents.Catalogue.Read(MindEvents.Catalogue.ManifestOf(happened), MindEvents.Catalogue.Write(happened));

    private static string Text(Event happened) => $"{MindEvents.Catalogue.ManifestOf(happened)} {System.Text.Encoding.UTF8.GetString(MindEvents.Catalogue.Write(happened))}";

    private sealed record Item(Address To, Command Command, string? EffectKey);
}
