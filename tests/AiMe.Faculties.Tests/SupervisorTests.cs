using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

public sealed class SupervisorTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 1, stimuli: 4, internalEvery: 0, every: 2);
    private static readonly RunPlanned Planned = new(Plan);
    private static readonly Event[] Born = [Planned, Advanced("frozen-1", 0, 0), Advanced("kept-1", 0, 0)];

    [Fact]
    public void A_parameter_that_the_server_refuses_is_left_out_once_however_many_calls_meet_it()
    {
        ParameterLeftOut seed = new("seed", "", "unknown parameter");
        var left = Given(Planned).When(new LeaveOutParameter("seed", "", "unknown parameter")).Then(seed).Hands().AndTheSameAgain();
        left.Afterwards.When(new LeaveOutParameter("seed", "", "in other words")).Then();
        left.Afterwards.When(new LeaveOutParameter("max_tokens", "max_completion_tokens", "")).ThenOf(typeof(ParameterLeftOut));
        ((SupervisorState)left.Afterwards.State).LeftOut.ShouldBe([seed]);
    }

    [Fact]
    public void What_a_server_says_of_itself_is_recorded_once_and_not_without_end()
    {
        ServerIdentified first = new("m", "m-2026", "fp_0", "");
        var told = Given(Planned).When(new IdentifyServer("m", "m-2026", "fp_0", "")).Then(first).Hands().AndTheSameAgain();
        told.Afterwards.When(new IdentifyServer("m", "m-2026", "fp_1", "")).ThenOf(typeof(ServerIdentified));
        Event[] many = [.. Enumerable.Range(0, SupervisorState.MostServers).Select(i => first with { Fingerprint = $"fp_{i}" })];
        Given([Planned, .. many]).When(new IdentifyServer("m", "m-2026", "fp_last", "")).Then();
        Given([Planned, .. many]).When(new IdentifyServer("other", "", "fp_last", "")).ThenOf(typeof(ServerIdentified));
    }

    [Fact]
    public void Unanswered_searches_are_counted_by_session_and_kind()
    {
        IndexFailed one = new("w1", "qdrant", IndexFailed.Unanswered, "no connection", 1),
            four = one with { Searches = 4 },
            other = one with { Holder = "w2" };
        static NoteIndexFailures Note(IndexFailed f) => new(f.Holder, f.Store, f.Kind, f.Words, f.Searches);
        Given(Planned).When(Note(one)).Then(one).Hands().AndTheSameAgain();
        Given(Planned, four).When(Note(one)).Then();
        Given(Planned, one).When(Note(four)).Then(four).Hands();
        Given(Planned, four).When(Note(other)).Then(other).Hands();
        new SupervisorEvent[] { Planned, one, four, other }
            .Aggregate(SupervisorDecider.Initial, SupervisorDecider.Evolve)
            .IndexFailures.ShouldBe([four, other]);
    }

    [Fact]
    public void Starting_a_run_begins_every_instance_and_again() =>
        Given().When(new StartRun(Plan)).Then(Planned).Hands("frozen-1/self begin frozen-1", "kept-1/self begin kept-1").AndTheSameAgain();

    [Fact]
    public void Another_run_is_refused() =>
        Given(Planned).When(new StartRun(Plan with { Run = "other" })).RefusedBecause("holds the run test, not other");

    [Fact]
    public void Nothing_happens_before_the_start() => Given().When(Closed("kept-1", 0, 0)).RefusedBecause("StartRun comes first");

    [Fact]
    public void An_unknown_instance_is_refused() => Given(Planned).When(Closed("ghost-1", 0, 0)).RefusedBecause("no instance 'ghost-1'");

    [Fact]
    public void A_birth_is_a_checkpoint_and_brings_the_first_stimulus() =>
        Given(Planned).When(Closed("kept-1", 0, 0)).Then(Advanced("kept-1", 0, 0)).Hands("kept-1/self live kept-1 c1").AndTheSameAgain();

    [Fact]
    public void Within_a_round_a_closed_cycle_leaves_no_trace_and_brings_the_next() =>
        Given(Born).When(Closed("kept-1", 1, null)).Then().Hands("kept-1/self live kept-1 c2").AndTheSameAgain();

    [Fact]
    public void A_rounds_end_is_a_checkpoint_with_the_heads() =>
        Given(Born).When(Closed("kept-1", 2, 1)).Then(Advanced("kept-1", 2, 1)).Hands("kept-1/self live kept-1 c3").AndTheSameAgain();

    [Fact]
    public void A_resumed_run_goes_on_from_the_last_checkpoints() =>
        Given([.. Born, Advanced("kept-1", 2, 1)])
            .When(new StartRun(Plan))
            .Then()
            .Hands("frozen-1/self live frozen-1 c1", "kept-1/self live kept-1 c3");

    [Fact]
    public void The_last_cycle_finishes_the_instance_while_others_live() =>
        Given([.. Born, Advanced("kept-1", 2, 1)])
            .When(Closed("kept-1", 4, 2))
            .Then(Advanced("kept-1", 4, 2), new InstanceFinished("kept-1", 4, Some.Heads))
            .Hands()
            .AndAgain();

    [Fact]
    public void The_run_ends_with_its_last_living_instance_and_its_digest_is_of_the_finished_heads()
    {
        Event[] past = [.. Born, new InstanceParked("frozen-1", "why"), Advanced("kept-1", 2, 1)];
        var ended = Given(past)
            .When(Closed("kept-1", 4, 2))
            .ThenOf(typeof(InstanceAdvanced), typeof(InstanceFinished), typeof(RunEnded))
            .Hands()
            .AndAgain();
        var last = ((SupervisorState)ended.Afterwards.State);
        last.Digest.ShouldBe(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Convert.FromHexString(Some.Heads.Digest())))
        );
        ended.Afterwards.When(new StartRun(Plan)).Then().Hands();
    }

    [Fact]
    public void A_parked_instance_lets_the_others_go_on()
    {
        var parked = Given(Born)
            .When(new ParkInstance("frozen-1", "it kept failing"))
            .Then(new InstanceParked("frozen-1", "it kept failing"))
            .Hands()
            .AndAgain();
        parked.Afterwards.When(Closed("kept-1", 1, null)).Hands("kept-1/self live kept-1 c2");
        parked.Afterwards.When(Closed("frozen-1", 1, null)).Then().Hands();
        parked.Afterwards.When(new StartRun(Plan)).Then().Hands("kept-1/self live kept-1 c1");
    }

    [Fact]
    public void Of_those_that_are_parked_only_the_ones_that_are_named_try_again()
    {
        Event[] past = [.. Born, new InstanceParked("kept-1", "why"), new InstanceParked("frozen-1", "why")];
        Given(past)
            .When(new StartRun(Plan, Revive: true, Only: ["kept-1"]))
            .Then(new InstanceRevived("kept-1"))
            .Hands("kept-1/self try again kept-1")
            .AndTheSameAgain();
        Given(past).When(new StartRun(Plan, Revive: true)).ThenOf(typeof(InstanceRevived), typeof(InstanceRevived));
    }

    [Fact]
    public void When_the_last_is_parked_the_run_ends() =>
        Given([.. Born, new InstanceParked("kept-1", "why")])
            .When(new ParkInstance("frozen-1", "why"))
            .ThenOf(typeof(InstanceParked), typeof(RunEnded))
            .AndAgain();

    [Fact]
    public void An_unknown_or_finished_instance_is_not_parked()
    {
        Given(Born).When(new ParkInstance("ghost-1", "why")).Then().Hands();
        Given([.. Born, new InstanceFinished("kept-1", 4, Some.Heads)]).When(new ParkInstance("kept-1", "late")).Then().Hands();
    }

    [Fact]
    public void The_digest_does_not_depend_on_the_order_of_finishing()
    {
        var one = InstanceProgress.Unborn(1, "a") with { Cycle = 4, Generation = 2, Status = InstanceState.Finished, Heads = Some.Heads };
        var two = one with { Heads = new Heads([.. Some.Heads.Links.Reverse()]) };
        SupervisorState.DigestOf([new("a-1", one), new("b-1", two)]).ShouldBe(SupervisorState.DigestOf([new("b-1", two), new("a-1", one)]));
        SupervisorState
            .DigestOf([new("a-1", one), new("b-1", two with { Status = InstanceState.Parked })])
            .ShouldBe(SupervisorState.DigestOf([new("a-1", one)]));
    }

    [Fact]
    public void Variants_of_a_replicate_hear_the_same_stimulus_at_the_same_logical_time()
    {
        var (kept, frozen) = (
            Given(Born).When(Closed("kept-1", 1, null)).Told<Live>(),
            Given(Born).When(Closed("frozen-1", 1, null)).Told<Live>()
        );
        kept.ShouldBe(frozen);
        kept.At.ShouldBe(Some.At(2));
    }

    private static CycleClosed Closed(string instance, int cycle, int? generation) =>
        new(instance, cycle, $"s{cycle}", generation, Some.Heads);

    private static InstanceAdvanced Advanced(string instance, int cycle, int generation) => new(instance, cycle, generation, Some.Heads);

    private static Situation Given(params Event[] past) => new(Loop.Supervision, [.. past]);
}
