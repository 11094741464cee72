using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Preregistration;
using AiMe.Lab.Experiments;
using AiMe.Models.Distributions;

namespace AiMe.Lab.Tests.Experiments;

public sealed class DistributionModelTests : IDisposable
{
    private const string Gaussian = "{provider: distribution, family: gaussian}";

    private readonly Study _study = new();

    public DistributionModelTests() =>
        _study
            .Spoil("study.yaml", "{corpus: corpus.yaml}", Gaussian)
            .Spoil("study.yaml", "train: {every: 2}", "generate: {temperature: 1, top-p: 1}\ntrain: {every: 2}");

    public void Dispose() => _study.Dispose();

    [Fact]
    public void What_is_not_said_has_a_default()
    {
        _study.Experiment().Model.ShouldBe(new DistributionModel(new DistributionShape(100), Records: 24, Seed: 1));
        _study.Experiment().Variants[0].Trainer.Epochs.ShouldBe(1, "a fit reads an example once");
    }

    [Fact]
    public void Every_key_is_read_and_the_plan_says_how_to_make_the_model_again()
    {
        var read = _study.Experiment(
            "model={provider: distribution, family: categorical, dimensions: 7, categories: 3, records: 5, seed: 9}"
        );

        read.Model.ShouldBe(new DistributionModel(new DistributionShape(7, Categories: 3), 5, 9));
        ModelOrigin.Fitted origin = new(7, 5, 9, 3);
        var stored = FacultyEvents.Codec.Write(new RunPlanned(read.Plan(new ModelId("base"), origin)));
        ((RunPlanned)FacultyEvents.Codec.Read("supervisor.planned@2", stored)).Plan.Origin.ShouldBe(origin);
    }

    [Theory]
    [InlineData("model.family=categorical")]
    [InlineData("model.dimensions=101")]
    [InlineData("model.records=25")]
    [InlineData("model.seed=2")]
    public void Each_key_of_the_model_is_part_of_the_runs_id(string set) =>
        _study.Experiment(set).RunId.ShouldNotBe(_study.Experiment().RunId);

    [Theory]
    [InlineData("model.seed=1")]
    [InlineData("model.family=categorical")]
    public void A_registration_page_says_what_the_model_is_made_of(string set)
    {
        var page = RegistrationPage.Read(RegistrationPage.Of(_study.Experiment(set), DateTimeOffset.UnixEpoch).Json());
        PageIntegrity.Of(page).ShouldBeEmpty();
    }

    /// <summary>What is set, and the one problem that it is.</summary>
    public static TheoryData<string, string> Wrong =>
        new()
        {
            { "model={provider: distribution}", "model.family: the key is missing, expected gaussian or categorical" },
            { "model.family=poisson", "model.family: found 'poisson', expected a family: gaussian, categorical" },
            { "model.categories=4", "model.categories: it is of family categorical alone; remove the key" },
            { "model.dimensions=0", "model.dimensions: found '0', expected a whole number from 1 to 100000" },
            { "model.records=1", "model.records: found '1', expected a whole number from 2 to" },
            { "model.corpus=corpus.yaml", "model.corpus: the key is unknown, expected one of" },
            { "loop-version=2", "loop-version: a distribution is measured from loop-version 3 on; expected 3 or more" },
            { "identity={data: study.yaml}", "identity: an identity is made of exchanges in words" },
            { "budget={tokens: 1k}", "budget: a distribution costs nothing; remove the key" },
            { "generate.temperature=0.8", "generate.temperature: a distribution is sampled as it is; expected 1" },
            { "generate.top-k=5", "generate.top-k: a distribution is sampled as it is; expected 0" },
            { "generate.top-p=0.9", "generate.top-p: a distribution is sampled as it is; expected 1" },
            { "generate={temperature: 1, top-p: 1, candidates: 2, pick: charter-axis}", "generate.pick: charter-axis is of words" },
            { "curate=[{min: {score: alignment, at-least: 0.5}}]", "alignment is of words or of a corpus" },
            { "curate=[{self-reference: {min: 1}}]", "self-reference is of words" },
            { "curate=[verified]", "correctness is of words" },
            { "train.method=lora", "train.method: a training fits the distribution to its examples at once, and there is no adapter" },
            { "train.method=dpo", "train.method: a training fits the distribution to its examples at once, and there is no adapter" },
            { "train.start=untrained", "train.start: a training fits the distribution to its examples at once, and does not depend" },
            { "train.steps=5", "train.steps: a training fits the distribution to its examples at once, and has no length" },
            { "train.epochs=4", "train.epochs: a training fits the distribution to its examples at once, and has no length" },
            {
                "train.learning-rate=0.5",
                "train.learning-rate: a training fits the distribution to its examples at once, and has no learning"
            },
            { "train.gate={drift: 0.2}", "train.gate: drift and repeats are of words" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_makes_no_sense_is_refused_with_its_reason(string set, string problem)
    {
        _study.Spoil("study.yaml", "keep-all: {curate: [keep-all]}", "keep-all: {}");
        _study.Problems(set).ShouldContain(p => p.Contains(problem, StringComparison.Ordinal), string.Join('\n', _study.Problems(set)));
    }

    [Fact]
    public void Its_measures_are_said_to_be_undefined_of_other_models()
    {
        using Study other = new();
        other.Spoil("study.yaml", "variants:", "analysis: {predict: [{measure: diversity, level: keep-all, within: 1}]}\nvariants:");
        other
            .Load()
            .Advice.Select(a => a.Text)
            .ShouldContain("diversity is undefined in every variant: it is of provider distribution alone");
    }
}
