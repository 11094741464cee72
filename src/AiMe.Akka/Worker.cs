using Akka.Actor;
using Akka.Event;
using AiMe.Journal;
using AiMe.Kernel;

namespace AiMe.Akka;

/// <summary>
/// Does model work for lives of other nodes. What is asked twice is begun once, and what was answered lately is answered again without doing it anew: an answer may have been lost on the way. A
/// failure is not kept: who asks again wants to know whether it still fails.
/// </summary>
internal sealed class Worker : ReceiveActor
{
    private const int KeptAtMost = 2048; // of a few kilobytes each

    private readonly Node _node;
    private readonly string _name;
    private readonly WireCatalogue<Command> _answers;
    private readonly Dictionary<string, HashSet<IActorRef>> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Answered> _lately = new(StringComparer.Ordinal);
    private readonly Queue<string> _kept = [];
    private bool _lost;

    /// <param name="name">Of this node, as <see cref="Lookout"/> gives it.</param>
    /// <param name="answers">What can be told to another node.</param>
    public Worker(Node node, string name, WireCatalogue<Command> answers)
    {
        (_node, _name, _answers) = (node, name, answers);
        Receive<Asked>(asked =>
        {
            if (!Serves(asked.Id))
                Begin(asked);
        });
        Receive<AskedAgain>(again =>
        {
            if (!Serves(again.Id))
                Sender.Tell(IsClosed ? new Declined(again.Id, _name) : new Unknown(again.Id));
        });
        Receive<Ended>(End);
    }

    /// <summary>What the actor is called on every node of a run's cluster.</summary>
    public static string PlaceOf(string run) => $"{run}-models";

    // What is under way is lost with it: the node ends, and another is asked.
    protected override void PreRestart(Exception reason, object message) => _node.Fail(reason);

    private bool IsClosed => _lost || _node.IsStopping;

    // Whether it is in hand, or was answered lately.
    private bool Serves(string id)
    {
        if (_lately.TryGetValue(id, out var answered))
            Sender.Tell(answered);
        else if (_underWay.TryGetValue(id, out var waiting))
            waiting.Add(Sender);
        else
            return false;
        return true;
    }

    private void Begin(Asked asked)
    {
        if (IsClosed)
        {
            Sender.Tell(new Declined(asked.Id, _name));
            return;
        }

        _underWay.Add(asked.Id, [Sender]);
        _node.Count(1);
        _ = _node.RunAsync(asked.Instance, asked.Effect).PipeTo(Self, success: command => Ended.With(asked, command, _answers), failure: e => new Ended(asked, null, e));
    }

    private void End(Ended ended)
    {
        object answer = ended switch
        {
            { Command: { } command } => Keep(new Answered(ended.Asked.Id, command)),
            { Failure: { } failure } => Failed(ended.Asked, failure),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (_underWay.Remove(ended.Asked.Id, out var waiting))
        {
            foreach (var asker in waiting)
                asker.Tell(answer);
        }

        _node.Count(-1);
    }

    private Answered Keep(Answered answered)
    {
        _lately[answered.Id] = answered;
        _kept.Enqueue(answered.Id);
        if (_kept.Count > KeptAtMost)
            _lately.Remove(_kept.Dequeue());
        return answered;
    }

    // What ends this node is no fault of the life's; and of a node that ends, what failed may have failed for that.
    private object Failed(Asked asked, Exception failure)
    {
        if (HostFailure.EndsTheHost(failure))
        {
            _lost = true;
            _node.Fail(failure);
        }

        if (IsClosed)
            return new Declined(asked.Id, _name);
        if (failure is StaysOwedException)
            return new LeftThere(asked.Id, failure.Message);
        _node.Log.Error(failure, "{0} of {1}, asked by another node, failed", asked.Effect.Key, asked.Instance);
        return new FailedThere(asked.Id, failure.GetType().Name, failure.Message);
    }

    private sealed record Ended(Asked Asked, Command? Command, Exception? Failure) : INoSerializationVerificationNeeded
    {
        // An answer that cannot be sent would be waited for for ever.
        public static Ended With(Asked asked, Command command, WireCatalogue<Command> answers) => answers.Has(command)
            ? new(asked, command, null)
            : new(asked, null, new InvalidOperationException($"The command {command.GetType().Name} answers {asked.Effect.Key}, but is not among the answers that go from node to node."));
    }
}
