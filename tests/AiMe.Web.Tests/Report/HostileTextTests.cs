using System.Collections.Immutable;
using System.Text;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AiMe.Web.Report;
using AngleSharp.Html.Parser;

namespace AiMe.Web.Tests.Report;

/// <summary>A model, a person or a file may have written anything.</summary>
public sealed class HostileTextTests
{
    public static TheoryData<string> Texts { get; } =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</style><script>alert(1)</script>",
        "</title></head><body onload=alert(1)>",
        "<!-- <svg onload=alert(1)> -->",
        "javascript:alert(1)",
        "\u202Etxt.exe\u202C \u2066x\u2069",
        "a\0b\u0007\u001B[31m",
        "lone \uD800 and \uDC00 surrogates",
        "=HYPERLINK(\"http://x\")",
        "&lt;script&gt; &amp;#60;",
    ];

    [Theory, MemberData(nameof(Texts))]
    public async Task Recorded_text_stays_text(string text)
    {
        var plan = Chronicle.Plan();
        plan = plan with
        {
            Stimuli = [.. plan.Stimuli.Select(s => s with { Text = text + s.Id })],
            Analysis = null,
            Probes = plan.Probes with { Open = [plan.Probes.Open[0] with { Asks = [text] }] },
        };
        var html = await Reports.HtmlAsync(Chronicle.Run(plan, (_, _) => text));
        var page = new HtmlParser().ParseDocument(html);
        page.QuerySelectorAll("script, img, iframe, object, svg[onload], [onload], [onerror]").ShouldBeEmpty();
        page.QuerySelectorAll("style").ShouldHaveSingleItem();
        page.QuerySelectorAll("main .recorded").Select(e => e.TextContent).ShouldContain(VisibleText.Of(text));
        html.ShouldAllBe(c => !char.IsSurrogate(c) && (c >= ' ' || c == '\n'));
    }

    [Theory]
    [InlineData("a\u202Eb", "a\\u202Eb")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("one\r\ntwo\rthree", "one\ntwo\nthree")]
    [InlineData("\uD83D\uDC69\u200D\uD83D\uDD2C", "\uD83D\uDC69\u200D\uD83D\uDD2C")]
    [InlineData("plain ~ text", "plain ~ text")]
    public void What_would_be_invisible_is_spelled_out(string text, string shown) => VisibleText.Of(text).ShouldBe(shown);

    [Fact]
    public void A_lone_surrogate_is_spelled_out() => VisibleText.Of($"a{(char)0xD800}b").ShouldBe("a\\uD800b");

    [Fact]
    public void A_link_holds_the_whole_table()
    {
        var link = Cells.Link(
            new PlainTable(
                ["a", "b"],
                [
                    ["x,y", "=2"],
                ]
            )
        );
        var csv = Encoding.UTF8.GetString(Convert.FromBase64String(link[(link.IndexOf(',', StringComparison.Ordinal) + 1)..]));
        csv.ShouldBe("a,b\r\n\"x,y\",\"'=2\"\r\n");
    }
}
