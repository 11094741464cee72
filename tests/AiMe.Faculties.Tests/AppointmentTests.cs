using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>A champion made by hand: the wish goes to the Self, which asks the Trainer between two cycles and speaks with whichever model it answers.</summary>
public sealed class AppointmentTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants();
    private static readonly ModelId M1 = new("m1");
    private static readonly CallModel Call = new(1, "beside-1", M1, "Ada", "the gate was too strict");
    private static readonly Appoint Wish = new("beside-1", M1, "Ada", "the gate was too strict");
    private static readonly Event[] Lived =
    [
        new SelfBegan(Some.Spec),
        new Adopted(0, Some.Base, RoundOutcome.Born),
        new Probed(0, Some.Base, "I like to learn.", Some.ProbeResults, Some.Heads),
        .. Cycle(),
    ];

    [Fact]
    public void A_call_between_two_cycles_is_handed_to_the_Trainer() =>
        Self(Lived)
            .When(Call)
            .Then(new ModelCalled(1, "beside-1", M1, "Ada", "the gate was too strict"))
            .Hands("trainer beside-1 appoint")
            .AndTheSameAgain();

    [Fact]
    public void A_call_of_another_cycle_is_passed_over() => Self(Lived).When(Call with { Cycle = 9 }).Then().Hands();

    [Fact]
    public void A_call_while_it_speaks_waits_for_the_next_boundary() => Self(Lived[..^1]).When(Call).Then().Hands();

    [Fact]
    public void The_Trainers_answer_is_who_speaks_and_the_turn_goes_back_in_the_same_generation()
    {
        var outcome = Self([.. Lived, Called()]).When(new Adopt(0, M1, RoundOutcome.Born, "beside-1"));
        outcome.Then(new ModelChanged(1, "beside-1", M1)).Hands("supervisor/supervisor c1 closed").AndTheSameAgain();
        outcome.Told<CycleClosed>().ShouldBe(new CycleClosed(FacultyAddress.Here, 1, "beside-1", 0, Heads.None));
        ((SelfState)outcome.Afterwards.State).ShouldSatisfyAllConditions(
            s => s.Model.ShouldBe(M1),
            s => s.Generation.ShouldBe(0),
            s => s.AnswersInRound.ShouldBe(1)
        );
    }

    [Fact]
    public void The_answer_to_another_wish_is_passed_over() =>
        Self([.. Lived, Called()]).When(new Adopt(0, M1, RoundOutcome.Born, "beside-7")).Then().Hands();

    [Fact]
    public void What_the_Trainer_says_of_the_last_round_again_does_not_answer_the_call() =>
        Self([.. Lived, Called()]).When(new Adopt(0, Some.Base, RoundOutcome.Born)).Then().Hands("trainer beside-1 appoint");

    [Fact]
    public void An_old_message_does_not_begin_a_cycle_while_the_model_changes() =>
        Self([.. Lived, Called()]).When(new Live(2, Some.At(2), Some.Stimulus(2))).Then().Hands();

    [Fact]
    public void A_checkpoint_that_the_gate_turned_away_can_be_appointed()
    {
        var outcome = Trainer(Judged).When(Wish);
        outcome
            .Then(new Appointed("beside-1", M1, Some.Base, "Ada", "the gate was too strict"))
            .Hands("self beside-1 adopt")
            .AndTheSameAgain();
        outcome.Told<Adopt>().ShouldBe(new Adopt(1, M1, RoundOutcome.RolledBack, "beside-1"));
    }

    [Fact]
    public void The_base_can_be_appointed() =>
        Trainer([.. Judged, new Appointed("beside-1", M1, Some.Base, "Ada", "why")])
            .When(new Appoint("beside-2", Some.Base, "Ada", "back"))
            .ThenOf(typeof(Appointed))
            .AndTheSameAgain();

    [Fact]
    public void A_checkpoint_of_another_instance_is_not_and_the_answer_is_the_champion_that_stays()
    {
        var outcome = Trainer(Judged).When(Wish with { Model = new ModelId("anothers") });
        outcome.Then().AndTheSameAgain();
        outcome.Told<Adopt>().Model.ShouldBe(Some.Base);
    }

    [Fact]
    public void Whoever_speaks_already_is_not_appointed_again() =>
        Trainer(Judged).When(Wish with { Model = Some.Base }).Then().Hands("self beside-1 adopt").AndTheSameAgain();

    [Fact]
    public void An_old_wish_that_comes_again_behind_a_later_one_changes_nothing() =>
        Trainer([.. Judged, new Appointed("beside-1", M1, Some.Base, "Ada", "why"), new Appointed("beside-2", Some.Base, M1, "Ada", "why")])
            .When(Wish)
            .Then()
            .Told<Adopt>()
            .Model.ShouldBe(Some.Base);

    [Fact]
    public void Nobody_is_appointed_while_a_round_ends() => Trainer([.. Judged[..^1]]).When(Wish).Then().Hands();

    [Fact]
    public void The_next_training_starts_from_the_appointed()
    {
        Event[] past = [.. Judged, new Appointed("beside-1", M1, Some.Base, "Ada", "why")];
        var planned = Trainer(past).When(new BatchWritten(2, [MemoryId.OfCycle(2)], "b2", null, 0)).Events.OfType<Planned>().Single();
        planned.Plan.Start.ShouldBe(M1);
    }

    // Before the first appointment it is the run of WholeRunTests.
    [Fact]
    public void A_crash_at_any_event_on_the_way_changes_nothing()
    {
        var calm = Appointed().RunToEnd();
        calm.State<SelfState>(new FacultyAddress("kept-1", Loop.Self)).Model.ShouldBe(new ModelId("kept-1-m2"));
        foreach (
            var (run, how) in SimulatedRun.CrashedAtEach(
                r => r.Events,
                () => Appointed(),
                first: WholeRunTests.Calm.Events,
                step: Trials.Step
            )
        )
            WholeRunTests.Compare(calm, run, how);
    }

    [Fact]
    public void Any_disorder_on_the_way_changes_nothing()
    {
        var calm = Appointed().RunToEnd();
        for (var seed = 1UL; seed <= 30; seed++)
            WholeRunTests.Compare(calm, Appointed(seed, SimulatedRun.Disorder).RunToEnd(), $"with seed {seed}");
    }

    [Fact]
    public void The_digest_of_the_run_stays()
    {
        var before = new SimulatedRun(Plan) { Visits = [r => r.Post(new StartRun(Plan, Revive: true))] }.RunToEnd();
        Appointed().RunToEnd().Supervisor.Digest.ShouldNotBeNull().ShouldBe(before.Supervisor.Digest);
    }

    // Round 2 of the script is rolled back: its candidate is appointed, then the base, then it again.
    private static SimulatedRun Appointed(ulong seed = 0, SimulatedFaults? faults = null) =>
        new(Plan, seed, faults)
        {
            Visits =
            [
                r => r.Post(new StartRun(Plan, Revive: true)),
                r => r.Post(Give("a1", new ModelId("kept-1-m2"))),
                r => r.Post(Give("a2", Some.Base)),
                r => r.Post(new Give("kept-1", "a3", new Input.Said("Who speaks?", "talk"), Some.Epoch)),
                r => r.Post(Give("a4", new ModelId("another-life's"))),
                r => r.Post(Give("a5", new ModelId("kept-1-m2"))),
            ],
        };

    private static Give Give(string arrival, ModelId model) =>
        new("kept-1", arrival, new Input.Appointment(model, "Ada", "to see"), Some.Epoch);

    private static ModelCalled Called() => new(1, "beside-1", M1, "Ada", "the gate was too strict");

    private static Event[] Cycle() =>
        [new Heard(1, Some.At(1), Some.Stimulus(1)), new Prompted(1, Some.Base, Some.Prompt(1)), new Answered(1, [Some.Answer], 0)];

    private static Event[] Judged { get; } =
    [
        new TrainerBegan(Some.Trainer, Some.Base, Some.Charter, Some.Probes, Some.Spec.Seed, Some.Spec.BlockSeed),
        new Sealed(1, [], "b1", "a1", 1),
        new Planned(new TrainingPlan(1, [], Some.Base, 1, 0.1, default)),
        new Trained(1, M1, Some.Figures),
        new RolledBack(1, M1, Some.Fine, ["it drifted"]),
    ];

    private static Situation Self(params Event[] past) => new(Loop.Faculties[0], [.. past]);

    private static Situation Trainer(params Event[] past) => new(Loop.Faculties[4], [.. past]);
}
