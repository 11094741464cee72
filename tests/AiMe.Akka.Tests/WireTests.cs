using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;
using Effect = AiMe.Kernel.Effect;

namespace AiMe.Akka.Tests;

/// <summary>Model work on its way to another node, and its answer on the way back: all that is asked and answered in scripted runs with every failure in them.</summary>
public sealed class WireTests : TestKit
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static readonly (ImmutableArray<Effect> Effects, ImmutableArray<Command> Commands) s_runs = Record();

    private readonly JournalSerializer _serializer;

    public WireTests() => _serializer = new JournalSerializer((ExtendedActorSystem)Sys, MindEvents.Catalogue, MindWire.All);

    [Fact]
    public void Every_effect_travels_or_is_known_to_stay()
    {
        Type[] staying = [typeof(SearchMemory), typeof(WriteBatch), typeof(PrepareJob), typeof(SubmitJob), typeof(FindJob), typeof(AwaitJob)];
        staying.Concat(MindWire.All.Effects.Types).Select(t => t.Name).Order(StringComparer.Ordinal)
            .ShouldBe(typeof(Loop).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(Effect))).Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_runs_ask_every_effect_that_travels_and_give_every_answer_to_one()
    {
        MindWire.All.Effects.Types.Except(s_runs.Effects.Select(e => e.GetType())).ShouldBeEmpty();
        MindWire.All.Answers.Types.Except(s_runs.Commands.Select(c => c.GetType())).ShouldBeEmpty();
    }

    [Fact]
    public void Every_effect_of_the_runs_arrives_as_it_was_asked()
    {
        foreach (var effect in s_runs.Effects.Where(MindWire.All.Effects.Has))
        {
            var received = Sent(new Asked(Id, "kept-1", effect));
            (received.Id, received.Instance, received.Effect.Key).ShouldBe((Id, "kept-1", effect.Key));
            received.Effect.ShouldBeOfType(effect.GetType());
            MindWire.All.Effects.Write(received.Effect).ShouldBe(MindWire.All.Effects.Write(effect));
        }
    }

    [Fact]
    public void Every_answer_of_the_runs_arrives_as_it_was_given()
    {
        foreach (var command in s_runs.Commands.Where(MindWire.All.Answers.Has))
        {
            var received = Sent(new Answered(Id, command));
            received.Id.ShouldBe(Id);
            received.Command.ShouldBeOfType(command.GetType());
            MindWire.All.Answers.Write(received.Command).ShouldBe(MindWire.All.Answers.Write(command));
        }
    }

    [Fact]
    public void Whatever_the_script_answers_to_an_effect_that_travels_can_travel_back() =>
        s_runs.Effects.Where(MindWire.All.Effects.Has).SelectMany(e => (string[])["kept-1", "frozen-2"], (e, name) => Script.Answer(name, e)).Where(answer => !MindWire.All.Answers.Has(answer)).ShouldBeEmpty();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1 + 0.2)]
    public void A_number_comes_back_to_the_bit(double number)
    {
        var answer = new AnswerGenerated(1, 1, [new Candidate("I am.", 2, number, "stop", new Scores(number, number, number, number, number, number))]);
        var back = ((AnswerGenerated)Sent(new Answered(Id, answer)).Command).Candidates[0];
        BitConverter.DoubleToInt64Bits(back.Nats).ShouldBe(BitConverter.DoubleToInt64Bits(number));
        BitConverter.DoubleToInt64Bits(back.Scores.Correctness).ShouldBe(BitConverter.DoubleToInt64Bits(number));
    }

    [Fact]
    public void What_is_told_besides_arrives_as_it_was_told()
    {
        Sent(new AskedAgain(Id)).ShouldBe(new AskedAgain(Id));
        Sent(new Unknown(Id)).ShouldBe(new Unknown(Id));
        var failed = new FailedThere(Id, "InvalidOperationException", "a bug\nof two lines: ä");
        Sent(failed).ShouldBe(failed);
        Sent(new FailedThere(Id, "Exception", "")).ShouldBe(new FailedThere(Id, "Exception", ""));
        Sent(new LeftThere(Id, "the budget\nis used up")).ShouldBe(new LeftThere(Id, "the budget\nis used up"));
        Sent(new Declined(Id, "akka.tcp://aime@here:1 7")).ShouldBe(new Declined(Id, "akka.tcp://aime@here:1 7"));
    }

    [Fact]
    public void An_effect_that_stays_and_a_command_that_answers_none_are_not_sent()
    {
        var stays = s_runs.Effects.First(e => e is SearchMemory);
        Should.Throw<ArgumentException>(() => _serializer.Manifest(new Asked(Id, "kept-1", stays))).Message.ShouldContain("The effect SearchMemory stays within its instance");
        Should.Throw<ArgumentException>(() => _serializer.Manifest(new Answered(Id, new TryAgain(1)))).Message.ShouldContain("The command TryAgain stays within its instance");
    }

    [Theory]
    [InlineData("effect:SearchMemory", "id\nkept-1\n{}")]
    [InlineData("effect:", "id\nkept-1\n{}")]
    [InlineData("effect:TrainModel", "id\nkept-1\n{}")]
    [InlineData("effect:TrainModel", "id")]
    [InlineData("result:TryAgain", "id\n{\"revival\":1}")]
    [InlineData("result:TrainingFailed", "id\n{\"round\":1}")]
    [InlineData("result:TrainingFailed", "id\n{\"round\":1,\"error\":null}")]
    [InlineData("result:TrainingFailed", "id\n{\"round\":1,\"error\":\"it diverged\",\"more\":2}")]
    [InlineData("failure", "id\ntype")]
    [InlineData("declined", "id")]
    public void What_this_build_does_not_know_to_the_letter_is_refused(string manifest, string bytes) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary(Encoding.UTF8.GetBytes(bytes), manifest)).Message.ShouldContain("same build");

    [Theory]
    [InlineData("effects:TrainModel")]
    [InlineData("failures")]
    [InlineData("Result:TrainingFailed")]
    public void An_unknown_manifest_is_refused(string manifest) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary("id\nkept-1\n{}"u8.ToArray(), manifest)).Message.ShouldContain($"'{manifest}'");

    private T Sent<T>(T message)
        where T : class => _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message)).ShouldBeOfType<T>();

    // One run with an experience that is told, and one whose trainings are jobs, with a server that is gone for a while.
    private static (ImmutableArray<Effect> Effects, ImmutableArray<Command> Commands) Record()
    {
        var (effects, commands) = (ImmutableArray.CreateBuilder<Effect>(), ImmutableArray.CreateBuilder<Command>());
        var told = new Give("kept-1", "a1", new Input.Told("Where were you?", "self", new Given("At home.", null), null), DateTime.UnixEpoch);
        Live(AiMe.Mind.Tests.World.Plan(), w => w.Post(told));
        Live(AiMe.Mind.Tests.World.Hired());
        return (effects.ToImmutable(), commands.ToImmutable());

        void Live(RunPlan plan, params ImmutableArray<Action<AiMe.Mind.Tests.World>> visits) => new AiMe.Mind.Tests.World(plan)
        {
            Visits = visits,
            Jobs = new JobServer { IsGone = (_, e) => e is AwaitJob { Try: 1 } },
            Taken = (_, _, command) => commands.Add(command),
            CutBefore = effect =>
            {
                effects.Add(effect);
                return false;
            },
        }.RunToEnd();
    }
}
