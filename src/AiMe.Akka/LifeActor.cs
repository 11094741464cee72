using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AiMe.Journal;
using AiMe.Kernel;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>
/// A life: the parent of an instance's faculties, or of the supervisor's one. It claims its name, wakes them, hands every command on, and restarts them together
/// when one fails: after a pause, doubled each time, read anew from the journal. After too many failures without an event in between the instance is
/// parked; the others go on. At rest for long enough, it leaves memory.
/// </summary>
internal sealed class LifeActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private const int StoreFailuresAtMost = 20; // with the longest pause, some three minutes: then the whole node gives up
    private static readonly TimeSpan ClaimAgainAfter = TimeSpan.FromSeconds(1), NudgeEvery = TimeSpan.FromSeconds(3);

    private readonly Node _node;
    private readonly string _name;
    private readonly ImmutableArray<Faculty> _faculties;
    private ImmutableArray<IActorRef> _cells = [];
    private LifeClock _clock;
    private Gate _gate = new();
    private int _refused;
    private int _running;
    private int _readBack;
    private int _inHand;
    private int _failures;
    private int _storeFailures;
    private bool _fromSnapshot = true;
    private bool _ending;
    private Failed? _failed;
    private long _idleSince;

    public LifeActor(Node node, string name)
    {
        (_node, _name) = (node, name);
        _faculties = IsSupervisor ? [node.Options.Supervision] : node.Options.Faculties;
        _clock = new LifeClock(_faculties);
        Claiming();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    private bool IsSupervisor => _name == Address.Run;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        Self.Tell(new Failed(failure, HostFailure.EndsTheHost(failure) ? Failing.Host : failure is CorruptJournalException ? Failing.Record : Failing.Life));
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        if (IsSupervisor)
            Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Claim();
    }

    protected override void PostStop()
    {
        if (IsSupervisor)
            Cluster.Get(Context.System).Unsubscribe(Self);
        Count(-_inHand);
        _node.Claims.Release(OwnedName);
    }

    private string OwnedName => IsSupervisor ? _node.Options.Run : $"{_node.Options.Run}/{_name}";

    // Nobody but the owner of the name may write; another process may still hold it, or be thought to live.
    private void Claiming()
    {
        Receive<Claimed>(claimed => Wake(claimed.Returns));
        Receive<Status.Failure>(refused =>
        {
            if (refused.Cause is not AlreadyOwnedException)
            {
                Fall(new Failed(refused.Cause, Failing.Journal));
                return;
            }

            if (IsSupervisor && ++_refused == 5)
                _node.Log.Warning("the run waits for its name: {0}", refused.Cause.Message);
            Again(ClaimAgainAfter);
        });
        Receive<ClaimAgain>(_ => Claim());
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<End>(_ => Context.Stop(Self));
        ReceiveAny(_ => Stash.Stash());
    }

    private void Claim() => _ = _node.Claims.ClaimAsync(OwnedName).PipeTo(Self, success: returns => new Claimed(returns), failure: e => new Status.Failure(e));

    private void Wake(int returns)
    {
        (_clock, _gate, _readBack, _failed, _refused) = (new LifeClock(_faculties), new Gate(), 0, null, 0);
        _cells = [.. _faculties.Select((faculty, i) =>
        {
            var (node, clock, gate, at, fromSnapshot) = (_node, _clock, _gate, new Address(_name, faculty.Name), _fromSnapshot);
            return Context.Watch(Context.ActorOf(Props.Create(() => new FacultyActor(node, clock, gate, faculty, at, i, fromSnapshot, returns))));
        })];
        _running = _cells.Length;
        Become(Reading);
    }

    private void Reading()
    {
        Receive<ReadBack>(_ =>
        {
            if (++_readBack < _cells.Length)
                return;
            Count(_cells.Length);
            foreach (var cell in _cells)
                cell.Tell(Resume.Instance);
            if (IsSupervisor)
                Timers.StartPeriodicTimer("nudge", new Nudge(All: false), NudgeEvery);
            else
                Timers.StartPeriodicTimer("idle", Idle.Instance, _node.Options.PassivateAfter);
            Become(Living);
            Stash.UnstashAll();
        });
        Receive<Failed>(Fall);
        Receive<Terminated>(gone => Gone(gone.ActorRef));
        Receive<End>(_ => Fall(null));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        ReceiveAny(_ => Stash.Stash());
    }

    private void Living()
    {
        Receive<Told>(told => Hand(told.To.Faculty, told.Command));
        Receive<Tell>(tell =>
        {
            if (tell.To.Instance == Address.Here || tell.To.Instance == _name)
                Hand(tell.To.Faculty, tell.Command);
            else
                _node.Send(new Told(tell.To, tell.Command is IAnchored anchored && !IsSupervisor ? anchored.At(_name, _clock.Heads) : tell.Command));
        });
        Receive<Settled>(settled =>
        {
            Count(settled.Begun - settled.Taken);
            if (settled.Progressed)
                (_failures, _storeFailures) = (0, 0);
        });
        Receive<Nudge>(nudge => _cells[0].Tell(nudge));
        Receive<ClusterEvent.IMemberEvent>(_ => Timers.StartSingleTimer("moved", new Nudge(All: true), NudgeEvery)); // shards are on their way to other nodes
        Receive<Idle>(_ =>
        {
            if (_inHand == 0 && _node.Time.GetElapsedTime(_idleSince) >= _node.Options.PassivateAfter)
                Context.Parent.Tell(new Passivate(End.Instance));
        });
        Receive<Failed>(Fall);
        Receive<Terminated>(gone => Gone(gone.ActorRef));
        Receive<End>(_ =>
        {
            _ending = true;
            Rest();
        });
    }

    // All faculties come to rest before they are read anew, or before this ends.
    private void Falling()
    {
        Receive<Terminated>(gone => Gone(gone.ActorRef));
        Receive<End>(_ => Fall(null));
        Receive<Failed>(_ => { }); // of the same fall
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<Settled>(_ => { });
        Receive<ReadBack>(_ => { });
        Receive<Tell>(_ => { }); // what is owed is found again
        ReceiveAny(_ => Stash.Stash());
    }

    private void Fall(Failed? failed)
    {
        (_failed, _ending) = (failed, _ending || failed is null);
        Timers.CancelAll();
        Rest();
        Become(Falling);
        Land();
    }

    // Each ends behind what it is persisting, so that no write is in flight when the name is let go of, or when all is read anew.
    private void Rest()
    {
        _gate.Close();
        foreach (var cell in _cells)
            cell.Tell(End.Instance);
    }

    private void Gone(IActorRef cell)
    {
        if (!_cells.Contains(cell))
            return;
        _running--;
        if (_running > 0 && _failed is null && !_ending)
            Fall(new Failed(new InvalidOperationException($"a faculty of {_name} ended by itself"), Failing.Life));
        else
            Land();
    }

    private void Land()
    {
        if (_running > 0)
            return;
        Count(-_inHand);
        _cells = [];
        if (_ending || _node.IsStopping)
            Context.Stop(Self);
        else if (_failed is { } failed)
            ComeBack(failed);
    }

    private void ComeBack(Failed failed)
    {
        var (failure, what) = (failed.Failure, failed.What);
        if (what == Failing.Snapshot)
        {
            _fromSnapshot = false;
            Again(TimeSpan.Zero);
            return;
        }

        var attempt = what == Failing.Journal ? ++_storeFailures : ++_failures;
        var isLast = what switch
        {
            Failing.Journal => attempt > StoreFailuresAtMost,
            Failing.Life => attempt > _node.Options.Restarts,
            _ => true,
        };
        if (!isLast)
        {
            var pause = _node.Options.PauseBefore(attempt);
            _node.Observer.Restarting(_name, failure, attempt, pause);
            Again(pause);
        }
        else if (what is Failing.Journal or Failing.Host || IsSupervisor)
        {
            _node.Fail(failure);
            Context.Stop(Self);
        }
        else
        {
            _node.Send(new Told(Address.Supervisor, _node.Options.Park(_name, FailedElsewhereException.Tell(failure))));
            Context.Parent.Tell(new Passivate(End.Instance)); // a later message, such as another try, wakes it anew
        }
    }

    private void Again(TimeSpan pause)
    {
        Become(Claiming);
        Timers.StartSingleTimer("again", ClaimAgain.Instance, pause);
    }

    private void Hand(string faculty, Command command)
    {
        for (var i = 0; i < _faculties.Length; i++)
        {
            if (_faculties[i].Name != faculty)
                continue;
            Count(1);
            _cells[i].Tell(new Take(command, null));
            return;
        }

        _node.Log.Error("'{0}' has no faculty '{1}'", _name, faculty);
    }

    private void Count(int more)
    {
        _inHand += more;
        _node.Count(more);
        if (_inHand == 0)
            _idleSince = _node.Time.GetTimestamp();
    }

    private sealed record Claimed(int Returns) : INoSerializationVerificationNeeded;

    private sealed record ClaimAgain : INoSerializationVerificationNeeded
    {
        public static readonly ClaimAgain Instance = new();
    }

    private sealed record Idle : INoSerializationVerificationNeeded
    {
        public static readonly Idle Instance = new();
    }
}
