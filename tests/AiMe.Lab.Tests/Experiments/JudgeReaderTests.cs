using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The rule <c>judge</c> and its rubric as files, and what their problems say.</summary>
public sealed class JudgeReaderTests : IDisposable
{
    private const string Rubric = """
        name: fit
        question: Does it fit?
        shows: [charter, reflection]
        criteria: [It is plain.]
        scale:
          - {score: 1, label: bad, means: No.}
          - {score: 3, label: good, means: Yes.}
        examples:
          - {stimulus: Who are you?, answer: I am AiMe., score: 3, why: It is plain.}

        """;

    private const string Judge = "[{judge: {rubric: rubric.yaml, keep: {at-least: 2}}}]";
    private const string Own = "model: {chat: a-judge, base-url: 'http://127.0.0.1:9/v1', key-env: none}";

    private readonly Study _study = new Study()
        .Spoil("study.yaml", "{corpus: corpus.yaml}", "{provider: openai, chat: some-chat, embeddings: some-embedder}")
        .Spoil("study.yaml", "[keep-all]}", "[keep-all], train: none}\nreflect: {max-tokens: 200}\n")
        .Write("rubric.yaml", Rubric);

    public void Dispose() => _study.Dispose();

    [Fact]
    public void What_is_not_said_has_a_default()
    {
        var judge = Read(Judge);
        (judge.Samples, judge.Quorum, judge.WithoutQuorum, judge.Model, judge.CountsFailures).ShouldBe((3, 2, Vote.Reject, null, false));
        judge.Sampling.ShouldBe(new Sampling(0.2, 0, 1, 300));
        judge.Id.ShouldStartWith("fit-");
        judge.Rubric.ShouldBe(
            new Rubric(
                "fit",
                "Does it fit?",
                ["It is plain."],
                [new RubricPoint(1, "bad", "No."), new RubricPoint(3, "good", "Yes.")],
                [new RubricExample("Who are you?", "I am AiMe.", 3, "It is plain.")],
                ShowsCharter: true,
                ShowsReflection: true
            )
        );
    }

    [Fact]
    public void Every_key_is_read()
    {
        var judge = Read(
            "[{judge: {rubric: rubric.yaml, keep: {at-least: 2.5}, samples: 5, quorum: 4, without-quorum: hold, on-failure: count, "
                + "temperature: 0, max-tokens: 90, model: {chat: c, base-url: 'http://127.0.0.1:9/v1/', key-env: none, timeout: 5s, "
                + "retries: 1, token-limit: max_tokens, prices: {input: 1, output: 2}, requests-per-minute: 9, reasoning: none}}}]"
        );
        (judge.AtLeast, judge.Samples, judge.Quorum, judge.WithoutQuorum, judge.CountsFailures).ShouldBe((2.5, 5, 4, Vote.Hold, true));
        (judge.Sampling.Temperature, judge.Sampling.MaxTokens).ShouldBe((0, 90));
        judge.Model.ShouldBe(
            new JudgeModel(
                "c",
                "http://127.0.0.1:9/v1",
                new JudgeConnection("none", 5, 1, "max_tokens", new(1, 2, 0, 0), new(9, null)),
                Faculties.Supervisor.ReasoningTags.None
            )
        );
    }

    [Fact]
    public void The_same_question_to_the_same_model_has_one_id_whatever_is_kept()
    {
        var id = Read(Judge).Id;
        Read("[{judge: {rubric: rubric.yaml, keep: {at-least: 3}, samples: 7, without-quorum: pass}}]").Id.ShouldBe(id);
        Read("[{judge: {rubric: rubric.yaml, keep: {at-least: 2}, temperature: 1}}]").Id.ShouldNotBe(id);
        _study.Spoil("rubric.yaml", "It is plain.]", "It is true.]");
        Read(Judge).Id.ShouldNotBe(id);
    }

    [Fact]
    public void The_rubric_is_part_of_the_run_and_the_judges_connection_is_not()
    {
        var run = Load(With(Own)).RunId;
        Load(With(Own.Replace("key-env: none", "key-env: OTHER_KEY, timeout: 9s", StringComparison.Ordinal))).RunId.ShouldBe(run);
        _study.Spoil("rubric.yaml", "It is plain.]", "It is true.]");
        Load(With(Own)).RunId.ShouldNotBe(run);
    }

    [Theory]
    [InlineData(
        "score: 3, label: good",
        "score: 1, label: good",
        "rubric.yaml:7:5: scale[1]: found the score 1 after 1, expected the points from the lowest score to the highest"
    )]
    [InlineData("label: good", "label: Bad", "rubric.yaml:7:5: scale[1]: found the label 'Bad' twice, expected one for each score")]
    [InlineData("score: 3, why", "score: 2, why", "rubric.yaml:9:57: examples[0].score: found 2, expected a score of the scale: 1, 3")]
    [InlineData("name: fit", "name: Fit", "rubric.yaml:1:7: name: found 'Fit', expected at most 40 lower-case letters, digits and hyphens")]
    [InlineData("criteria", "criteria: []\nsteps", "rubric.yaml:4:11: criteria: found an empty list, expected a list of at least one text")]
    public void A_problem_of_a_rubric_names_its_place(string right, string wrong, string problem)
    {
        _study.Spoil("rubric.yaml", right, wrong);
        _study.Problems(At(Judge)).ShouldContain(problem);
    }

