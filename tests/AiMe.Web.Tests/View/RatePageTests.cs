using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Runs;
using AiMe.Web.View.Control;
using AiMe.Web.View.Live;
using AiMe.Web.View.Pages;
using AiMe.Web.View.Security;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AiMe.Web.Tests.View;

/// <summary>The page on which pairs of answers are rated blind.</summary>
public sealed class RatePageTests : BunitContext, IAsyncLifetime
{
    private static readonly RunPlan Plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));

    private WrittenStore _written = default!;
    private BunitAuthorizationContext _session = default!;

    public async Task InitializeAsync()
    {
        _written = await WrittenStore.OpenAsync();
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new RunPlanned(Plan));
        foreach (var (instance, says) in ((string, string)[])[("wild-1", "I mend clocks\u001B[31m"), ("tame-1", "I like <b>the sea</b>")])
            await _written.AppendAsync(
                Plan.Run,
                new FacultyAddress(instance, Loop.Memory),
                [.. Enumerable.Range(1, 3).Select(c => StoredAnswer.Of(c, 1, $"{says}, {c}."))]
            );
        Services.AddSingleton(new StoreBoard(_written.Store, TimeProvider.System));
        Services.AddSingleton(Writer(mayChange: true));
        _session = AddAuthorization();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    Task IAsyncLifetime.DisposeAsync() => CloseAsync();

    [Fact]
    public async Task Without_the_token_nothing_is_asked_and_nothing_can_be_begun()
    {
        Page().Markup.ShouldContain("unlock");
        Page().FindAll("form").ShouldBeEmpty();
        await Should.ThrowAsync<NotUnlockedException>(() =>
            RatingDesk.OpenAsync(new(), Writer(mayChange: true), Plan.Run, "wild", "tame", "me", CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_server_that_only_looks_takes_no_ratings() =>
        (
            await Should.ThrowAsync<ControlException>(() =>
                RatingDesk.OpenAsync(AccessToken.Holder, Writer(mayChange: false), Plan.Run, "wild", "tame", "me", CancellationToken.None)
            )
        ).Message.ShouldContain("--read-only");

    [Theory]
    [InlineData("a/b", "wild", "tame", "Your name: found 'a/b'")]
    [InlineData("me", "wild", "wild", "two different variants")]
    public void What_cannot_be_begun_is_said(string rater, string one, string other, string message)
    {
        var page = Begun(rater, one, other);
        page.Find("div[role=status]").TextContent.ShouldContain(message);
        page.FindAll(".rating").ShouldBeEmpty();
    }

    [Fact]
    public void A_pair_is_shown_as_text_and_without_a_variant()
    {
        var page = Begun();
        page.Markup.ShouldNotContain("wild");
        page.Markup.ShouldNotContain("tame");
        page.Markup.ShouldContain("I like &lt;b&gt;the sea&lt;/b&gt;");
        page.Markup.ShouldContain("I mend clocks\\u001B[31m");
        page.Markup.ShouldContain("0 pairs done, 3 left");
    }

    [Fact]
    public void Keys_and_buttons_answer_alike_and_the_last_answer_can_be_taken_back()
    {
        var page = Begun();
        Press(page, "1", "n");
        page.Find(".rating").TextContent.ShouldContain("Question 3 of 4");
        Press(page, "u");
        page.Find(".rating").TextContent.ShouldContain("Question 2 of 4");
        Click(page, "Second");
        Press(page, "b", "N");
        page.Markup.ShouldContain("1 pair done, 2 left");
        var line = PairRatingFile.Read(FileOf("me")).Single();
        line.Choices!.Values.ShouldBe(
            [SignChoice.Neither, SignChoice.Second, SignChoice.Both, SignChoice.First],
            "by key: contradicts first"
        );
        Click(page, "Undo");
        page.Markup.ShouldContain("0 pairs done, 3 left");
        PairRatingFile.Read(FileOf("me"))[^1].Undone.ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_held_or_belongs_to_the_browser_answers_nothing()
    {
        var page = Begun();
        Press(page, new KeyboardEventArgs { Key = "1", Repeat = true });
        Press(page, new KeyboardEventArgs { Key = "1", CtrlKey = true });
        Press(page, "x");
        page.Find(".rating").TextContent.ShouldContain("Question 1 of 4");
    }

    [Fact]
    public void A_note_is_on_one_pair()
    {
        var page = Begun();
        Do(page, () => page.Find("label.note input").Input("clear"));
        Press(page, "1", "1", "1", "1", "s");
        PairRatingFile.Read(FileOf("me")).Select(l => l.Note).ShouldBe(["clear", null]);
    }

    [Fact]
    public async Task What_the_terminal_began_goes_on_here_and_the_result_counts_every_rater_of_the_store()
    {
        var record = await Lab.History.RunRecord.ReadAsync(_written.Store.Journal, Plan.Run, CancellationToken.None);
        foreach (var (rater, pairs) in ((string, int)[])[("me", 1), ("ada", 3)])
        {
            RatingSession terminal = new(PairQueue.Of(record, "wild", "tame", rater), FileOf(rater));
            for (var i = 0; i < pairs; i++)
                terminal.Rate(SignForm.Signs.ToImmutableSortedDictionary(s => s.Key, _ => SignChoice.Both, StringComparer.Ordinal));
        }

        var page = Begun();
        page.Markup.ShouldContain("1 pair done, 2 left");
        Press(page, "b", "b", "b", "b", "b", "b", "b", "b");
        page.Markup.ShouldNotContain("wild");
        Click(page, "Show the result");
        page.WaitForAssertion(() => page.Find("#signs"));
        page.Markup.ShouldContain("tame and wild, rated blind by ada (3), me (3)");
        page.Find("tbody tr").TextContent.ShouldContain("speaks-of-its-past");
        page.Markup.ShouldContain("Agreement of raters on prefers: undefined");
        page.FindAll("button").ShouldBeEmpty("nothing can be taken back once the variants are known");
    }

    private IRenderedComponent<RatePage> Page() => Render<RatePage>(p => p.Add(r => r.Run, Plan.Run));

    private IRenderedComponent<RatePage> Begun(string rater = "me", string one = "wild", string other = "tame")
    {
        _session.SetAuthorized("a session").SetRoles(AccessToken.Role);
        var page = Page();
        page.WaitForAssertion(() => page.Find("form"));
        Do(page, () => page.FindAll("select")[0].Change(one));
        Do(page, () => page.FindAll("select")[1].Change(other));
        Do(page, () => page.Find("form input").Change(rater));
        Do(page, () => page.Find("form").Submit());
        page.WaitForAssertion(() => page.FindAll(".rating, div[role=status] p").ShouldNotBeEmpty());
        return page;
    }

    private static void Press(IRenderedComponent<RatePage> page, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            Press(page, new KeyboardEventArgs { Key = key });
    }

    private static void Press(IRenderedComponent<RatePage> page, KeyboardEventArgs key) =>
        Do(page, () => page.Find(".rating").KeyDown(key));

    // On the page's own thread: the store's reader may draw the page again at any time.
    private static void Do(IRenderedComponent<RatePage> page, Action what) => page.InvokeAsync(what).GetAwaiter().GetResult();

    private static void Click(IRenderedComponent<RatePage> page, string button) =>
        Do(page, () => page.FindAll("button").First(b => b.TextContent.StartsWith(button, StringComparison.Ordinal)).Click());

    private string FileOf(string rater) => PairRatingFolder.FileOf(_written.Store.Root, Plan.Run, rater);

    private StoreWriter Writer(bool mayChange) =>
        new(
            mayChange ? _ => throw new InvalidOperationException("Ratings are no part of the journal.") : null,
            _written.Store,
            parallel: 1,
            TimeProvider.System
        );

    private async Task CloseAsync()
    {
        await base.DisposeAsync();
        await _written.DisposeAsync();
    }
}
