using AiMe.Console.Output;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Nano.Training;

namespace AiMe.Console.Tests.Output;

public sealed class RunDisplayTests
{
    [Fact]
    public void Unplanned_input_takes_its_progress_no_further_than_its_end()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        var run = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(plan));
        var display = new Noted();

        display.Begin(
            plan,
            null,
            run.Instances.ToDictionary(l => l.Key, l => l.Value with { Cycle = plan.Cycles + 7 }, StringComparer.Ordinal)
        );

        display.Last.ShouldBe(2 * plan.Cycles);
    }

    [Theory]
    [InlineData(false, "50% of the experiences: wild ")]
    [InlineData(true, "this node: ")]
    public void A_node_shows_its_own_experiences_as_a_number_and_not_as_a_share_of_the_run(bool isNode, string shown)
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        var run = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(plan));
        using var lines = new StringWriter();

        new RunDisplay.RunLines(lines) { IsOneOfSeveral = isNode }.Begin(
            plan,
            null,
            run.Instances.ToDictionary(
                l => l.Key,
                l => l.Key == "wild-1" ? l.Value with { Cycle = plan.Cycles } : l.Value,
                StringComparer.Ordinal
            )
        );

        var last = lines.ToString().TrimEnd().Split(Environment.NewLine)[^1];
        last.ShouldStartWith(shown);
        last.Contains('%', StringComparison.Ordinal).ShouldBe(!isNode);
        last.ShouldEndWith($"wild {plan.Cycles}");
    }

    [Fact]
    public void Births_are_counted_from_the_start_until_every_instance_has_answered_its_first_probes()
    {
        var plan = Lives.Plan(3, Lives.Variant("wild"));
        var display = new Noted();

        display.Begin(plan, null, Known(plan, "wild-1"));
        display.Happened("wild-2", "self", Answered(0));
        display.Happened("wild-2", "self", Answered(1));
        display.Happened("supervisor", "supervisor", new InstanceAdvanced("wild-3", 0, 0, Heads.None));

        display.Births.ShouldBe([(1, 3), (2, 3), (3, 3)]);
    }

    [Fact]
    public void Of_a_resumed_run_whose_instances_are_all_born_no_birth_is_shown()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        var display = new Noted();

        display.Begin(plan, null, Known(plan, "wild-1", "wild-2"));

        display.Births.ShouldBeEmpty();
    }

    private static Probed Answered(int generation) =>
        new(generation, new ModelId("base"), "I am new.", new ProbeResults([], [], [], double.NaN), Heads.None);

    private static Dictionary<string, InstanceProgress> Known(RunPlan plan, params string[] born) =>
        SupervisorDecider
            .Evolve(SupervisorDecider.Initial, new RunPlanned(plan))
            .Instances.ToDictionary(l => l.Key, l => l.Value with { Generation = born.Contains(l.Key) ? 0 : -1 }, StringComparer.Ordinal);

    private sealed class Noted : RunDisplay
    {
        public int Last { get; private set; }

        public List<(int Born, int All)> Births { get; } = [];

        public override void Report(TrainingProgress value) { }

        protected override void Begun(RunPlan plan, string says) { }

        protected override void Born(int born, int all) => Births.Add((born, all));

        protected override void Completed(RunPlan plan, IReadOnlyDictionary<string, int> byGroup) => Last = byGroup["wild"];

        protected override void Say(string line) { }
    }
}
