using AiMe.Console.Output;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Tests.Analysis.Diff;

namespace AiMe.Console.Tests.Output;

public sealed class DiffViewTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void Two_instances_are_the_written_page(int width) => Page(width).ShouldBeGolden($"diff-{width}");

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width) => Page(width).Split('\n').ShouldAllBe(line => line.Length <= width);

    [Fact]
    public void Without_colour_the_words_that_differ_stand_in_brackets()
    {
        Page(80).ShouldContain("I like the [-quiet-] sea.");
        Page(80).ShouldContain("I like the {+loud+} sea.");
    }

    [Fact]
    public void With_changed_what_is_the_same_is_left_out_and_still_counted()
    {
        var page = Page(80, changed: true);

        page.ShouldNotContain("Rain is water.");
        page.ShouldContain("1 identical");
    }

    [Fact]
    public void What_only_one_of_them_met_is_listed_at_the_end()
    {
        var page = Page(80);

        page.IndexOf("Only wild-1", StringComparison.Ordinal)
            .ShouldBeGreaterThan(page.IndexOf("Identity probes", StringComparison.Ordinal));
        page.ShouldContain("Are you ill?");
    }

    [Fact]
    public void Two_instances_of_one_seed_are_not_said_to_answer_with_seeds_of_their_own()
    {
        var diff = Diaries.Two;

        Told(diff with { First = Seeded(diff.First, 7), Second = Seeded(diff.Second, 7) }).ShouldNotContain("its own seed");
        Told(diff with { First = Seeded(diff.First, 7), Second = Seeded(diff.Second, 8) }).ShouldContain("its own seed");

        static string Told(InstanceDiff diff) => Screen.Of(400, c => DiffView.Write(c, diff, changed: false));
    }

    [Fact]
    public void Without_unicode_it_is_plain_ascii() =>
        Screen.Of(160, c => DiffView.Write(c, Diaries.Two, changed: false), unicode: false).ShouldAllBe(c => c <= '~');

    private static DiffSide Seeded(DiffSide side, ulong seed)
    {
        var (plan, variant) = (side.Plan, side.Plan.Variants[0]);
        var spec = new InstanceSpec(
            side.Instance,
            variant.Name,
            1,
            new Seed(1),
            new Seed(seed),
            plan.Epoch,
            plan.Tick,
            plan.Every,
            plan.Base,
            plan.Charter,
            plan.Probes,
            variant.Self,
            variant.Memory,
            variant.Reflector,
            variant.Curate,
            variant.Trainer
        );
        return side with { Events = [.. side.Events.Select(e => e with { State = SelfDecider.Initial with { Spec = spec } })] };
    }

    private static string Page(int width, bool changed = false) => Screen.Of(width, c => DiffView.Write(c, Diaries.Two, changed));
}
