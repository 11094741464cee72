using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;

namespace AiMe.Lab.Verification;

/// <summary>
/// Checks the five streams of an instance together: the order of its events, the heads in its own events and in the
/// supervisor's, and the writers.
/// </summary>
/// <remarks>Rows may come in any order that keeps each stream in order.</remarks>
internal sealed class InstanceCheck
{
    private readonly ImmutableArray<StreamCheck> _streams;
    private readonly ImmutableArray<SupervisedQueue> _supervised;
    private readonly Link[] _heads = [.. Loop.Faculties.Select(f => Link.Before(f.Name))];
    private readonly RowPlace[] _last = new RowPlace[Loop.Faculties.Length];
    private readonly PriorityQueue<ChainStep, long> _waiting = new();
    private readonly List<Link> _turn = [];
    private readonly Writers _writers = new();
    private readonly HashSet<long> _wanted;
    private readonly Origin _origin;
    private readonly (WriterId Writer, RowPlace First)?[] _copiers = new (WriterId, RowPlace)?[Loop.Faculties.Length];
    private int _turnOf = -1;
    private long _next = 1;

    /// <param name="anchors">Anchors of the supervisor's streams: a list for each, in its order.</param>
    /// <param name="origin">How the instance began, which determines the order in which its rows were written.</param>
    /// <param name="wanted">Indices at which the heads are recorded, because forks branched off there.</param>
    public InstanceCheck(
        string run,
        string instance,
        ImmutableArray<StreamCheck> streams,
        IEnumerable<ImmutableArray<SupervisedAnchor>> anchors,
        Origin origin,
        IEnumerable<long> wanted
    )
    {
        (Run, Instance, _streams, _supervised, _origin, _wanted) = (
            run,
            instance,
            streams,
            [.. anchors.Select(a => new SupervisedQueue(a))],
            origin,
            [.. wanted]
        );
        AdvanceSupervised();
    }

    public string Run { get; }

    public string Instance { get; }

    public ImmutableArray<StreamCheck> Streams => _streams;

    /// <summary>Index of the last event that an anchor outside the instance covers.</summary>
    public long Covered { get; private set; }

    /// <summary>Compared heads in its own events.</summary>
    public long InstanceAnchors { get; private set; }

    /// <summary>Compared heads in the supervisor's events.</summary>
    public long RunAnchors => _supervised.Sum(q => (long)q.Met);

    public long Rows => _streams.Sum(s => s.Rows);

    /// <summary>The shared past that it claims if it is a fork.</summary>
    public SharedPast? Past { get; private set; }

    /// <summary>The heads where forks branched off.</summary>
    public Dictionary<long, Heads> At { get; } = [];

    /// <summary>Whether there is a divergence, or an unexplained row.</summary>
    public bool IsTroubled =>
        _waiting.Count > 0
        || _supervised.Any(q => q.Front is not null)
        || _streams.Any(s => s.Broken is not null || s.Snapshots.Bad.Count > 0);

    /// <summary>Checks the next row of one of its streams.</summary>
    public void Take(int faculty, JournalRow row)
    {
        if (_streams[faculty].Take(row, out var happened) is not { } step)
            return;
        if (happened is Forked fork)
            Past = new SharedPast(Instance, fork.Parent, fork.Index, fork.Heads); // for a fork of a fork the last one counts
        _waiting.Enqueue(step, step.Place.Index);
        while (_waiting.TryPeek(out _, out var index) && index <= _next)
            ApplyNext(_waiting.Dequeue());
    }

    /// <summary>
    /// Ends the check: rows that are still unexplained are reported as divergences of the stream that they concern, if
    /// that is known.
    /// </summary>
    public void End()
    {
        foreach (var stream in _streams)
            stream.End();
        if (!IsTroubled)
            return;
        if (Rows == 0 && _streams.All(s => s.Broken is null))
        {
            AccuseAbsence();
            return;
        }

        var waiting = _waiting.UnorderedItems.OrderBy(w => w.Priority).Select(w => w.Element).ToArray();
        foreach (var step in waiting.Where(s => s.Anchor is not null))
            AccuseByAnchor(step.Anchor!, $"{step.Place.Manifest} at {step.Place}");
        foreach (var front in _supervised.SelectMany(q => q.Rest))
            AccuseByAnchor(front.Heads, front.At);
        if (_streams.All(s => s.Broken is null))
            AccuseUnexplained(waiting);
    }

    private void ApplyNext(ChainStep step)
    {
        if (step.Place.Index == _next)
            Apply(step);
        else
            _streams[step.Faculty]
                .Accuse(
                    step.Place.Diverges(
                        "i",
                        $"{_next} or more",
                        $"{step.Place.Index}",
                        "the instance has another event with this index: two histories were mixed"
                    )
                );
    }

    private void Apply(ChainStep step)
    {
        TakeWriter(step);
        if (step.Anchor is { } heads)
            Compare(step, heads);
        if (_turnOf != step.Faculty)
            _turn.Clear();
        (_turnOf, _last[step.Faculty]) = (step.Faculty, step.Place);
        _turn.Add(_heads[step.Faculty]);
        _heads[step.Faculty] = step.Link;
        if (_wanted.Contains(_next))
            At[_next] = new Heads([.. _heads]);
        _next++;
        AdvanceSupervised();
    }

