using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>A fixed length of a training is in settings, plan and figures. Without one, no byte differs from before.</summary>
public sealed class BudgetTests
{
    private static readonly TrainingPlan ByEpochs = new(1, ["b1"], Some.Base, 3, 0.01, default);

    private static readonly TrainingFigures Figures = new(10, 640, 8, 3, 2);

    [Theory]
    [InlineData(BudgetUnit.Steps, "steps")]
    [InlineData(BudgetUnit.Examples, "examples")]
    [InlineData(BudgetUnit.Tokens, "tokens")]
    public void A_budget_is_written_in_settings_and_plan_and_read_back(BudgetUnit unit, string word)
    {
        TrainingBudget budget = new(unit, 60);
        var json = $$"""budget":{"unit":"{{word}}","amount":60}""";
        var planned = new Planned(ByEpochs with { Epochs = 0, Budget = budget });
        Text(planned)
            .ShouldBe(
                "{\"plan\":{\"round\":1,\"parts\":[\"b1\"],\"start\":\"base\",\"epochs\":0,\"learningRate\":0.01,"
                    + "\"seed\":\"0000000000000000\",\""
                    + json
                    + "}}"
            );
        ((Planned)Again(planned)).Plan.Budget.ShouldBe(budget);
        var changed = new TrainerChanged(Some.Trainer with { Epochs = 0, Budget = budget }, new Seed(3));
        Text(changed).ShouldContain(json);
        Again(changed).ShouldBe(changed);
    }

    [Fact]
    public void Passes_are_written_behind_everything_and_read_back()
    {
        var trained = new Trained(1, new ModelId("m"), Figures with { Passes = 35 });
        Text(trained).ShouldEndWith("\"lastLoss\":2,\"passes\":35}}");
        Again(trained).ShouldBe(trained);
    }

    [Fact]
    public void A_training_in_epochs_writes_nothing_of_it()
    {
        Text(new Planned(ByEpochs)).ShouldNotContain("budget");
        Text(new TrainerChanged(Some.Trainer, new Seed(3))).ShouldNotContain("budget");
        Text(new Trained(1, new ModelId("m"), Figures)).ShouldNotContain("passes");
    }

    [Fact]
    public void Passes_are_known_for_every_training_in_this_process()
    {
        Figures.PassesUnder(ByEpochs).ShouldBe(30);
        (Figures with { Passes = 35 }).PassesUnder(Planned(BudgetUnit.Steps)).ShouldBe(35);
        (Figures with { Passes = 60 }).PassesUnder(Planned(BudgetUnit.Examples)).ShouldBe(60);
    }

    [Fact]
    public void What_an_external_trainer_does_not_tell_is_unknown()
    {
        Figures.PassesUnder(Planned(BudgetUnit.Examples)).ShouldBe(60);
        Figures.PassesUnder(Planned(BudgetUnit.Steps)).ShouldBeNull();
        Figures.PassesUnder(Planned(BudgetUnit.Tokens)).ShouldBeNull();
    }

    [Fact]
    public void The_plan_holds_the_budget_of_the_settings()
    {
        var plan = Plans.TwoVariants(replicates: 1);
        TrainingBudget budget = new(BudgetUnit.Steps, 7);
        var run = new SimulatedRun(
            plan with
            {
                Variants = [plan.Variants[0] with { Trainer = Some.Trainer with { Epochs = 0, Budget = budget } }],
            }
        ).RunToEnd();
        var planned = run.EventsOf("kept-1", Loop.Trainer).OfType<Planned>().ToArray();
        planned.ShouldNotBeEmpty();
        planned.ShouldAllBe(p => p.Plan.Budget == budget && p.Plan.Epochs == 0);
    }

    [Fact]
    public void The_key_of_a_job_depends_on_the_budget() =>
        JobKey.Of("run", "a", Planned(BudgetUnit.Steps)).ShouldNotBe(JobKey.Of("run", "a", Planned(BudgetUnit.Examples)));

    private static TrainingPlan Planned(BudgetUnit unit) => ByEpochs with { Epochs = 0, Budget = new(unit, 60) };

    private static string Text(Event happened) => Encoding.UTF8.GetString(FacultyEvents.Codec.Write(happened));

    private static Event Again(Event happened) =>
        FacultyEvents.Codec.Read(FacultyEvents.Codec.ManifestOf(happened), FacultyEvents.Codec.Write(happened));
}
