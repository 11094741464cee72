using Akka.Actor;
using Akka.Event;
using AiMe.Kernel;

namespace AiMe.Akka;

/// <summary>
/// Asks the nodes that do model work, one for each question, until it is answered: again after three seconds, then after twice as long each time, and at once another node when the one
/// that was asked is there no longer. Without such a node questions wait.
/// </summary>
/// <remarks>All questions of an instance go to one node as long as the same nodes are there, so that its models are in memory there. A question stays where it was asked when another node comes.</remarks>
internal sealed class Asker : ReceiveActor, IWithTimers
{
    private const int FirstWait = 3, WaitAtMost = 60, SaysSoAfter = 5; // beats

    /// <summary>Between two looks at what is open.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Node _node;
    private readonly Dictionary<string, ICanTell> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Question> _open = new(StringComparer.Ordinal);
    private int _beats;
    private int _alone;

    public Asker(Node node)
    {
        _node = node;
        Receive<Asked>(Open);
        Receive<Answered>(answered => Close(answered.Id, answered.Command));
        Receive<FailedThere>(failed => Close(failed.Id, new Status.Failure(new FailedElsewhereException(failed.Type, failed.Message))));
        Receive<LeftThere>(left => Close(left.Id, new Status.Failure(new StaysOwedException(left.Message))));
        Receive<Unknown>(unknown =>
        {
            if (_open.TryGetValue(unknown.Id, out var question))
                Send(question, question.Asked);
        });
        Receive<Declined>(declined => Forget(declined.Node));
        Receive<NodeThere>(there =>
        {
            _workers[there.Node] = there.Worker;
            foreach (var question in _open.Values.Where(q => q.At is null))
                Ask(question);
        });
        Receive<NodeGone>(gone => Forget(gone.Node));
        Receive<Look>(_ => AskAgain());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("look", Look.Instance, Beat);

    // What was open is lost with it, and whoever waits would wait for ever: the node ends, and all is found again as owed.
    protected override void PreRestart(Exception reason, object message) => _node.Fail(reason);

    // A life that was restarted asks the same again while it is still open.
    private void Open(Asked asked)
    {
        if (_open.TryGetValue(asked.Id, out var open))
        {
            open.Waiting.Add(Sender);
            return;
        }

        var question = new Question(asked) { Waiting = { Sender } };
        _open.Add(asked.Id, question);
        Ask(question);
    }

    // Of the nodes that are there now: the one with the highest number for this instance, so that few instances move when a node comes or goes.
    private void Ask(Question question)
    {
        question.At = _workers.Keys.Order(StringComparer.Ordinal).MaxBy(node => new Seed(0).Derive(question.Asked.Instance, node).Value);
        question.Wait = FirstWait;
        Send(question, question.Asked);
    }

    private void Send(Question question, object message)
    {
        if (question.At is null)
            return;
        question.Due = _beats + question.Wait;
        _workers[question.At].Tell(message, Self);
    }

    private void Close(string id, object answer)
    {
        if (!_open.Remove(id, out var question))
            return; // two nodes were asked, or it came twice
        foreach (var waiting in question.Waiting)
            waiting.Tell(answer);
    }

    private void Forget(string node)
    {
        if (!_workers.Remove(node))
            return;
        foreach (var question in _open.Values.Where(q => q.At == node))
            Ask(question);
    }

    private void AskAgain()
    {
        _beats++;
        if (_node.IsStopping)
            _open.Clear(); // nobody waits for them: what they asked for stays owed
        foreach (var question in _open.Values.Where(q => q.At is not null && q.Due <= _beats))
        {
            question.Wait = Math.Min(question.Wait * 2, WaitAtMost);
            Send(question, new AskedAgain(question.Asked.Id));
        }

        _alone = _workers.Count == 0 && _open.Count > 0 ? _alone + 1 : 0;
        if (_alone == SaysSoAfter)
            _node.Log.Warning("model work waits ({0} pieces): there is no node with the role {1} that could be asked; start one with --role {1}", _open.Count, NodeOptions.Model);
    }

    private sealed class Question(Asked asked)
    {
        public Asked Asked { get; } = asked;

        /// <summary>The node that was asked last; null while there is none.</summary>
        public string? At { get; set; }

        /// <summary>The beat at which it is asked again, and how many are then waited for.</summary>
        public int Due { get; set; }

        public int Wait { get; set; } = FirstWait;

        public HashSet<IActorRef> Waiting { get; } = [];
    }

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}
