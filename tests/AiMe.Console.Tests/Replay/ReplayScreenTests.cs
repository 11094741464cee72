using AiMe.Console.Replay;
using AiMe.Console.Tests.Output;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Tests.History.Replay;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Tests.Replay;

public sealed class ReplayScreenTests
{
    /// <summary>At the verdict of the second cycle: every faculty has something to say.</summary>
    private const int Verdict = WrittenInstance.EventsOfBirth + WrittenInstance.EventsOfCycle + 6;

    public static TheoryData<int, int> Sizes =>
        new()
        {
            { 20, 4 },
            { 40, 10 },
            { 60, 14 },
            { 80, 24 },
            { 100, 30 },
            { 119, 17 },
            { 120, 20 },
            { 160, 50 },
            { 300, 90 },
        };

    [Theory]
    [InlineData(80, 24)]
    [InlineData(160, 50)]
    public async Task A_screen_is_as_it_was(int width, int height) =>
        ScriptedTerminal.Text(await DrawAsync(width, height, unicode: true)).ShouldBeGolden($"replay-{width}x{height}");

    [Theory, MemberData(nameof(Sizes))]
    public async Task It_fills_the_terminal_exactly_and_shows_the_cursor(int width, int height)
    {
        var rows = await DrawAsync(width, height, unicode: true);

        rows.Count.ShouldBe(height);
        rows.ShouldAllBe(r => r.CellCount() == width);
        rows.Count(r => r.Any(s => s.Style.Decoration == Decoration.Invert)).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Without_unicode_it_is_plain_ascii(int width, int height) =>
        (await DrawAsync(width, height, unicode: false)).ShouldAllBe(r => ScriptedTerminal.Text(r).All(c => c >= ' ' && c <= '~'));

    [Theory]
    [InlineData(1)]
    [InlineData(WrittenInstance.EventsOfBirth)]
    [InlineData(WrittenInstance.EventsOfBirth + 4 * WrittenInstance.EventsOfCycle + 1)]
    public async Task Every_kind_of_moment_can_be_drawn(int cursor) => (await DrawAsync(80, 24, unicode: true, cursor)).Count.ShouldBe(24);

    [Fact]
    public void Wide_letters_and_control_characters_take_the_columns_that_they_take()
    {
        Row("日本語の文章", 5).ShouldBe("日本…");
        Row("日本語", 6).ShouldBe("日本語");
        Row("a\u001b[31m\nb", 8).ShouldBe("a [31m b");
        Row("abc", 5).ShouldBe("abc  ");
        Row("abcdef", 5).ShouldBe("abcd…");
    }

    [Theory]
    [InlineData("one two three", 8, "one two/three")]
    [InlineData("abcdefghij", 4, "abcd/efgh/ij")]
    [InlineData("one\n\n  two", 8, "one//  two")]
    [InlineData("", 8, "")]
    [InlineData("漢字漢字", 5, "漢字/漢字")]
    [InlineData("a\u001b[2J", 8, "a [2J")]
    [InlineData("👍🏽 🇩🇪 👩\u200d👧 ❤\ufe0f", 8, "👍🏽 🇩🇪 👩\u200d👧/❤\ufe0f")]
    public void A_wrapped_text_fits_into_its_rows_uncut(string text, int width, string rows)
    {
        var wrapped = ScreenRow.Wrap(text, width).ToList();

        string.Join('/', wrapped).ShouldBe(rows);
        wrapped.ShouldAllBe(row => Row(row, width).TrimEnd() == row);
    }

    private static string Row(string text, int width) =>
        ScriptedTerminal.Text(new ScriptedTerminal(width, 1, []).Lines(new ScreenRow((text, Style.Plain))).Single());

    private static async Task<IReadOnlyList<SegmentLine>> DrawAsync(int width, int height, bool unicode, int cursor = Verdict)
    {
        var instance = await WrittenInstance.OfAsync(9, new Journal.InMemoryJournal(new StillClock()));
        var timeline = await Timeline.OpenAsync(instance.Journal, instance.Run, WrittenInstance.Instance, CancellationToken.None);
        var frame = await ReplayFrame.GatherAsync(timeline, instance.Plan.Run, ReplayView.At(cursor), height, CancellationToken.None);
        var terminal = new ScriptedTerminal(width, height, []);
        terminal.Profile.Capabilities.Unicode = unicode;
        return terminal.Lines(new ReplayScreen(width, height).Draw(frame));
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
