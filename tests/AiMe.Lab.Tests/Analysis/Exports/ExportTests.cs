using System.Text;
using System.Text.Json;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Tests.Runs;

namespace AiMe.Lab.Tests.Analysis.Exports;

public sealed class ExportTests
{
    private static readonly LivedExperience One = new("run", "wild-1", "wild", 1, Experiences.Of(1));

    [Fact]
    public void An_experience_is_exactly_four_members() =>
        Line(ExportForm.Experiences)
            .ShouldBe(
                """{"input":"Question 1?","output":"Answer 1.","reflection":"Thought 1.","timestamp":"2026-01-01 00:01:00"}""" + "\n"
            );

    [Fact]
    public void A_pair_has_the_text_that_is_learned_and_what_it_is_learned_under() =>
        Line(ExportForm.Pairs).ShouldBe("""{"prompt":"I am Ada.\nQuestion 1?","completion":"Answer 1."}""" + "\n");

    [Fact]
    public void A_chat_has_roles_and_content_alone() =>
        Line(ExportForm.Chat)
            .ShouldBe(
                """{"messages":[{"role":"system","content":"I am Ada."},{"role":"user","content":"Question 1?"},{"role":"assistant","content":"Answer 1."}]}"""
                    + "\n"
            );

    [Fact]
    public void A_full_line_begins_with_the_experience_and_an_undefined_score_is_null()
    {
        var full = Line(ExportForm.Full);

        full.ShouldStartWith(Line(ExportForm.Experiences)[..^2]);
        JsonDocument.Parse(full).RootElement.GetProperty("scores").GetProperty("quality").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void A_conversation_is_system_human_and_gpt() =>
        Line(ExportForm.ShareGpt)
            .ShouldBe(
                """{"id":"run/wild-1/e1","conversations":[{"from":"system","value":"I am Ada."},{"from":"human","value":"Question 1?"},{"from":"gpt","value":"Answer 1."}]}"""
                    + "\n"
            );

    [Fact]
    public void A_table_has_a_field_for_every_column_and_none_for_an_undefined_score()
    {
        Encoding
            .UTF8.GetString(ExportCsv.Header)
            .ShouldBe(
                "run,instance,variant,replicate,id,cycle,round,timestamp,topic,internal,verdict,reasons,input,output,reflection,alignment,quality,novelty,coherence,perplexity,self-reference,correctness,current-perplexity,charter-axis,importance,recalled,model,kind,parent,generation,charter\r\n"
            );
        Line(ExportForm.Csv)
            .ShouldBe(
                "run,wild-1,wild,1,e1,1,1,2026-01-01 00:01:00,talk,false,keep,,Question 1?,Answer 1.,Thought 1.,0.5,,0.5,,,,,,,3,,base,planned,,0,\r\n"
            );
    }

    [Fact]
    public void Commas_quotes_and_line_ends_stand_in_quotes() =>
        Encoding
            .UTF8.GetString(ExportCsv.Line(One with { Experience = One.Experience with { Input = "a, \"b\"", Output = "c\r\nd" } }))
            .ShouldContain(",\"a, \"\"b\"\"\",\"c\r\nd\",");

    [Fact]
    public void Every_form_is_one_line() =>
        Enum.GetValues<ExportForm>().ShouldAllBe(f => Line(f).IndexOf('\n', StringComparison.Ordinal) == Line(f).Length - 1);

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(9, false)]
    public void A_filter_of_rounds_takes_both_ends(int cycle, bool passes) =>
        (ExportFilter.All with { LastRound = 2 }).Passes(Experiences.Of(cycle)).ShouldBe(passes);

    [Fact]
    public void An_undefined_score_passes_neither_bound()
    {
        Passes(new ScoreBound(ScoreName.Quality, 0, AtLeast: true)).ShouldBeFalse();
        Passes(new ScoreBound(ScoreName.Quality, 100, AtLeast: false)).ShouldBeFalse();

        static bool Passes(ScoreBound bound) => (ExportFilter.All with { Bounds = [bound] }).Passes(Experiences.Of(1));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    public void A_bound_lets_its_own_value_through(double limit, bool passes) =>
        (ExportFilter.All with { Bounds = [new ScoreBound(ScoreName.Alignment, limit, AtLeast: true)] })
            .Passes(Experiences.Of(1))
            .ShouldBe(passes);

    [Fact]
    public void Verdict_and_topic_must_both_hold()
    {
        var filter = ExportFilter.All with { Verdicts = [Verdict.Keep], Topics = ["tea"] };

        filter.Passes(Experiences.Of(1, topic: "tea")).ShouldBeTrue();
        filter.Passes(Experiences.Of(1)).ShouldBeFalse();
        filter.Passes(Experiences.Of(1, Verdict.Reject, "tea")).ShouldBeFalse();
    }

    private static string Line(ExportForm form) => Encoding.UTF8.GetString(ExportLine.Of(One, form));
}
