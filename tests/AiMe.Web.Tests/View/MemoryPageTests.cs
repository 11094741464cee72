using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Memories;
using AiMe.Lab.Tests.Runs;
using AiMe.Web.View.Live;
using AiMe.Web.View.Pages;
using AiMe.Web.View.Parts;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiMe.Web.Tests.View;

/// <summary>The pages of what instances remember.</summary>
public sealed class MemoryPageTests : BunitContext, IAsyncLifetime
{
    private static readonly RunPlan Plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));

    private WrittenStore _written = default!;

    private static MemoryAudit Audit { get; } =
        new Life()
            .Generation(0, "I am new.")
            .Cycle("Who are you?", "I am <b>Ada</b>\u202E and I mend clocks.")
            .Cycle("Who are you?", "I am <b>Ada</b>\u202E and I mend clocks.", recalls: ["e1"])
            .Cycle("Who?", "Nobody at all, I think.", Verdict.Reject, recalls: ["e1"])
            .Insight("I count.", "e1", "e3")
            .Cycle("And?", "Nothing more.", recalls: ["i1"])
            .Revise("I am new. I count.")
            .Generation(1, "I am new. I count.")
            .Audit();

    public async Task InitializeAsync()
    {
        _written = await WrittenStore.OpenAsync();
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new RunPlanned(Plan));
        foreach (var instance in (string[])["wild-1", "tame-1"])
            await _written.AppendAsync(
                Plan.Run,
                new FacultyAddress(instance, Loop.Memory),
                [.. Enumerable.Range(1, 3).Select(c => StoredAnswer.Of(c, 1, c == 2 ? "I like the sea." : $"I mend clocks, {c}."))]
            );
        Services.AddSingleton(new StoreBoard(_written.Store, TimeProvider.System));
        Services.AddSingleton(_written.Store);
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    Task IAsyncLifetime.DisposeAsync() => CloseAsync();

    [Fact]
    public void An_audit_has_its_figures_its_lists_and_the_self_models_words_that_came_and_went()
    {
        var page = Part();

        page.Find("dl.facts").TextContent.ShouldContain("4 experiences: 3 kept, 0 held, 1 rejected; 1 insight");
        page.FindAll("h2")
            .Select(h => h.TextContent)
            .ShouldBe([
                "Recall",
                "Duplicates",
                "Insights and what they rest on",
                "Self-model from generation to generation",
                "Junk, as far as a program can judge",
            ]);
        page.Markup.ShouldContain("e3 (rejected)");
        page.Find("ins").TextContent.ShouldBe("I count.");
        page.FindAll("svg.bar rect").Count.ShouldBe(Audit.Recall.Histogram.Length);
    }

    [Fact]
    public void Recorded_text_is_escaped_and_hidden_characters_are_spelled_out()
    {
        Part().Markup.ShouldContain("&lt;b&gt;Ada&lt;/b&gt;\\u202E");
        Part().Markup.ShouldNotContain("<b>Ada");
    }

    [Fact]
    public void Every_table_has_a_caption_and_every_row_a_header()
    {
        foreach (var table in Part().FindAll("table"))
        {
            table.QuerySelector("caption").ShouldNotBeNull();
            table.QuerySelectorAll("tbody tr").ShouldAllBe(row => row.QuerySelector("th[scope=row]") != null);
        }
    }

    [Fact]
    public void The_page_of_an_instance_reads_it_and_finds_texts_by_words()
    {
        var page = Instance("wild-1", "?q=sea");

        page.WaitForElement("dl.facts").TextContent.ShouldContain("3 experiences");
        page.Markup.ShouldContain("1 stored text with words of “sea”");
        page.Markup.ShouldContain("Q: Hello. A: I like the sea.");
        Instance("wild-1", "?q=boat").WaitForElement("form").NextElementSibling!.TextContent.ShouldContain("No stored text has a word");
    }

    [Fact]
    public void An_instance_that_is_not_there_is_said() =>
        Instance("nobody-1", "").WaitForElement("[role=alert]").TextContent.ShouldContain("has no instance nobody-1");

    [Fact]
    public void The_page_of_a_run_has_its_variants_and_a_link_to_each_instance()
    {
        var page = Render<RunMemoryPage>(p => p.Add(x => x.Run, Plan.Run));

        page.WaitForElement("table");
        page.FindAll("table caption").Select(c => c.TextContent).ShouldBe(["By variant", "2 planned instances"]);
        page.FindAll("tbody a")
            .Select(a => a.GetAttribute("href"))
            .ShouldBe([$"/runs/{Plan.Run}/wild-1/memory", $"/runs/{Plan.Run}/tame-1/memory"]);
    }

    private IRenderedComponent<MemoryAuditPart> Part() => Render<MemoryAuditPart>(p => p.Add(x => x.Audit, Audit));

    private IRenderedComponent<InstanceMemoryPage> Instance(string name, string query)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/runs/{Plan.Run}/{name}/memory{query}");
        return Render<InstanceMemoryPage>(p => p.Add(x => x.Run, Plan.Run).Add(x => x.Instance, name));
    }

    private async Task CloseAsync()
    {
        await Services.GetRequiredService<StoreBoard>().DisposeAsync();
        await _written.DisposeAsync();
        await base.DisposeAsync();
    }
}
