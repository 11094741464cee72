using AiMe.Metrics.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>What a battery is worth, and what it is told.</summary>
public sealed class BatteryTests
{
    private static readonly double[] Sure = [0.94, 0.02, 0.02, 0.02];
    private static readonly double[] Even = [0.25, 0.25, 0.25, 0.25];
    private static readonly double[] Wrong = [0.04, 0.88, 0.04, 0.04];
    private static readonly double[] Unknown = [double.NaN, double.NaN, double.NaN, double.NaN];

    private static Gen<BatteryItem> Item { get; } =
        from options in Gen.Choose(2, 6)
        from keyed in Gen.Choose(0, options - 1)
        from rows in Draw.Lists(Draw.Distribution(options), 1, 5)
        from mass in Gen.Elements(true, false)
        select Of(keyed, mass ? [.. rows.Select(_ => 0.5)] : [], rows);

    [Fact]
    public void Every_figure_is_in_its_range() =>
        Draw.Hold(Draw.Lists(Item, 1, 6), items =>
            BatteryWorth.Of(items) is var w
            && w.Chance is > 0 and <= 0.5
            && w.InCharacter is >= 0 and <= 1 + 1e-12
            && w.Range is >= 0 and <= 1
            && (double.IsNaN(w.Floor) || w.Floor is >= 0 and <= 1)
            && w.AnsweredShare == 1
            && w.AboveChance <= 1 + 1e-12
        );

    [Fact]
    public void The_order_of_the_items_does_not_matter() =>
        Draw.Hold(Draw.Lists(Item, 1, 6), items => BatteryWorth.Of(items).Equals(BatteryWorth.Of([.. items.Reverse()])));

    [Fact]
    public void Twice_the_same_items_have_the_same_figures() => Draw.Hold(Draw.Lists(Item, 1, 4), items =>
        {
            var (once, twice) = (BatteryWorth.Of(items), BatteryWorth.Of([.. items, .. items]));
            return Close(once.InCharacter, twice.InCharacter) && Close(once.Floor, twice.Floor) && Close(once.Range, twice.Range);
        });

    [Fact]
    public void Answers_at_chance_are_told_that_they_cannot_see_drift_whatever_the_number_of_options() =>
        Draw.Hold(Gen.Choose(2, 20), options =>
        {
            double[] row = [.. Enumerable.Repeat(1.0 / options, options)];
            return BatteryVerdict.Of(BatteryWorth.Of([Of(0, [], row, row)])) == (BatteryFault.NearChance | BatteryFault.NearFloor);
        });

    [Fact]
    public void Sure_answers_in_every_wording_can_see_drift() => Fault(Of(0, [], Sure, Sure, Sure, Sure)).ShouldBe(BatteryFault.None);

    [Fact]
    public void Answers_that_turn_with_the_wording_are_near_the_floor() =>
        Fault(Of(0, [], Sure, Sure, Sure, Wrong)).ShouldBe(BatteryFault.NearFloor);

    [Fact]
    public void Answers_against_the_key_are_near_chance_or_below()
    {
        Fault(Of(0, [], Wrong, Wrong)).ShouldBe(BatteryFault.NearChance);
        BatteryWorth.Of([Of(0, [], Wrong, Wrong)]).AboveChance.ShouldBe(-0.28, 1e-12);
    }

    [Fact]
    public void Who_says_yes_to_both_keys_is_at_chance() =>
        BatteryWorth.Of([Of(0, [], [0.9, 0.1], [0.9, 0.1]), Of(1, [], [0.9, 0.1], [0.9, 0.1])]).AboveChance.ShouldBe(0, 1e-12);

    [Fact]
    public void A_wording_without_an_answer_is_left_out_and_counted()
    {
        var worth = BatteryWorth.Of([Of(0, [], Sure, Unknown)]);
        worth.ShouldSatisfyAllConditions(
            w => w.AnsweredShare.ShouldBe(0.5),
            w => w.InCharacter.ShouldBe(0.94, 1e-12),
            w => w.Floor.ShouldBe(double.NaN),
            w => BatteryVerdict.Of(w).ShouldBe(BatteryFault.Unanswered)
        );
    }

    [Fact]
    public void A_wording_to_which_no_option_is_ever_said_counts_as_unanswered()
    {
        var worth = BatteryWorth.Of([Of(0, [0.5, 0.009], Sure, Sure)]);
        worth.Answered.ShouldBe(1);
        worth.Mass.ShouldBe(0.2545, 1e-12);
        BatteryVerdict.Of(worth).ShouldBe(BatteryFault.Unanswered);
    }

    [Fact]
    public void A_battery_without_any_answer_has_no_figures_and_is_unanswered()
    {
        var worth = BatteryWorth.Of([Of(0, [], Unknown, Unknown)]);
        (worth.InCharacter, worth.Floor, worth.Range).ShouldBe((double.NaN, double.NaN, double.NaN));
        BatteryVerdict.Of(worth).ShouldBe(BatteryFault.Unanswered);
    }

    [Fact]
    public void The_range_is_what_forgetting_every_answer_would_give() =>
        BatteryWorth.Of([Of(0, [], [1, 0], [1, 0])]).Range.ShouldBe(0.31127812445913283, 1e-15); // JS([1, 0], [.5, .5])

    [Fact]
    public void Forgetting_an_item_at_the_bound_of_chance_is_the_drift_that_the_reason_names()
    {
        BatteryWorth.Of([Of(0, [], [0.4, 0.2, 0.2, 0.2], [0.4, 0.2, 0.2, 0.2])]).Range.ShouldBe(0.0186, 1e-4);
        BatteryWorth.Of([Of(0, [], [0.6, 0.4], [0.6, 0.4])]).Range.ShouldBe(0.0073, 1e-4);
    }

    private static BatteryFault Fault(BatteryItem item) => BatteryVerdict.Of(BatteryWorth.Of([item]));

    private static BatteryItem Of(int keyed, double[] mass, params double[][] rows) => new("calm", rows[0].Length, keyed, rows, mass);

    private static bool Close(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) < 1e-9;
}
