using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using AiMe.Actors.Clustering;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>What is sent between nodes, and what is refused.</summary>
public sealed class WireSerializerTests : TestKit
{
    private readonly WireSerializer _serializer;

    public WireSerializerTests()
        : base(Systems.Wired()) => _serializer = new WireSerializer((ExtendedActorSystem)Sys);

    /// <summary>An example of each command that travels.</summary>
    internal static ImmutableArray<Command> Examples { get; } =
    [
        new StartRun(Plans.TwoVariants(), Revive: true, Only: ["kept-1"]),
        new CycleClosed("kept-1", 3, "s3", 1, new Heads([Link.Before("self"), Link.Before("memory")])),
        new CycleWithdrawn("kept-1", 3, "s3", "taken back", Heads.None),
        new GaveUp("kept-1", 3, "s3", 1, "503"),
        new ParkInstance("kept-1", "it keeps failing"),
        new Give("kept-1", "a1", new Input.Said("Who are you?", "self", "AiMe"), DateTime.UnixEpoch),
        new TakeBack("kept-1", "a1", "changed my mind"),
        new GiveReview("kept-1", "a2", new ReviewAnswer(new MemoryId("e3"), "Ada", Verdict.Keep, "as I would say it"), DateTime.UnixEpoch),
        new AwaitReviews("kept-1", 1, 3, [new MemoryId("e3")], new ReviewTerms(OnOpen.Wait, 2)),
        new SettleReviews(1, [new SettledReview(new MemoryId("e3"), Verdict.Keep, [new ReviewOpinion("Ada", Verdict.Keep)])]),
        new JoinFork(
            "kept-1-fork-1",
            "kept-1",
            20,
            3,
            1,
            Some.Heads,
            new ForkStatus(Rests: true, Unplanned: [2], Inputs: 1, Open: null, Revived: false, Revivals: 0)
        ),
        new BeginSelf(Plans.TwoVariants().Spec(Plans.TwoVariants().Variants[0], 1)),
        new Live(4, DateTime.UnixEpoch, Some.Stimulus(1)),
        new Live(4, DateTime.UnixEpoch, null),
        new Withdraw(4, "s4", "taken back"),
        new CallRound(4, "r1"),
        new CallModel(4, "m1", Some.Base, "a person", "it reads better"),
        new CallPolicy(4, "p1", Plans.TwoVariants().Variants[0].Curate),
        new TryAgain(2),
        new SetBudget(new Budget(2_000_000, 4.5m)),
        new ReserveSpending("writer", 3, new Cost(1_200, 0.0007m), new Cost(5, 0)),
        new SettleSpending("writer", new Cost(800, 0.0004m)),
        new LeaveOutParameter("max_tokens", "max_completion_tokens", "unsupported parameter"),
        new IdentifyServer("m", "m-2026", "fp_1", "0.9"),
        new NoteIndexFailures("writer", "pgvector", IndexFailed.Unanswered, "there is no connection", 3),
    ];

    public static TheoryData<Command> Commands { get; } = [.. Examples];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_arrives_as_it_was_sent(Command command)
    {
        var sent = new CommandEnvelope(new FacultyAddress("kept-1", "self"), command);
        var received = Sent(sent);
        received.To.ShouldBe(sent.To);
        received.Command.ShouldBeOfType(command.GetType());
        FacultyCommands.Codec.Write(received.Command).ShouldBe(FacultyCommands.Codec.Write(command));
    }

