using AiMe.Console.Output;
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

    private sealed class Noted : RunDisplay
    {
        public int Last { get; private set; }

        public override void Report(TrainingProgress value) { }

        protected override void Begun(RunPlan plan, string says) { }

        protected override void Completed(RunPlan plan, IReadOnlyDictionary<string, int> byGroup) => Last = byGroup["wild"];

        protected override void Say(string line) { }
    }
}