    // Its own stream's head is the one before the whole batch that it was written with.
    private void Compare(ChainStep step, Heads heads)
    {
        InstanceAnchors++;
        if (heads.Links.Length != _heads.Length)
        {
            _streams[step.Faculty]
                .Accuse(
                    step.Place.Diverges(
                        "d.heads",
                        $"{_heads.Length} links",
                        $"{heads.Links.Length}",
                        "an anchor without the heads of the five streams: this history was forged"
                    )
                );
            return;
        }

        for (var k = 0; k < _heads.Length; k++)
        {
            if (heads.Links[k] != _heads[k] && !(k == step.Faculty && _turnOf == k && _turn.Contains(heads.Links[k])))
                AccuseHead(k, heads.Links[k], $"{step.Place.Manifest} at {step.Place}");
        }
    }

    private void AdvanceSupervised()
    {
        foreach (var queue in _supervised)
        {
            while (queue.Front is { } front && front.Heads.Links.AsSpan().SequenceEqual(_heads))
            {
                Covered = Math.Max(Covered, _next - 1);
                TakeCopiers();
                queue.Pop();
            }
        }
    }

    // A copy is written stream by stream, each in one append, and another process may complete it, so the order of
    // its writers is checked separately.
    private void TakeWriter(ChainStep step)
    {
        if (_origin is Origin.UnknownOrigin)
            return;
        if (_origin is Origin.PlannedOrigin || Covered > 0)
        {
            if (_writers.Take(step.Writer, step.Place) is { } between)
                AccuseWriter(between);
        }
        else if (_copiers[step.Faculty] is not { } copier)
            _copiers[step.Faculty] = (step.Writer, step.Place);
        else if (copier.Writer != step.Writer)
            AccuseWriter(
                step.Place.Diverges(
                    "writer_uuid",
                    copier.Writer.Value,
                    step.Writer.Value,
                    "a fork's copy of a stream is written in one append: the writer was altered"
                )
            );
    }

    // The first anchor marks the end of the copy; from then on the instance's rows follow one another.
    private void TakeCopiers()
    {
        for (var k = 0; k < _copiers.Length; k++)
        {
            if (_copiers[k] is var (writer, first) && _writers.Take(writer, first) is { } between)
                AccuseWriter(between);
            _copiers[k] = null;
        }
    }

    private void AccuseWriter(Divergence between) =>
        (_streams.FirstOrDefault(s => s.Id.Value == between.Stream) ?? _streams[0]).Accuse(between);

    private void AccuseByAnchor(Heads heads, string at)
    {
        for (var k = 0; k < Math.Min(heads.Links.Length, _heads.Length); k++)
        {
            if (!_streams[k].Had(heads.Links[k]))
                AccuseHead(k, heads.Links[k], at);
        }
    }

    // Every stream is in order by itself, and every recorded head is one of its links.
    private void AccuseUnexplained(ChainStep[] waiting)
    {
        if (waiting is [var step, ..])
            _streams[step.Faculty]
                .Accuse(
                    step.Place.Diverges(
                        "i",
                        $"{_next}",
                        $"{step.Place.Index}",
                        $"event {_next} of the instance is in none of its streams: rows were cut off the end of one of them"
                    )
                );
        else if (_supervised.SelectMany(q => q.Rest).FirstOrDefault() is { } front)
            _streams[0]
                .Accuse(
                    new RowPlace(front.Stream, front.Ordering, front.SequenceNumber, 0, front.Manifest).Diverges(
                        "d.heads",
                        "heads that the instance had at one moment",
                        string.Join(' ', front.Heads.Links),
                        $"the supervisor recorded heads of {Instance} that never existed together: one of the histories was forged"
                    )
                );
    }

    // A deleted instance cannot be told from one that was never restored: a file of one instance has its run's whole
    // supervisor, and no rows of other instances.
    private void AccuseAbsence() =>
        _streams[0]
            .Accuse(
                new Divergence(
                    $"{Run}/{Instance}",
                    null,
                    null,
                    null,
                    null,
                    "persistence_id",
                    $"the streams of {Instance}",
                    "none",
                    "the run has this instance, but no row of it is in this store: the run was restored from a file of "
                        + "other instances, or all its rows were deleted"
                )
            );

    private void AccuseHead(int faculty, Link recorded, string at)
    {
        var (name, current) = (Loop.Faculties[faculty].Name, _streams[faculty].Current);
        _streams[faculty]
            .Accuse(
                new Divergence(
                    _streams[faculty].Id.Value,
                    _last[faculty] is { Ordering: > 0 } last ? last.Ordering : null,
                    current.SequenceNumber + (_streams[faculty].Had(recorded) ? 0 : 1),
                    current.Index > 0 ? current.Index : null,
                    null,
                    $"heads.{name}",
                    recorded.ToString(),
                    (_streams[faculty].Had(recorded) ? _heads[faculty] : current.Head).ToString(),
                    $"recorded by {at}: rows after {current.SequenceNumber} were cut off, or the stream was rewritten"
                )
            );
    }
}
