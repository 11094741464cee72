using AiMe.Console.Replay;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Tests.History.Replay;

namespace AiMe.Console.Tests.Replay;

public sealed class ReplayLoopTests
{
    private const int Second = WrittenInstance.EventsOfBirth + WrittenInstance.EventsOfCycle + 1;
    private const int FirstRoundEnds = WrittenInstance.EventsOfBirth + (4 * WrittenInstance.EventsOfCycle) + 2;
    private const int Last = WrittenInstance.EventsOfBirth + (9 * WrittenInstance.EventsOfCycle) + (2 * WrittenInstance.EventsOfRound);

    [Theory]
    [InlineData("", 1)]
    [InlineData("jjj", 4)]
    [InlineData("<RightArrow><DownArrow><Spacebar>", 4)]
    [InlineData("jjk<LeftArrow>k", 1)]
    [InlineData("G", Last)]
    [InlineData("<End>jj", Last)]
    [InlineData("Gg", 1)]
    [InlineData("cc", Second)]
    [InlineData("ccjjC", Second)]
    [InlineData("ccC", WrittenInstance.EventsOfBirth + 1)]
    [InlineData("rr", FirstRoundEnds)]
    [InlineData("rrrR", FirstRoundEnds)]
    [InlineData(":20<Enter>", 20)]
    [InlineData(":2<Backspace>31<Enter>", 31)]
    [InlineData(":20<Escape>", 1)]
    [InlineData(":c2<Enter>", Second)]
    [InlineData(":g1<Enter>", FirstRoundEnds)]
    [InlineData(":c99<Enter>", 1)]
    [InlineData(":what<Enter>", 1)]
    [InlineData("4", 4)]
    [InlineData("4j", 13)]
    [InlineData("43j", 12)]
    [InlineData("440j", 5)]
    [InlineData(":13<Enter>f", 20)]
    [InlineData(":13<Enter>F", 4)]
    [InlineData("/question 2<Enter>", Second)]
    [InlineData("/question 2<Enter>n", Second)]
    [InlineData("/QUESTION<Enter>nnN", Second)]
    [InlineData("/nobody ever said this<Enter>", 1)]
    [InlineData("e<DownArrow><DownArrow>ej", 2)]
    [InlineData("e<RightArrow><Escape>", 2)]
    public async Task Keys_lead_to_an_event(string keys, long cursor)
    {
        var (view, left) = await RunAsync(keys, 80, 24);

        left.ShouldBe(ReplayRequest.Leave);
        view.Cursor.ShouldBe(cursor);
    }

    [Theory]
    [InlineData(":c99<Enter>", "found 'c99', expected cycles c1 to c9")]
    [InlineData(":g3<Enter>", "found 'g3', expected generations g0 to g2")]
    [InlineData(":0<Enter>", "found '0', expected events 1 to 76")]
    [InlineData(":what<Enter>", "found 'what', expected an event such as 120, a cycle such as c12 or a")]
    [InlineData("n", "no search yet: start one with /")]
    [InlineData("k", "this is the first event")]
    [InlineData("Gj", "this is the last event")]
    [InlineData("/nobody<Enter>", "'nobody' not found after this event")]
    [InlineData("/ans", "/ans_")]
    [InlineData("?", "close the overlay, then the view")]
    [InlineData(":c2<Enter>e", "\"text\": \"Question 2?\"")]
    [InlineData("4s", "\"rule\": \"keep-all\"")]
    [InlineData("4", "only curator")]
    public async Task What_a_key_says_stands_on_the_screen(string keys, string said)
    {
        var terminal = new ScriptedTerminal(80, 24, ScriptedTerminal.Of(keys));

        await RunAsync(terminal);

        terminal.Last.ShouldContain(said);
    }

    [Fact]
    public async Task Ctrl_C_leaves_even_while_something_is_typed() =>
        (await RunAsync("/abc<Ctrl-C>", 80, 24)).Left.ShouldBe(ReplayRequest.Interrupt);

    [Fact]
    public async Task A_terminal_of_another_size_is_drawn_anew_at_that_size()
    {
        var terminal = new ScriptedTerminal(80, 24, []);
        terminal.Resizes.Enqueue((160, 50));
        terminal.Resizes.Enqueue((30, 6));

        await RunAsync(terminal);

        terminal.Shown.Select(s => (s[0].Length, s.Length)).ShouldBe([(80, 24), (160, 50), (30, 6)]);
    }

    private static Task<(ReplayView View, ReplayRequest Left)> RunAsync(string keys, int width, int height) =>
        RunAsync(new ScriptedTerminal(width, height, ScriptedTerminal.Of(keys)));

    private static async Task<(ReplayView View, ReplayRequest Left)> RunAsync(ScriptedTerminal terminal)
    {
        var instance = await WrittenInstance.OfAsync(9);
        var timeline = await Timeline.OpenAsync(instance.Journal, instance.Run, WrittenInstance.Instance, CancellationToken.None);
        timeline.Length.ShouldBe(Last);
        return await new ReplayLoop(timeline, instance.Plan.Run, terminal).RunAsync(ReplayView.At(1), CancellationToken.None);
    }
}
