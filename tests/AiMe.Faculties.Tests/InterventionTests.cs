using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>Treatments that begin in mid-run in one variant and not in the other, however messages and crashes fall.</summary>
public sealed class InterventionTests
{
    private static readonly ImmutableArray<Rule> Lax = [new KeepAll()];
    private static readonly Stimulus News = new("event-1", "What if you were wrong?", "doubt");

    // Rounds of 3 in 9 cycles; cycles 4 and 8 are drives. Round 1 is promoted.
    internal static readonly RunPlan Plan = Plans.TwoVariants() with
    {
        Interventions =
        [
            new(5, ["kept"], new InterventionAction.SetPolicy(Lax)),
            new(5, ["kept", "frozen"], new InterventionAction.Say(News)),
            new(7, ["kept"], new InterventionAction.SwapModel()),
        ],
    };

    private static readonly SimulatedRun Untreated = Run(Plan with { Interventions = default }).RunToEnd();
    internal static readonly SimulatedRun Treated = Run(Plan).RunToEnd();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 6)]
    public void A_planned_cycle_is_later_in_an_instance_by_the_unplanned_inputs_before_it(int planned, int own)
    {
        var progress = InstanceProgress.Unborn(1, "treated") with { Unplanned = [2, 4, 5, 9] };
        progress.CycleOf(planned).ShouldBe(own);
        progress.PlannedUpTo(own).ShouldBe(planned);
    }

    [Fact]
    public void A_policy_holds_from_its_cycle_on_in_the_treated_variant_and_not_in_the_other()
    {
        var curator = Treated.EventsOf("kept-1", Loop.Curator);
        curator.TakeWhile(e => e is not CuratorChanged).OfType<Judged>().Select(j => j.Cycle).ShouldBe([1, 2, 3, 4]);
        curator.OfType<CuratorChanged>().Single().Policy.ShouldBe(Lax);
        curator.OfType<Judged>().Where(j => j.Cycle >= 5).ShouldAllBe(j => j.Judgement.Verdict == Verdict.Keep);
        Treated.EventsOf("frozen-1", Loop.Curator).OfType<CuratorChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_differs_from_the_untreated_run_before_the_treatment_begins()
    {
        static object[] Before(SimulatedRun run) =>
            [.. run.EventsOf("kept-1", Loop.Memory).TakeWhile(e => e is not Recalled { For: { Touches: true, Number: 5 } })];
        Before(Treated).Length.ShouldBeGreaterThan(4);
        Before(Treated).Select(e => e.GetType()).ShouldBe(Before(Untreated).Select(e => e.GetType()));
        Before(Treated).OfType<Stored>().Select(s => s.Output).ShouldBe(Before(Untreated).OfType<Stored>().Select(s => s.Output));
    }

    [Fact]
    public void What_is_said_takes_the_place_of_the_planned_stimulus_and_the_others_stay_in_their_cycles()
    {
        foreach (var instance in (string[])["kept-1", "kept-2", "frozen-1"])
        {
            var (now, before) = (InputsOf(Treated, instance), InputsOf(Untreated, instance));
            now[4].ShouldBe(News.Text);
            now.SetItem(4, before[4]).ShouldBe(before);
        }
    }

    [Fact]
    public void A_model_is_swapped_between_two_cycles_regardless_of_the_gate()
    {
        var appointed = Treated.EventsOf("kept-1", Loop.Trainer).OfType<Appointed>().Single();
        (appointed.Model, appointed.Planned).ShouldBe((Some.Base, true));
        var self = Treated.EventsOf("kept-1", Loop.Self);
        self.OfType<Prompted>().Single(p => p.Cycle == 6).Model.ShouldNotBe(Some.Base);
        self.OfType<Prompted>().Single(p => p.Cycle == 7).Model.ShouldBe(Some.Base);
    }

    [Fact]
    public void A_model_of_another_lineage_can_be_planned_and_people_cannot_ask_for_it()
    {
        var strange = new ModelId("of-another-variant");
        var run = Run(Plan with { Interventions = [new(7, ["kept"], new InterventionAction.SwapModel(Model: strange))] }).RunToEnd();
        run.EventsOf("kept-1", Loop.Self).OfType<Prompted>().Single(p => p.Cycle == 7).Model.ShouldBe(strange);
    }

    [Fact]
    public void Each_treatment_is_journalled_once_for_each_treated_instance()
    {
        var received = Treated.EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<InputReceived>().ToArray();
        received.Select(r => r.Arrival).Order().ShouldBe(["plan/kept-1/1", "plan/kept-1/2", "plan/kept-2/1", "plan/kept-2/2"]);
        received.ShouldAllBe(r => ScheduledChange.IsArrival(r.Arrival));
    }

    [Fact]
    public void A_crash_at_any_event_changes_nothing()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => Run(Plan), step: Trials.Step))
            WholeRunTests.Compare(Treated, run, how);
    }

    [Fact]
    public void Duplicates_in_any_order_and_crashes_change_nothing()
    {
        foreach (var seed in Trials.Seeds(30))
            WholeRunTests.Compare(Treated, Run(Plan, seed, SimulatedRun.Disorder with { Crash = 0.001 }).RunToEnd(), $"with seed {seed}");
    }

    [Fact]
    public void Input_of_people_before_it_does_not_move_a_treatment_to_another_planned_cycle()
    {
        foreach (var seed in Trials.Seeds(30))
        {
            var dice = new Dice(new Seed(seed));
            var (run, given) = (Run(Plan, seed, SimulatedRun.Disorder), 0);
            run.RunUntil(() => run.Supervisor.Plan is not null);
            while (run.Step())
            {
                if (given < 4 && dice.Chance(0.004))
                    run.Post(UnplannedInputTests.Give("kept-1", $"g{given++}", new Input.Said("Are you there?", "talk")));
            }

            var stored = run.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Where(s => s.Input != "Are you there?").ToArray();
            stored.Select(s => s.Input).ShouldBe(InputsOf(Treated, "kept-1"), $"with seed {seed}");
            var changed = stored[4].Cycle;
            run.EventsOf("kept-1", Loop.Self).OfType<PolicyChanged>().Single().Cycle.ShouldBeInRange(stored[3].Cycle, changed - 1);
            run.EventsOf("kept-1", Loop.Self).OfType<ModelChanged>().Count().ShouldBe(1);
        }
    }

    [Fact]
    public void A_policy_that_holds_experiences_begins_between_two_rounds_whatever_people_say_before()
    {
        var plan = Plan with { Interventions = [new(4, ["kept"], new InterventionAction.SetPolicy([new Matched("frozen", Lax)]))] };
        foreach (var given in Enumerable.Range(0, 4))
        {
            var run = Run(plan);
            run.RunUntil(() => run.Supervisor.Plan is not null);
            for (var i = 0; i < given; i++)
                run.Post(UnplannedInputTests.Give("kept-1", $"g{i}", new Input.Said("Are you there?", "talk")));
            run.RunToEnd();
            var self = run.EventsOf("kept-1", Loop.Self);
            self.OfType<PolicyChanged>().Single().Cycle.ShouldBe(given == 0 ? 3 : 6, $"{given} inputs");
            foreach (var drawn in run.EventsOf("kept-1", Loop.Memory).OfType<BatchDrawn>())
                drawn.Ids.Length.ShouldBe(
                    run.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Count(s => s.Round == drawn.Round && s.ShadowKeeps == true)
                );
        }
    }

    [Fact]
    public void A_fork_from_before_the_treatment_that_continues_the_plan_is_treated_and_one_from_after_it_keeps_it()
    {
        foreach (var cycle in Enumerable.Range(1, 6))
        {
            var run = new SimulatedRun(Plan)
            {
                Visits =
                [
                    r => r.Post(new StartRun(Plan, Revive: true)),
                    r =>
                        r.Fork(
                            "kept-1",
                            r.InstanceOf("kept-1").Last(e => e.Happened is Stored s && s.Cycle == cycle).Index,
                            "twig",
                            rests: false,
                            null
                        ),
                ],
            }.RunToEnd();
            var judged = run.EventsOf("twig", Loop.Curator).OfType<Judged>().ToArray();
            judged.Length.ShouldBe(9, $"from cycle {cycle}");
            judged.Where(j => j.Cycle >= 5).ShouldAllBe(j => j.Judgement.Verdict == Verdict.Keep, $"from cycle {cycle}");
            run.EventsOf("twig", Loop.Curator).OfType<CuratorChanged>().Count(c => c.Policy.SequenceEqual(Lax)).ShouldBe(1);
            run.EventsOf("twig", Loop.Self).OfType<Prompted>().Single(p => p.Cycle == 7).Model.ShouldBe(Some.Base, $"from cycle {cycle}");
            InputsOf(run, "twig").ShouldBe(InputsOf(Treated, "kept-1"));
        }
    }

    [Fact]
    public void A_repeated_request_gives_the_same_answer_without_new_events()
    {
        var began = new CuratorBegan("kept-1", [new KeepNone()], Some.Spec.Seed);
        var curator = new Situation(Loop.Faculties[3], [began]).When(new ApplyPolicy("beside-1", Lax));
        curator.Then(new CuratorChanged(Lax, Some.Spec.Seed, "beside-1")).Hands("self beside-1 policy applied").AndTheSameAgain();
        Event[] lived =
        [
            new SelfBegan(Some.Spec),
            new Adopted(0, Some.Base, RoundOutcome.Born),
            new Probed(0, Some.Base, "I like to learn.", Some.ProbeResults, Some.Heads),
        ];
        new Situation(Loop.Faculties[0], [.. lived])
            .When(new CallPolicy(0, "beside-1", Lax))
            .Then(new PolicyCalled(0, "beside-1", Lax))
            .Hands("curator beside-1 apply policy")
            .AndTheSameAgain();
        new Situation(Loop.Faculties[0], [.. lived, new PolicyCalled(0, "beside-1", Lax)])
            .When(new PolicyApplied("beside-1"))
            .Then(new PolicyChanged(0, "beside-1", Lax))
            .Hands("supervisor/supervisor c0 closed")
            .AndTheSameAgain();
    }

    internal static SimulatedRun Run(
        RunPlan plan,
        ulong seed = 0,
        SimulatedFaults? faults = null,
        Action<FacultyDefinition, object, Command>? taken = null
    ) => new(plan, seed, faults) { Taken = taken ?? ((_, _, _) => { }), Visits = [r => r.Post(new StartRun(plan, Revive: true))] };

    [Fact]
    public void An_old_request_does_not_undo_a_later_policy() =>
        new Situation(
            Loop.Faculties[3],
            [
                new CuratorBegan("kept-1", [new KeepNone()], Some.Spec.Seed),
                new CuratorChanged(Lax, Some.Spec.Seed, "beside-1"),
                new CuratorChanged([new RandomShare(0.5)], Some.Spec.Seed, "beside-2"),
            ]
        )
            .When(new ApplyPolicy("beside-1", Lax))
            .Then()
            .Hands();

    private static ImmutableArray<string> InputsOf(SimulatedRun run, string instance) =>
        [.. run.EventsOf(instance, Loop.Memory).OfType<Stored>().Select(s => s.Input)];
}
