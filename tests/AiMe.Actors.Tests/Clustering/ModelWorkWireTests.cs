using System.Collections.Immutable;
using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>Model work on its way to another node, and its reply: all effects and answers of scripted runs in which every failure happens.</summary>
public sealed class ModelWorkWireTests : TestKit
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly WireSerializer _serializer;

    public ModelWorkWireTests()
        : base(Systems.Wired()) => _serializer = new WireSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void Every_effect_travels_or_is_known_to_stay()
    {
        Type[] staying =
        [
            typeof(SearchMemory),
            typeof(WriteBatch),
            typeof(PrepareJob),
            typeof(SubmitJob),
            typeof(FindJob),
            typeof(AwaitJob),
        ];
        staying
            .Concat(FacultyMessages.All.Effects.Types)
            .Select(t => t.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                typeof(Loop)
                    .Assembly.GetTypes()
                    .Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(Effect)))
                    .Select(t => t.Name)
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public void The_runs_hold_every_effect_that_travels_and_every_answer()
    {
        FacultyMessages.All.Effects.Types.Except(ScriptedRuns.Effects.Select(e => e.GetType())).ShouldBeEmpty();
        FacultyMessages.All.Answers.Types.Except(ScriptedRuns.Commands.Select(c => c.GetType())).ShouldBeEmpty();
    }

    [Fact]
    public void Every_effect_of_the_runs_arrives_as_it_was_sent()
    {
        foreach (var effect in ScriptedRuns.Effects.Where(FacultyMessages.All.Effects.Has))
        {
            var received = Sent(new ModelWork(Id, "kept-1", effect));
            (received.Id, received.Instance, received.Effect.Key).ShouldBe((Id, "kept-1", effect.Key));
            received.Effect.ShouldBeOfType(effect.GetType());
            FacultyMessages.All.Effects.Write(received.Effect).ShouldBe(FacultyMessages.All.Effects.Write(effect));
        }
    }

    [Fact]
    public void Every_answer_of_the_runs_arrives_as_it_was_sent()
    {
        foreach (var command in ScriptedRuns.Commands.Where(FacultyMessages.All.Answers.Has))
        {
            var received = Sent(new ModelWorkDone(Id, command));
            received.Id.ShouldBe(Id);
            received.Command.ShouldBeOfType(command.GetType());
            FacultyMessages.All.Answers.Write(received.Command).ShouldBe(FacultyMessages.All.Answers.Write(command));
        }
    }

    [Fact]
    public void Every_answer_to_an_effect_that_travels_can_travel_back() =>
        ScriptedRuns
            .Effects.Where(FacultyMessages.All.Effects.Has)
            .SelectMany(e => (string[])["kept-1", "frozen-2"], (e, name) => Script.Answer(name, e))
            .Where(answer => !FacultyMessages.All.Answers.Has(answer))
            .ShouldBeEmpty();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1 + 0.2)]
    public void A_number_arrives_to_the_bit(double number)
    {
        var answer = new AnswerGenerated(
            1,
            1,
            [new Candidate("I am.", 2, number, "stop", new Scores(number, number, number, number, number, number))]
        );
        var received = ((AnswerGenerated)Sent(new ModelWorkDone(Id, answer)).Command).Candidates[0];
        BitConverter.DoubleToInt64Bits(received.Nats).ShouldBe(BitConverter.DoubleToInt64Bits(number));
        BitConverter.DoubleToInt64Bits(received.Scores.Correctness).ShouldBe(BitConverter.DoubleToInt64Bits(number));
    }

    [Fact]
    public void An_effect_that_stays_is_not_sent() =>
        Should
            .Throw<ArgumentException>(() =>
                _serializer.Manifest(new ModelWork(Id, "kept-1", ScriptedRuns.Effects.First(e => e is SearchMemory)))
            )
            .Message.ShouldContain("The effect SearchMemory cannot be sent between nodes");

    [Fact]
    public void A_command_that_answers_no_effect_is_not_sent_as_an_answer() =>
        Should
            .Throw<ArgumentException>(() => _serializer.Manifest(new ModelWorkDone(Id, new TryAgain(1))))
            .Message.ShouldContain("The command TryAgain cannot be sent between nodes");

    private T Sent<T>(T message)
        where T : class => _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message)).ShouldBeOfType<T>();
}

/// <summary>All effects and commands of three scripted runs: one with an experience that is given unplanned, one with judges, and one whose trainings are jobs of a server that is gone for a while.</summary>
internal static class ScriptedRuns
{
    private static readonly ImmutableArray<Effect>.Builder s_effects = ImmutableArray.CreateBuilder<Effect>();
    private static readonly ImmutableArray<Command>.Builder s_commands = ImmutableArray.CreateBuilder<Command>();

    static ScriptedRuns()
    {
        var given = new Give(
            "kept-1",
            "a1",
            new Input.Told("Where were you?", "self", new Given("At home.", null), null),
            DateTime.UnixEpoch
        );
        Record(Plans.TwoVariants(), run => run.Post(given));
        Record(Plans.TrainedByJobs());
        Record(Plans.Judged());
        (Effects, Commands) = (s_effects.ToImmutable(), s_commands.ToImmutable());
    }

    public static ImmutableArray<Effect> Effects { get; }

    public static ImmutableArray<Command> Commands { get; }

    private static void Record(RunPlan plan, params ImmutableArray<Action<SimulatedRun>> visits) =>
        new SimulatedRun(plan)
        {
            Visits = visits,
            Jobs = new JobServer { IsGone = (_, e) => e is AwaitJob { Try: 1 } },
            Taken = (_, _, command) => s_commands.Add(command),
            Begun = s_effects.Add,
        }.RunToEnd();
}
