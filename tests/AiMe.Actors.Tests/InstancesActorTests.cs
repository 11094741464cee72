using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests;

/// <summary>The parent of all instances on a host without a cluster. Each instance passes on to a probe what it is told.</summary>
public sealed class InstancesActorTests : TestKit
{
    private readonly TestProbe _probe;
    private readonly IActorRef _instances;

    public InstancesActorTests()
        : base(Systems.Silent)
    {
        var probe = _probe = CreateTestProbe();
        _instances = Sys.ActorOf(
            Props.Create(() => new InstancesActor(new InstanceExtractor(), name => Props.Create(() => new Relay(name, probe)))),
            "instances"
        );
    }

    [Fact]
    public void The_first_message_for_an_instance_creates_it_under_its_name()
    {
        Tell("kept-1", 1);
        var told = Told();
        (told.Instance, told.Message).ShouldBe(("kept-1", Command(1)));
        told.Path.ShouldEndWith("/user/instances/kept-1");
    }

    [Fact]
    public void A_name_that_is_no_actor_name_is_escaped_and_found_again()
    {
        Tell("wild 1%", 1);
        Told().Path.ShouldEndWith("/user/instances/wild%201%25");
        LetLeave("wild 1%");
        Tell("wild 1%", 2);
        Told().Message.ShouldBe(Command(2));
    }

    [Fact]
    public void Messages_keep_their_order_and_go_to_their_instance()
    {
        Tell("kept-1", 1);
        Tell("kept-2", 2);
        Tell("kept-1", 3);
        _probe
            .ReceiveN(3, Systems.Patience)
            .Cast<Relayed>()
            .Select(r => (r.Instance, r.Message))
            .Where(r => r.Instance == "kept-1")
            .ShouldBe([("kept-1", Command(1)), ("kept-1", Command(3))]);
    }

    [Fact]
    public void What_comes_for_an_instance_that_is_leaving_waits_and_brings_it_back()
    {
        Tell("kept-1", 1);
        var first = Told();
        _probe.Send(first.Sender, Leave.Instance);
        ToldToStop(first);
        Tell("kept-1", 2);
        Settle();
        _probe.HasMessages.ShouldBeFalse("the old one must not be told any more");
        _probe.Send(first.Sender, PoisonPill.Instance);
        var second = Told();
        second.Message.ShouldBe(Command(2));
        second.Uid.ShouldNotBe(first.Uid);
    }

    [Fact]
    public async Task It_stops_when_all_instances_have_stopped()
    {
        Tell("kept-1", 1);
        Tell("kept-2", 1);
        var (one, other) = (Told(), Told());
        await WatchAsync(_instances);
        _instances.Tell(FinishAndStop.Instance);
        ToldToStop(one, other);
        Tell("kept-3", 1); // what is owed is found again by the next host
        _probe.Send(one.Sender, PoisonPill.Instance);
        Settle();
        HasMessages.ShouldBeFalse();
        _probe.Send(other.Sender, PoisonPill.Instance);
        await ExpectTerminatedAsync(_instances, Systems.Patience);
        _probe.HasMessages.ShouldBeFalse("nothing was created any more");
    }

    [Fact]
    public async Task Without_an_instance_it_stops_at_once()
    {
        await WatchAsync(_instances);
        _instances.Tell(FinishAndStop.Instance);
        await ExpectTerminatedAsync(_instances, Systems.Patience);
    }

    private void Tell(string instance, int revival) =>
        _instances.Tell(new CommandEnvelope(new FacultyAddress(instance, Loop.Self), Command(revival)));

    private static Command Command(int revival) => new TryAgain(revival);

    private Relayed Told() => _probe.ExpectMsg<Relayed>(Systems.Patience);

    private void ToldToStop(params Relayed[] instances) =>
        _probe
            .ReceiveN(instances.Length, Systems.Patience)
            .Cast<Relayed>()
            .Where(r => r.Command is FinishAndStop)
            .Select(r => r.Instance)
            .ShouldBe(instances.Select(i => i.Instance), ignoreOrder: true);

    private void LetLeave(string instance)
    {
        var left = Find(instance)!;
        Watch(left);
        _probe.Send(left, Leave.Instance);
        Told().Command.ShouldBe(FinishAndStop.Instance);
        _probe.Send(left, PoisonPill.Instance);
        ExpectTerminated(left, Systems.Patience);
        Settle();
    }

    private IActorRef? Find(string instance)
    {
        var found = Sys.ActorSelection(_instances.Path / Uri.EscapeDataString(instance))
            .Ask<ActorIdentity>(new Identify(0), Systems.Patience)
            .Result.Subject;
        return found;
    }

    private void Settle()
    {
        var probe = CreateTestProbe();
        _instances.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>(Systems.Patience);
    }

    private sealed record Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Instance = new();
    }

    private sealed record Relayed(string Instance, object Command, IActorRef Sender) : INoSerializationVerificationNeeded
    {
        public Command? Message => (Command as CommandEnvelope)?.Command;

        public string Path => Sender.Path.ToString();

        public long Uid => Sender.Path.Uid;
    }

    private sealed class Relay(string name, IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Leave)
                Context.Parent.Tell(new Passivate(FinishAndStop.Instance));
            else
                probe.Tell(new Relayed(name, message, Self)); // a test stops it
        }
    }
}
