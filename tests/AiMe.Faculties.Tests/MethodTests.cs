using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>What is trained, and on what, is journalled where it is not all weights on kept answers; where it is, no byte is another than before.</summary>
public sealed class MethodTests
{
    private static readonly TrainerSettings Preferring = Some.Trainer with { Anchor = 0, Method = new TrainingMethod.Dpo(4, 8, 0.1) };

    private static readonly SimulatedRun Calm = Lived(Preferring);

    [Fact]
    public void An_instance_that_trains_all_weights_writes_nothing_of_it()
    {
        foreach (var line in Lived(Some.Trainer).Journal)
        {
            line.ShouldNotContain("\"method\"");
            line.ShouldNotContain("\"others\"");
            line.ShouldNotContain("\"ofPairs\"");
        }
    }

    [Theory]
    [InlineData("lora", "\"method\":{\"by\":\"lora\",\"rank\":8,\"alpha\":16}")]
    [InlineData("dpo", "\"method\":{\"by\":\"dpo\",\"rank\":4,\"alpha\":8,\"beta\":0.1}")]
    public void A_method_is_written_in_settings_and_plan_and_read_back(string by, string json)
    {
        TrainingMethod method = by == "lora" ? new TrainingMethod.Lora(8, 16) : new TrainingMethod.Dpo(4, 8, 0.1);
        var plan = new Planned(new TrainingPlan(1, ["b1"], Some.Base, 2, 0.01, default, method));
        Text(plan)
            .ShouldBe(
                "{\"plan\":{\"round\":1,\"parts\":[\"b1\"],\"start\":\"base\",\"epochs\":2,\"learningRate\":0.01,\"seed\":\"0000000000000000\","
                    + json
                    + "}}"
            );
        ((Planned)Again(plan)).Plan.Method.ShouldBe(method);
        var began = new TrainerChanged(Some.Trainer with { Method = method }, new Seed(3));
        Text(began).ShouldContain(json);
        Again(began).ShouldBe(began);
    }

    [Fact]
    public void What_else_was_sampled_is_written_behind_everything_and_read_back()
    {
        var stored = Events<Stored>(Calm, "kept-1", Loop.Memory)[0];
        Text(stored).ShouldEndWith(",\"others\":[\"I doubt " + stored.Output["I think ".Length..] + "\"]}");
        ((Stored)Again(stored)).Others.ShouldBe(stored.Others);
    }

    [Fact]
    public void The_plan_holds_the_method_of_the_settings() =>
        Events<Planned>(Calm, "kept-1", Loop.Trainer).ShouldAllBe(p => p.Plan.Method == Preferring.Method);

    [Fact]
    public void A_kept_answer_comes_to_the_Trainer_with_the_others_each_said_once()
    {
        var begun = new List<Effect>();
        Lived(Preferring, begun.Add);
        begun.OfType<WriteBatch>().ShouldNotBeEmpty();
        foreach (var kept in begun.OfType<WriteBatch>().SelectMany(b => b.Kept))
            kept.Others.ShouldBe([kept.Completion.Replace("I think", "I doubt", StringComparison.Ordinal)], kept.Id.ToString());
    }

    [Fact]
    public void A_round_without_another_answer_is_skipped_with_a_reason()
    {
        Event born = new TrainerBegan(Preferring, Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2));
        Given(born)
            .When(new Seal(1, [Some.Example(1), Some.Example(2)]))
            .Then(new Skipped(1, "no answer that was kept in this round had another beside it to be preferred to"))
            .Hands("self g1 adopt")
            .AndTheSameAgain();
        Given(born).When(new Seal(1, [Some.Example(1), Some.Example(2) with { Others = ["No."] }])).Then().Hands("r1 seal");
    }

    [Fact]
    public void A_crash_at_any_event_gives_the_same_events()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => new SimulatedRun(Plan(Preferring))))
            WholeRunTests.Compare(Calm, run, how);
    }

    [Fact]
    public void A_fork_that_learns_preferences_has_them_from_there_on()
    {
        var run = Lived(Some.Trainer);
        var parent = run.State<SelfState>(new FacultyAddress("kept-1", Loop.Self)).Spec!;
        var at = run.IndexOf("kept-1", e => e is Stored { Cycle: 2 });
        run.Fork("kept-1", at, "branch", rests: false, parent.Settings with { Trainer = Preferring });
        run.RunToEnd();
        var stored = Events<Stored>(run, "branch", Loop.Memory);
        stored.Where(s => s.Cycle <= 2).ShouldAllBe(s => s.Others.IsDefault);
        stored.Where(s => s.Cycle > 2).ShouldAllBe(s => s.Others.Length == 1);
        stored.Count(s => s.Cycle > 2).ShouldBeGreaterThan(0);
    }

    private static RunPlan Plan(TrainerSettings trainer)
    {
        var plan = Plans.TwoVariants(replicates: 1);
        return plan with { Variants = [plan.Variants[0] with { Trainer = trainer, Self = Some.Self with { Candidates = 3 } }] };
    }

    private static SimulatedRun Lived(TrainerSettings trainer, Action<Effect>? begun = null) =>
        new SimulatedRun(Plan(trainer)) { Begun = begun ?? (_ => { }) }.RunToEnd();

    private static T[] Events<T>(SimulatedRun run, string instance, string faculty) => [.. run.EventsOf(instance, faculty).OfType<T>()];

    private static string Text(Event happened) => Encoding.UTF8.GetString(FacultyEvents.Codec.Write(happened));

    private static Event Again(Event happened) =>
        FacultyEvents.Codec.Read(FacultyEvents.Codec.ManifestOf(happened), FacultyEvents.Codec.Write(happened));

    private static Situation Given(params Event[] past) => new(Loop.Faculties[4], [.. past]);
}
