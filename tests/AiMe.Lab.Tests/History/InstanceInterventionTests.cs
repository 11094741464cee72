using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.History;

/// <summary>Before cycle 2 wild is told something, before 5 it gets another policy, before 7 another model.</summary>
public sealed class InstanceInterventionTests
{
    private static readonly Stimulus Said = new("event-1", "Are you sure?", "talk");
    private static readonly ImmutableArray<Rule> Strict = [new KeepNone()];

    private static readonly RunPlan Plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame")) with
    {
        Interventions =
        [
            new(7, ["wild"], new InterventionAction.SwapModel()),
            new(2, ["wild"], new InterventionAction.Say(Said)),
            new(5, ["wild"], new InterventionAction.SetPolicy(Strict)),
        ],
    };

    [Fact]
    public void They_stand_in_the_order_of_their_cycles_and_have_not_happened_without_an_event() =>
        Of([])
            .Select(i => (i.Cycle, i.State))
            .ShouldBe([(2, InterventionState.Pending), (5, InterventionState.Pending), (7, InterventionState.Pending)]);

    [Fact]
    public void A_stimulus_has_happened_in_the_cycle_that_heard_it_and_a_change_after_the_cycle_before_it()
    {
        var all = Of([
            (3, new Heard(1, default, new Stimulus("s1", "Are you sure?", "talk"))),
            (9, new Heard(2, default, Said)),
            (20, new PolicyCalled(4, "beside-1", Strict)),
            (22, new PolicyChanged(4, "beside-1", Strict)),
            (40, new ModelCalled(6, "beside-2", Plan.Base, "the plan", "", Planned: true)),
        ]);
        all.Select(i => i.Happened).ShouldBe([new(2, 9), new(4, 22), null]);
        all[2].State.ShouldBe(InterventionState.Pending, "it is requested and not completed");
        InterventionWords.StateOf(all[0]).ShouldBe("happened in cycle 2, event 9");
        InterventionWords.StateOf(all[1]).ShouldBe("happened after cycle 4, event 22");
        InterventionWords.StateOf(all[2]).ShouldBe("not yet");
    }

    [Fact]
    public void A_model_that_a_person_appoints_is_no_intervention_of_the_plan() =>
        Of([
            (20, new PolicyCalled(4, "beside-1", Strict)),
            (22, new PolicyChanged(4, "beside-1", Strict)),
            (30, new ModelCalled(5, "beside-2", Plan.Base, "Eve", "better")),
            (31, new ModelChanged(5, "beside-2", Plan.Base)),
        ])[2]
            .Happened.ShouldBeNull();

    [Fact]
    public void A_fork_that_runs_on_input_alone_does_not_get_those_that_it_has_not_had()
    {
        var all = Of([(9, new Heard(2, default, Said))], p => p with { Rests = true });
        all.Select(i => i.State).ShouldBe([InterventionState.Happened, InterventionState.Omitted, InterventionState.Omitted]);
        InterventionWords.StateOf(all[1]).ShouldStartWith("did not happen");
    }

    [Fact]
    public void An_instance_that_ended_without_one_does_not_get_it_and_a_parked_one_may() =>
        (
            Of([], p => p with { Status = InstanceState.Finished })[0].State,
            Of([], p => p with { Status = InstanceState.Parked })[0].State
        ).ShouldBe((InterventionState.Omitted, InterventionState.Pending));

    [Fact]
    public void An_untreated_instance_has_none() => InstanceIntervention.All(Run(p => p), "tame-1", []).ShouldBeEmpty();

    private static ImmutableArray<InstanceIntervention> Of(
        ImmutableArray<(long, Event)> record,
        Func<InstanceProgress, InstanceProgress>? change = null
    ) => InstanceIntervention.All(Run(change ?? (p => p)), "wild-1", record);

    private static SupervisorState Run(Func<InstanceProgress, InstanceProgress> change)
    {
        var run = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Plan));
        return run with { Instances = run.Instances.SetItem("wild-1", change(run.Instances["wild-1"])) };
    }
}
