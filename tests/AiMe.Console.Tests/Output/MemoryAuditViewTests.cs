using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.Tests.Analysis.Memories;

namespace AiMe.Console.Tests.Output;

/// <summary>The pages of <c>aime memory</c>.</summary>
public sealed class MemoryAuditViewTests
{
    internal static MemoryAudit Audit { get; } = Whole(cycles: 60);

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void An_instance_is_the_written_page(int width) => Page(width).ShouldBeGolden($"memory-{width}");

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        Page(width).Split('\n').ShouldAllBe(line => line.Length <= width);
        RunPage(width).Split('\n').ShouldAllBe(line => line.Length <= width);
    }

    [Fact]
    public void One_screen_of_100_by_40_has_the_whole_page() => Page(100).Split('\n').Length.ShouldBeLessThanOrEqualTo(40);

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void A_runs_table_has_one_line_a_row(int width) =>
        RunPage(width)
            .Split('\n')
            .Count(line => line.StartsWith(" wild", StringComparison.Ordinal))
            .ShouldBe(2, "an instance and its variant");

    [Fact]
    public void Without_colour_removed_and_added_words_stand_in_brackets()
    {
        Page(100).ShouldContain("[-count.-]");
        Page(100).ShouldContain("{+sing.+}");
    }

    [Fact]
    public void Without_unicode_it_is_plain_ascii() =>
        Screen.Of(100, c => c.Write(MemoryAuditView.Of(c, Audit, 4)), unicode: false).ShouldAllBe(c => c <= '~');

    [Fact]
    public void Longer_lists_say_how_many_there_are_and_all_shows_them()
    {
        Page(100).ShouldContain("--all shows the others");
        Screen.Of(100, c => c.Write(MemoryAuditView.Of(c, Audit, int.MaxValue))).ShouldNotContain("--all");
    }

    [Fact]
    public void An_instance_without_a_memory_has_a_page_too() =>
        Screen.Of(100, c => c.Write(MemoryAuditView.Of(c, new Life().Audit(), 4))).ShouldContain("undefined: nothing was recalled");

    [Fact]
    public void A_search_without_a_match_says_so() =>
        Screen.Of(100, c => c.Write(MemoryAuditView.Of(c, MemoryQuery.Of("xyz")!, [], 4))).ShouldContain("No stored text has a word");

    private static string Page(int width) => Screen.Of(width, c => c.Write(MemoryAuditView.Of(c, Audit, 4)));

    private static string RunPage(int width) => Screen.Of(width, c => c.Write(MemoryAuditView.Of(c, Audit.Run, [Audit])));

    private static MemoryAudit Whole(int cycles)
    {
        var life = new Life().Generation(0, "I am new.");
        for (var i = 1; i <= cycles; i++)
        {
            var question = $"What about question {i % 23}?";
            life.Cycle(
                question,
                i % 11 == 0 ? "I mend old clocks in the harbour, and nothing else." : $"I say {i % 29} to it.",
                i % 3 == 0 ? Verdict.Reject : Verdict.Keep,
                i > 1 ? [$"e{i / 6 * 3 + 1}"] : null
            );
            if (i is 20 or 40)
                life.Insight(i == 20 ? "I count." : "I sing.", "e1", $"e{i - 2}", $"e{i / 3 * 3}");
            if (i is 21 or 41)
                life.Revise($"I am new. {(i == 21 ? "I count." : "I sing.")}")
                    .Generation(i / 20, $"I am new. {(i == 21 ? "I count." : "I sing.")}");
        }

        return life.Audit();
    }
}
