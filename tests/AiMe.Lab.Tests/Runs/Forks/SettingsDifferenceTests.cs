using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Lab.Tests.Runs.Forks;

public sealed class SettingsDifferenceTests
{
    private static readonly InstanceSettings Before = new(
        new Seed(1),
        Some.Self,
        Some.Memory,
        Some.Reflector,
        [new KeepAll()],
        Some.Trainer
    );

    [Fact]
    public void Only_the_keys_that_changed_are_told_with_what_they_were() =>
        Told(Before with { Self = Before.Self with { Sampling = Before.Self.Sampling with { Temperature = 0.95 } } })
            .ShouldBe([("answering", FormattableString.Invariant($"temperature 0.95 (before {Some.Self.Sampling.Temperature})"))]);

    [Fact]
    public void A_change_of_training_is_told_without_the_gate() =>
        Told(Before with { Trainer = Before.Trainer with { Epochs = 9 } }).ShouldBe([("training", "epochs 9 (before 1)")]);

    [Fact]
    public void A_budget_in_place_of_epochs_is_told_with_both_keys() =>
        Told(Before with { Trainer = Before.Trainer with { Epochs = 0, Budget = new(BudgetUnit.Steps, 60) } })
            .ShouldBe([("training", "epochs none (before 1), steps 60 (before none)")]);

    [Fact]
    public void Each_part_of_the_settings_is_told_in_the_words_of_a_file()
    {
        var told = Told(
            Before with
            {
                Memory = Before.Memory with { Recall = 99 },
                Reflector = Before.Reflector with { InsightThreshold = 7 },
                Trainer = Before.Trainer with { Data = DataRegime.Window, Window = 3, Gate = Before.Trainer.Gate with { Drift = null } },
            }
        );

        told.Select(t => t.What).ShouldBe(["training", "memory", "reflecting"]);
        told[0].How.ShouldContain("data window(3) (before accumulate), gate.drift none (before ");
        told[1].How.ShouldStartWith("recall 99 (before ");
        told[2].How.ShouldStartWith("insight-threshold 7 (before ");
    }

    [Fact]
    public void Nothing_is_told_of_equal_settings() => Told(Before with { Curate = [new KeepAll()] }).ShouldBeEmpty();

    private static IReadOnlyList<(string What, string How)> Told(InstanceSettings after) =>
        SettingsDifference.Between(Before, after, every: 4);
}
