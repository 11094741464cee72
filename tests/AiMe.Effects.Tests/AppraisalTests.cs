using AiMe.Faculties;
using AiMe.Faculties.Tests;
using AiMe.Models;

namespace AiMe.Effects.Tests;

public sealed class AppraisalTests
{
    private readonly Stage _stage = new();

    [Fact]
    public async Task Alignment_is_the_rank_of_the_lift_that_the_charter_gives()
    {
        _stage.Scorer.Finds = (_, messages, _) => new TextScore(messages.Any(m => Parts.Of(m) == Parts.Charter) ? -10 : -15, 10);
        var scores = await AppraiseAsync("I am AiMe.");
        scores.Alignment.ShouldBe(0.625, "a lift of .5 is above two of four and equal to one");
        scores.Quality.ShouldBe(0.625, "-1 nat a token is above two of four and equal to one");
        scores.Perplexity.ShouldBe(Math.E, 1e-12);
    }

    [Fact]
    public async Task Repeats_cost_quality()
    {
        _stage.Scorer.Finds = (_, _, _) => new TextScore(-10, 10);
        var plain = await AppraiseAsync("One two three four five six seven eight.");
        var repeated = await AppraiseAsync("One two three four one two three four one two three four.");
        repeated.Quality.ShouldBeLessThan(plain.Quality);
    }

    [Fact]
    public async Task All_is_measured_under_the_frozen_base_model()
    {
        HashSet<string> models = [];
        _stage.Scorer.Finds = (model, _, _) =>
        {
            models.Add(model);
            return new TextScore(-1, 1);
        };
        await AppraiseAsync("I am.");
        models.ShouldBe(["base"]);
    }

    [Theory]
    [InlineData("7", "It is 7.", 1)]
    [InlineData("7", "It is 17.", 0)]
    [InlineData("seven", "Seven!", 1)]
    [InlineData("New York", "It is new york, of course.", 1)]
    [InlineData("New York", "York is new.", 0)]
    public async Task Correctness_is_of_whole_words(string check, string output, double expected) =>
        (
            await _stage.Appraiser.AppraiseAsync(Some.Charter, Some.Stimulus(1) with { Check = check }, output, loopVersion: null, default)
        ).Correctness.ShouldBe(expected);

    [Fact]
    public async Task Without_a_check_correctness_is_undefined() =>
        double.IsNaN((await AppraiseAsync("It is 7.")).Correctness).ShouldBeTrue();

    [Fact]
    public async Task What_cannot_be_scored_is_undefined_and_not_zero()
    {
        _stage.Scorer.Finds = (_, _, _) => new TextScore(0, 0);
        var scores = await AppraiseAsync("?");
        (double.IsNaN(scores.Alignment), double.IsNaN(scores.Quality), double.IsNaN(scores.Perplexity)).ShouldBe((true, true, true));
    }

    [Theory]
    [InlineData(LoopVersion.Second, false)]
    [InlineData(LoopVersion.Third, true)]
    public async Task An_answer_has_its_place_on_the_charters_axis_from_the_third_loop_version_on(int version, bool has)
    {
        var inspector = new StubInspector
        {
            Stream = (_, exchange) =>
                exchange.Count == 3 ? 5
                : exchange[^1].Text == "I am." ? 2
                : 1,
        };
        var axis = new CharterAxis(inspector, Some.Base, Stage.Corpus);
        var appraiser = new ResponseScorer(_stage.Scorer, Stage.Embedder, Some.Base, Stage.Calibration, axis);
        var scores = await appraiser.AppraiseAsync(Some.Charter, Some.Stimulus(1), "I am.", version, CancellationToken.None);
        scores.CharterAxis.ShouldBe(has ? 0.25 : null, "the charter moves the stream by 4, the answer by 1");
    }

    private Task<Scores> AppraiseAsync(string output) =>
        _stage.Appraiser.AppraiseAsync(Some.Charter, Some.Stimulus(1), output, loopVersion: null, CancellationToken.None);
}
