using AiMe.Lab.Analysis.Ratings;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Tests.Analysis.Ratings;

public sealed class AgreementReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aime-ratings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void People_are_compared_with_each_other_with_the_judge_and_with_the_verdicts()
    {
        var report = Report(
            keepAt: 3,
            [.. Enumerable.Range(1, 8).Select(c => Line($"wild-1/e{c}", (c + 1) / 2, "one"))],
            [.. Enumerable.Range(1, 8).Select(c => Line($"wild-1/e{c}", 5 - (c + 1) / 2, "two"))]
        );
        report.Raters.ShouldBe(["one", "two"]);
        var alphas = report.Rows.ToDictionary(r => r.Who, r => r.Agreement.Alpha);
        alphas["people"].ShouldBeLessThan(0);
        alphas[$"one and the judge {RatedRun.Judge}"].ShouldBe(1, "the judge gives the same, and its unparsable answer is no rating");
        alphas[$"two and the judge {RatedRun.Judge}"].ShouldBeLessThan(0);
        alphas.Keys.ShouldContain($"people and the judge {RatedRun.Judge}");
        report.Rows.Single(r => r.Who == "one and the verdicts").Level.ShouldBe(MeasurementLevel.Nominal);
        report.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Ratings_of_0_and_1_are_verdicts_of_their_own()
    {
        var report = Report(keepAt: null, [.. Enumerable.Range(1, 8).Select(c => Line($"wild-1/e{c}", c % 2, "one"))]);
        report.Rows.Single(r => r.Who == "one and the verdicts").Agreement.Alpha.ShouldBe(1);
        report.Notes.ShouldBe(["There is one rater, so people cannot be compared with each other."]);
    }

    [Fact]
    public void Other_ratings_are_compared_with_verdicts_only_where_it_is_said_what_keeps() =>
        Report(keepAt: null, [Line("wild-1/e1", 4, "one")]).Notes.ShouldContain(n => n.Contains("--keep-at"));

    [Theory]
    [InlineData(
        """{"id": "wild-1", "value": 1, "rater": "one"}""",
        "found 'wild-1', expected an instance, a slash and an experience, such as aligned-1/e12"
    )]
    [InlineData("""{"id": "wild-1/i3", "value": 1, "rater": "one"}""", "found 'wild-1/i3', expected an instance")]
    [InlineData("""{"id": "wild-1/e1", "value": "good", "rater": "one"}""", "expected a number")]
    [InlineData("""{"id": "wild-1/e1", "value": 1}""", "the key is missing, expected the name that the rater chose")]
    [InlineData("""{"id": "wild-1/e1", "value": 1, "rater": "one", "score": 2}""", "score")]
    [InlineData("good", "this line is not JSON")]
    [InlineData("{\"id\": \"wild-1/e2\", \"val", "this line is not JSON: it ends inside a value, expected the rest of it")]
    public void A_line_that_is_no_rating_is_named(string line, string problem)
    {
        var file = Write([Line("wild-1/e1", 1, "two"), line]);
        var (ratings, problems) = PersonRatingFile.Read([file]);
        ratings.ShouldBeEmpty();
        problems.ShouldContain(p => p.At.Line == 2 && p.ToString().Contains(problem));
    }

    [Fact]
    public void Who_rates_an_experience_twice_is_told_where()
    {
        var file = Write([Line("wild-1/e1", 1, "one"), Line("wild-1/e1", 2, "one")]);
        PersonRatingFile.Read([file]).Problems.Single().ToString().ShouldContain($"expected once; the first is at {file}:1");
    }

    [Theory]
    [InlineData("wild-9/e1", "the run test-12345678 has no planned instance 'wild-9'")]
    [InlineData("wild-1/e9", "the instance wild-1 has no experience e9; expected e1 to e8")]
    public void An_experience_that_the_run_does_not_have_is_refused(string id, string message) =>
        Should.Throw<UnknownExperienceException>(() => Report(keepAt: null, [Line(id, 1, "one")])).Message.ShouldContain(message);

    private static string Line(string id, double value, string rater) => $$"""{"id": "{{id}}", "value": {{value}}, "rater": "{{rater}}"}""";

    private string Write(string[] lines)
    {
        var file = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.jsonl");
        File.WriteAllLines(file, lines);
        return file;
    }

    private AgreementReport Report(double? keepAt, params string[][] files)
    {
        var (ratings, problems) = PersonRatingFile.Read(files.Select(Write));
        problems.ShouldBeEmpty();
        return AgreementReport.Of(RatedRun.Of(1), ratings, MeasurementLevel.Ordinal, keepAt);
    }
}