    [Theory]
    [InlineData("[{judge: {rubric: rubric.yaml}}]", "the key is missing, expected {at-least: a score}")]
    [InlineData("[{judge: {keep: {at-least: 2}}}]", "the key is missing, expected the path of a rubric")]
    [InlineData("[{judge: {rubric: none.yaml, keep: {at-least: 2}}}]", "there is no file 'none.yaml' (the rubric)")]
    [InlineData(
        "[{judge: {rubric: rubric.yaml, keep: {at-least: 2}, samples: 2, quorum: 3}}]",
        "found '3', expected a whole number from 1 to 2"
    )]
    [InlineData(
        "[{judge: {rubric: rubric.yaml, keep: {at-least: 2}, without-quorum: keep}}]",
        "found 'keep', expected what happens: reject, hold, pass"
    )]
    [InlineData("[{perplexity: {}}]", "it sets no bound; expected min, max or both")]
    [InlineData("[{self-reference: {min: 3, max: 2}}]", "min 3 is above max 2, so nothing would pass")]
    [InlineData("[{perplexity: {max: 40}}]", "perplexity is unknown under openai; expected another score")]
    [InlineData("[{verified: {uncheckable: keep}}]", "found 'keep', expected what happens: reject, pass")]
    public void A_problem_of_a_rule_says_what_was_expected(string curate, string problem) =>
        _study.Problems(At(curate)).ShouldContain(p => p.Contains(problem));

    [Fact]
    public void The_embedded_model_cannot_be_a_judge()
    {
        using var study = new Study().Write("rubric.yaml", Rubric);
        study
            .Spoil("study.yaml", "[keep-all]", Judge)
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldContain("the embedded model cannot be a judge: it is small and writes no JSON; expected judge: {model: {chat: ...}}");
        study.Spoil("study.yaml", "at-least: 2}", $"at-least: 2}}, {Own}").Experiment().Variants[0].Curate[0].ShouldBeOfType<ModelJudge>();
    }

    [Fact]
    public void Dollars_need_the_judges_prices()
    {
        string[] sets = ["model.prices={input: 1, output: 2, embeddings: 0}", "budget.usd=1"];
        _study
            .Problems([At(With(Own)), .. sets])
            .ShouldHaveSingleItem()
            .ShouldContain("the judge a-judge has none; expected prices: {input, output}");
        _study.Load([At(With($"{Own[..^1]}, prices: {{input: 1, output: 2}}}}")), .. sets]).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[{judge: {rubric: rubric.yaml, keep: {at-least: 1}}}]", "no score is below the lowest, so every rated answer passes")]
    [InlineData("[{judge: {rubric: rubric.yaml, keep: {at-least: 4}}}]", "nothing passes, because no score is above the highest")]
    [InlineData("[{self-reference: {min: 0}}]", "no self-reference is below 0, so only answers without it are rejected")]
    public void A_rule_that_cannot_decide_is_warned_of(string curate, string warning) =>
        _study.Load(At(curate)).Advice.ShouldContain(p => p.Text.Contains(warning));

    [Fact]
    public void The_forecast_counts_every_sample_of_every_experience_and_those_of_a_shadow()
    {
        var experiment = Load("[{judge: {rubric: rubric.yaml, keep: {at-least: 2}, samples: 5}}]");
        var hosted = (OpenAiModel)experiment.Model;
        var plain = Load("[keep-all]");
        HostedCalls.Of(experiment, hosted).Least.ShouldBe(HostedCalls.Of(plain, hosted).Least + 75);
        HostedCosts.Of(experiment, hosted).Most.Output.ShouldBe(HostedCosts.Of(plain, hosted).Most.Output + 75 * 300);
        At($"{Judge}, train: none}}\n  drawn: {{curate: [{{matched: keep-all}}]");
        var shadowed = _study.Experiment();
        JudgeCosts.Of(shadowed).Single().Calls.ShouldBe(90, "three experiences, three samples, five replicates of two variants");
    }

    private static string With(string model) => $"[{{judge: {{rubric: rubric.yaml, keep: {{at-least: 2}}, {model}}}}}]";

    private Experiment Load(string curate) => _study.Experiment(At(curate));

    private ModelJudge Read(string curate) => Load(curate).Variants[0].Curate[0].ShouldBeOfType<ModelJudge>();

    // Written into the file, because paths in a set are relative to the working directory.
    private string At(string curate)
    {
        var text = File.ReadAllText(_study.PathOf("study.yaml"));
        var at = text.IndexOf("{curate: ", StringComparison.Ordinal) + "{curate: ".Length;
        var end = text.IndexOf(", train: none}", StringComparison.Ordinal);
        _study.Write("study.yaml", text[..at] + curate + text[end..]);
        return "seed=42";
    }
}
