using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class TrainingDoseTests
{
    [Fact]
    public void The_base_model_has_none() => Of(Probed(0, "base"))[0].ShouldBe(TrainingDose.None);

    [Fact]
    public void A_model_that_goes_on_adds_up_its_trainings() =>
        Of([.. Trained(1, "base", "a", 10), Probed(1, "a"), .. Trained(2, "a", "b", 20), Probed(2, "b")])[2]
            .ShouldBe(new TrainingDose(30, 60, 300));

    [Fact]
    public void What_was_rolled_back_does_not_count() =>
        Of([.. Trained(1, "base", "a", 10), Probed(1, "a"), .. Trained(2, "a", "b", 20), Probed(2, "a")])[2]
            .ShouldBe(new TrainingDose(10, 20, 100));

    [Fact]
    public void A_start_from_the_base_model_restarts_the_count() =>
        Of([.. Trained(1, "base", "a", 10), .. Trained(2, "base", "b", 20), Probed(2, "b")])[2].ShouldBe(new TrainingDose(20, 40, 200));

    [Fact]
    public void Tokens_that_no_trainer_told_are_undefined_from_then_on()
    {
        var dose = Of([.. Trained(1, "base", "a", 10, TrainingFigures.NotTold), .. Trained(2, "a", "b", 20), Probed(2, "b")])[2];

        (dose.Examples, dose.Passes).ShouldBe((30, 60));
        dose.Tokens.ShouldBe(double.NaN);
    }

    [Fact]
    public void A_budget_counts_its_own_passes()
    {
        var plan = new TrainingPlan(1, [], new ModelId("base"), Epochs: 0, 0.001, new Seed(1), Budget: new(BudgetUnit.Steps, 5));
        var dose = Of([
            new Planned(plan),
            new Trained(1, new ModelId("a"), new TrainingFigures(10, 100, 5, 1, 1, Passes: 40)),
            Probed(1, "a"),
        ])[1];

        dose.ShouldBe(new TrainingDose(10, 40, 100));
    }

    [Fact]
    public void A_model_of_unknown_descent_has_an_unknown_dose() => Of(Probed(1, "other"))[1].Examples.ShouldBe(double.NaN);

    private static Dictionary<int, TrainingDose> Of(params Event[] events) =>
        TrainingDose.ByGeneration(Lives.Plan(1, Lives.Variant("wild")).Base, events);

    private static Event[] Trained(int round, string start, string candidate, int examples, long? tokens = null) =>
        [
            new Planned(new TrainingPlan(round, [], new ModelId(start), Epochs: 2, 0.001, new Seed(1))),
            new Trained(round, new ModelId(candidate), new TrainingFigures(examples, tokens ?? examples * 10, 1, 1, 1)),
        ];

    private static Probed Probed(int generation, string model) =>
        new(generation, new ModelId(model), "I am new.", new ProbeResults([], [], [], 2), Heads.None);
}