    [Fact]
    public void These_are_all_commands_that_travel() =>
        Examples
            .Select(c => c.GetType().Name)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(FacultyCommands.Codec.Types.Select(t => t.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_command_to_a_supervisor_travels() =>
        typeof(Loop)
            .Assembly.GetTypes()
            .Where(t => t.BaseType == typeof(SupervisorCommand))
            .ShouldAllBe(t => FacultyCommands.Codec.Types.Contains(t));

    [Fact]
    public void Every_message_that_travels_arrives_as_it_was_sent()
    {
        object[] messages =
        [
            new CommandEnvelope(new FacultyAddress("kept-1", "self"), new TryAgain(1)),
            new ModelWork("id", "kept-1", new AppraiseAnswer(1, 1, "answer", Some.Charter, Some.Stimulus(1))),
            new ModelWorkDone("id", new TrainingFailed(1, "it diverged")),
            new ModelWorkFailed("id", "InvalidOperationException", "a bug\nof two lines: ä"),
            new ModelWorkFailed("id", "Exception", ""),
            new ModelWorkDeferred("id", "the budget\nis used up"),
            new ModelWorkDeclined("id"),
            new TakeUnits(new Rate("calls a minute", 600), 17),
            new UnitsTaken(12),
        ];
        messages.Select(m => m.GetType()).Distinct().ShouldBe(WireSerializer.Types);
        foreach (var message in messages)
        {
            var received = Sent(message);
            received.ShouldBeOfType(message.GetType());
            _serializer.ToBinary(received).ShouldBe(_serializer.ToBinary(message));
        }
    }

    [Fact]
    public void A_command_that_stays_within_its_instance_is_not_sent() =>
        Should
            .Throw<ArgumentException>(() =>
                _serializer.Manifest(new CommandEnvelope(FacultyAddress.Own("self"), new FacultyBegan("memory")))
            )
            .Message.ShouldContain("FacultyBegan cannot be sent between nodes");

    [Theory]
    [InlineData("command@2:TryAgain")]
    [InlineData("command:TryAgain")]
    [InlineData("command@93:TryAgain")]
    [InlineData("command")]
    [InlineData("")]
    public void A_message_of_another_version_is_refused(string manifest) =>
        Refused(manifest, "kept-1\nself\n{\"revival\":1}").ShouldContain($"'{manifest}'; this node writes version 9");

    [Theory]
    [InlineData("commands@9:TryAgain")]
    [InlineData("Command@9:TryAgain")]
    [InlineData("memory.stored@1")]
    public void A_manifest_that_nobody_writes_is_refused(string manifest) =>
        Refused(manifest, "kept-1\nself\n{\"revival\":1}").ShouldContain($"does not know the manifest '{manifest}'");

    [Theory]
    [InlineData("command@9:Nothing", "kept-1\nself\n{}")]
    [InlineData("command@9:TryAgain", "kept-1\nself\n{\"revival\":1,\"more\":2}")]
    [InlineData("command@9:TryAgain", "kept-1\nself\n{}")]
    [InlineData("command@9:TryAgain", "kept-1\nself\nnull")]
    [InlineData("command@9:TryAgain", "kept-1\nself\n")]
    [InlineData("command@9:TryAgain", "no address")]
    [InlineData("work@9:SearchMemory", "id\nkept-1\n{}")]
    [InlineData("work@9:", "id\nkept-1\n{}")]
    [InlineData("work@9", "id\nkept-1\n{}")]
    [InlineData("work@9:TrainModel", "id\nkept-1\n{}")]
    [InlineData("work@9:TrainModel", "id")]
    [InlineData("work-done@9:TryAgain", "id\n{\"revival\":1}")]
    [InlineData("work-done@9:TrainingFailed", "id\n{\"round\":1}")]
    [InlineData("work-done@9:TrainingFailed", "id\n{\"round\":1,\"error\":null}")]
    [InlineData("work-done@9:TrainingFailed", "id\n{\"round\":1,\"error\":\"it diverged\",\"more\":2}")]
    [InlineData("work-failed@9", "id\ntype")]
    [InlineData("work-deferred@9", "id")]
    [InlineData("work-declined@9", "id")]
    [InlineData("units-take@9", "calls\n600\n")]
    [InlineData("units-take@9", "calls\n600\n-1\n")]
    [InlineData("units-taken@9", "12")]
    [InlineData("units-taken@9", "-1\n")]
    public void A_message_that_this_build_does_not_know_to_the_letter_is_refused(string manifest, string bytes) =>
        Refused(manifest, bytes).ShouldStartWith($"A message '{manifest}' from another node cannot be read: ");

    [Theory]
    [InlineData("text")]
    [InlineData(null)]
    public void Anything_else_is_not_sent(string? message)
    {
        Should.Throw<SerializationException>(() => _serializer.ToBinary(message!));
        Should.Throw<SerializationException>(() => _serializer.Manifest(message!));
    }

    [Fact]
    public void Objects_of_whatever_type_a_message_names_are_neither_made_nor_sent()
    {
        var json = new NoJson((ExtendedActorSystem)Sys);
        json.Identifier.ShouldBe(
            new global::Akka.Serialization.NewtonSoftJsonSerializer((ExtendedActorSystem)Sys).Identifier,
            "else that one would still be there"
        );
        Should.Throw<SerializationException>(() => json.FromBinary("{}"u8.ToArray(), typeof(FileInfo)));
        Should.Throw<SerializationException>(() => json.ToBinary("text"));
    }

    private T Sent<T>(T message)
        where T : class => (T)_serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));

    private string Refused(string manifest, string bytes) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary(Encoding.UTF8.GetBytes(bytes), manifest)).Message;
}
