using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka.Tests;

/// <summary>What is stored and sent, and what is refused.</summary>
public sealed class JournalSerializerTests : TestKit
{
    private readonly JournalSerializer _serializer;

    public JournalSerializerTests() => _serializer = new JournalSerializer((ExtendedActorSystem)Sys, MindEvents.Catalogue, MindWire.All);

    public static TheoryData<Command> Commands { get; } =
    [
        new StartRun(World.Plan(), Revive: true, Only: ["kept-1"]),
        new CycleClosed("kept-1", 3, "s3", 1, new Heads([Link.Before("self"), Link.Before("memory")])),
        new CycleWithdrawn("kept-1", 3, "s3", "taken back", Heads.None),
        new GaveUp("kept-1", 3, "s3", 1, "503"),
        new ParkInstance("kept-1", "it keeps failing"),
        new Give("kept-1", "a1", new Input.Said("Who are you?", "self", "AiMe"), DateTime.UnixEpoch),
        new TakeBack("kept-1", "a1", "changed my mind"),
        new BeginSelf(World.Plan().Spec(World.Plan().Variants[0], 1)),
        new Live(4, DateTime.UnixEpoch, Some.Stimulus(1)),
        new Live(4, DateTime.UnixEpoch, null),
        new Withdraw(4, "s4", "taken back"),
        new CallRound(4, "r1"),
        new CallModel(4, "m1", Some.Base, "a person", "it reads better"),
        new TryAgain(2),
        new SetBudget(new Budget(2_000_000, 4.5m)),
        new ReserveSpending("writer", 3, new Cost(1_200, 0.0007m), new Cost(5, 0)),
        new SettleSpending("writer", new Cost(800, 0.0004m)),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_arrives_as_it_was_sent(Command command)
    {
        var sent = new Told(new Address("kept-1", "self"), command);
        var received = (Told)_serializer.FromBinary(_serializer.ToBinary(sent), _serializer.Manifest(sent));
        received.To.ShouldBe(sent.To);
        received.Command.ShouldBeOfType(command.GetType());
        MindCommands.Catalogue.Write(received.Command).ShouldBe(MindCommands.Catalogue.Write(command));
    }

    [Fact]
    public void Every_command_between_a_supervisor_and_its_instances_can_be_sent() =>
        typeof(Loop).Assembly.GetTypes().Where(t => t.BaseType == typeof(SupervisorCommand)).ShouldAllBe(t => MindCommands.Catalogue.Types.Contains(t));

    [Fact]
    public void A_command_that_stays_within_its_instance_is_not_sent() =>
        Should.Throw<ArgumentException>(() => _serializer.Manifest(new Told(Address.Own("self"), new FacultyBegan("memory")))).Message.ShouldContain("FacultyBegan stays within its instance");

    [Fact]
    public void Units_of_a_rate_are_asked_for_and_given()
    {
        foreach (var sent in new object[] { new TakeUnits(new Rate("calls a minute", 600), 17), new UnitsTaken(12) })
            _serializer.FromBinary(_serializer.ToBinary(sent), _serializer.Manifest(sent)).ShouldBe(sent);
        Should.Throw<SerializationException>(() => _serializer.FromBinary("17"u8.ToArray(), "units:take"));
        Should.Throw<SerializationException>(() => _serializer.FromBinary("-1"u8.ToArray(), "units:taken"));
    }

    [Fact]
    public void A_row_has_the_bytes_and_the_manifest_that_every_host_writes()
    {
        var row = new Row("memory.stored@1", "{\"i\":1}"u8.ToArray());
        _serializer.Identifier.ShouldBe(174_201);
        _serializer.Manifest(row).ShouldBe("memory.stored@1");
        _serializer.ToBinary(row).ShouldBe("{\"i\":1}"u8.ToArray());
        ((Row)_serializer.FromBinary("{\"i\":1}"u8.ToArray(), "memory.stored@1")).Manifest.ShouldBe("memory.stored@1");
    }

    [Fact]
    public void A_row_of_an_old_form_is_read_too() => _serializer.FromBinary([1], "supervisor.planned@1").ShouldBeOfType<Row>();

    [Fact]
    public void A_snapshot_of_another_version_comes_out_for_its_reader_to_pass_over() =>
        _serializer.FromBinary([1], "self.state@1").ShouldBeOfType<StoredState>().Manifest.ShouldBe("self.state@1");

    [Theory]
    [InlineData("memory.stored@99")]
    [InlineData("System.String, mscorlib")]
    [InlineData("")]
    public void An_unknown_manifest_is_refused(string manifest) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary([1], manifest)).Message.ShouldContain($"'{manifest}'");

    [Theory]
    [InlineData("command:Nothing", "kept-1\nself\n{}")]
    [InlineData("command:TryAgain", "kept-1\nself\n{\"revival\":1,\"more\":2}")]
    [InlineData("command:TryAgain", "kept-1\nself\n{}")]
    [InlineData("command:TryAgain", "no address")]
    public void A_command_that_this_build_does_not_know_to_the_letter_is_refused(string manifest, string bytes) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary(Encoding.UTF8.GetBytes(bytes), manifest)).Message.ShouldContain("same build");

    [Fact]
    public void Objects_of_whatever_type_a_message_names_are_neither_made_nor_sent()
    {
        var json = new NoJson((ExtendedActorSystem)Sys);
        json.Identifier.ShouldBe(new global::Akka.Serialization.NewtonSoftJsonSerializer((ExtendedActorSystem)Sys).Identifier, "else that one would still be there");
        Should.Throw<SerializationException>(() => json.FromBinary("{}"u8.ToArray(), typeof(FileInfo)));
        Should.Throw<SerializationException>(() => json.ToBinary("text"));
    }

    [Fact]
    public void Anything_else_is_refused() => Should.Throw<SerializationException>(() => _serializer.ToBinary("text"));
}
