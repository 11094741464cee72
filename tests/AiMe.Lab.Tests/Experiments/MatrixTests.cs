using System.Text.Json.Nodes;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Tests.Experiments.Schema;

namespace AiMe.Lab.Tests.Experiments;

public sealed class MatrixTests : IDisposable
{
    private const string Variants = "variants:\n  keep-all: {curate: [keep-all]}\n";

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Every_combination_is_a_variant_and_the_last_setting_changes_fastest()
    {
        var variants = Matrix("{train.anchor.fraction: [0, 0.1, 0.25], train.data: [replace, accumulate]}").Variants;
        variants
            .Select(v => v.Name)
            .ShouldBe([
                "anchor-0-replace",
                "anchor-0-accumulate",
                "anchor-0p1-replace",
                "anchor-0p1-accumulate",
                "anchor-0p25-replace",
                "anchor-0p25-accumulate",
            ]);
        variants
            .Select(v => (v.Trainer.Anchor, v.Trainer.Data))
            .ShouldBe([
                (0, DataRegime.Replace),
                (0, DataRegime.Accumulate),
                (0.1, DataRegime.Replace),
                (0.1, DataRegime.Accumulate),
                (0.25, DataRegime.Replace),
                (0.25, DataRegime.Accumulate),
            ]);
    }

    [Theory]
    [InlineData("{train.anchor.fraction: [0.10, 25%, .5]}", "anchor-0p1,anchor-0p25,anchor-0p5")]
    [InlineData("{train.learning-rate: [1e-3, 0.02]}", "learning-rate-0p001,learning-rate-0p02")]
    [InlineData("{train.data: [replace, window(3)]}", "replace,window-3")]
    [InlineData("{train.gate: [none, {drift: 0.25}]}", "gate-none,drift-0p25")]
    [InlineData("{train.anchor.fresh: [true, false]}", "fresh-true,fresh-false")]
    [InlineData("{train: [none, {epochs: 3}]}", "train-none,epochs-3")]
    [InlineData("{curate: [[keep-all], [{random: 50%}], [{dedupe: 0.9}, {random: 0.5}]]}", "keep-all,random-0p5,dedupe-0p9-random-0p5")]
    [InlineData("{curate: [[keep-all], [{top: {score: alignment, fraction: 0.5, window: 24}}]]}", "keep-all,curate-2")]
    [InlineData("{curate: [[{dedupe: -0.5}]]}", "dedupe-minus-0p5")]
    [InlineData("{train.epochs: [1, 1, 2]}", "epochs-1,epochs-1-2,epochs-2")]
    [InlineData("{generate.temperature: [0.5], reflect.temperature: [1]}", "generate-temperature-0p5-reflect-temperature-1")]
    [InlineData("{generate.top-k: [0, 5]}", "top-k-0,top-k-5")]
    [InlineData("{generate: [{pick: quality, candidates: 4}, {}, {top-k: 5}]}", "generate-1,generate-2,top-k-5")]
    public void Names_say_the_values(string matrix, string names) => Matrix(matrix).Variants.Select(v => v.Name).ShouldBe(names.Split(','));

    [Fact]
    public void Names_that_would_be_too_long_are_numbers()
    {
        const string Long = "{generate.temperature: [0.123456789, 1], reflect.temperature: [0.123456789], memory.decay: [0.123456789]}";
        Matrix(Long).Variants.Select(v => v.Name).ShouldBe(["matrix-1", "matrix-2"]);
    }

    [Fact]
    public void Another_spelling_of_a_number_is_the_same_run() =>
        Matrix("{train.anchor.fraction: [0.25]}").RunId.ShouldBe(_study.Spoil("study.yaml", "0.25", "25%").Experiment().RunId);

    [Fact]
    public void A_matrix_is_the_run_of_the_variants_that_it_makes()
    {
        var listed = _study
            .Spoil("study.yaml", Variants, "variants: {replace: {train: {data: replace}}, accumulate: {train: {data: accumulate}}}\n")
            .Experiment()
            .RunId;
        _study
            .Spoil(
                "study.yaml",
                "variants: {replace: {train: {data: replace}}, accumulate: {train: {data: accumulate}}}",
                "matrix: {train.data: [replace, accumulate]}"
            )
            .Experiment()
            .RunId.ShouldBe(listed);
    }

    [Fact]
    public void Listed_variants_follow_those_of_the_matrix() =>
        _study
            .Spoil("study.yaml", Variants, "variants: {frozen: {train: none}}\nmatrix: {train.epochs: [1, 2]}\n")
            .Experiment()
            .Variants.Select(v => v.Name)
            .ShouldBe(["epochs-1", "epochs-2", "frozen"]);

    [Fact]
    public void A_value_may_be_a_list_of_rules() =>
        Matrix("{curate: [[{dedupe: 0.8}, keep-none]]}").Variants.ShouldHaveSingleItem().Curate.ShouldBe([new Dedupe(0.8), new KeepNone()]);

    [Theory]
    [InlineData("{}", "7:9: matrix: found no setting, expected at least one, such as train.epochs: [1, 2, 4]")]
    [InlineData("[1]", "7:9: matrix: found a list, expected a mapping of settings, each with a list of values, such as [1, 2, 4]")]
    [InlineData("{train.epochs: 1}", "7:24: matrix.train.epochs: found '1', expected a list of values, such as [1, 2, 4]")]
    [InlineData("{train.epochs: []}", "7:24: matrix.train.epochs: found an empty list, expected a list of values, such as [1, 2, 4]")]
    [InlineData(
        "{train: {epochs: [1]}}",
        "7:17: matrix.train: found a mapping, expected a list of values, such as [1, 2, 4]; write the whole key with points, such as train.anchor.fraction"
    )]
    [InlineData("{train.epochs: [1, 0]}", "7:28: matrix.train.epochs: found '0', expected a whole number from 1 to 1000")]
    [InlineData(
        "{train.epochs: [1, 0], train.data: [replace, accumulate]}",
        "7:28: matrix.train.epochs: found '0', expected a whole number from 1 to 1000"
    )]
    [InlineData(
        "{train.epohcs: [1, 2]}",
        "7:10: matrix.train.epohcs: the key is unknown, expected one of backend, command, learning-rate-multiplier, batch-size, method, rank, alpha, beta, rejected, data, anchor, real-examples, draw, start, epochs, steps, examples, tokens, learning-rate, gate; did you mean 'epochs'?"
    )]
    [InlineData(
        "{gate: [none]}",
        "7:10: matrix.gate: found 'gate', expected a setting that a variant may have, with its section, such as train.epochs; did you mean 'train.gate'?"
    )]
    [InlineData(
        "{temperature: [1, 2]}",
        "7:10: matrix.temperature: found 'temperature', expected a setting that a variant may have, with its section, such as train.epochs; did you mean 'generate.temperature' or 'reflect.temperature'?"
    )]
    [InlineData(
        "{trian.epochs: [1, 2]}",
        "7:10: matrix.trian.epochs: found 'trian.epochs', expected a setting that a variant may have, with its section, such as train.epochs; did you mean 'train'?"
    )]
    [InlineData(
        "{epochs: [1, 2]}",
        "7:10: matrix.epochs: found 'epochs', expected a setting that a variant may have, with its section, such as train.epochs; did you mean 'train.epochs'?"
    )]
    [InlineData(
        "{seed: [1, 2]}",
        "7:10: matrix.seed: all variants of a run share it, so that they can be compared; a variant may set generate, reflect, memory, train, curate and model"
    )]
    [InlineData(
        "{train.every: [12, 24]}",
        "7:10: matrix.train.every: all variants of a run have the same round length, so that generations are comparable; set train.every for the experiment"
    )]
    [InlineData(
        "{train.anchor: [{fraction: 0}], train.anchor.fraction: [0.1]}",
        "7:41: matrix.train.anchor.fraction: train.anchor sets this too, so a variant would have two values; keep one of them"
    )]
    [InlineData(
        "{train.epochs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], generate.top-k: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], memory.recall: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}",
        "7:9: matrix: 10 x 10 x 11 values are 1,100 variants, expected at most 1,000: remove values"
    )]
    [InlineData(
        "{train.data: [replace]}\nvariants: {replace: {train: none}}",
        "8:12: variants.replace: the matrix has a variant of this name, expected another name"
    )]
    public void A_bad_matrix_is_told_once_with_its_place(string matrix, string problem) =>
        _study.Spoil("study.yaml", Variants, $"matrix: {matrix}\n").Problems().ShouldBe([$"study.yaml:{problem}"]);

    [Theory]
    [InlineData("{train.epochs: [1, 2], curate: [[keep-all]], train.gate: [none, {drift: 0.1}]}", true)]
    [InlineData("{}", false)]
    [InlineData("{train.epochs: 1}", false)]
    [InlineData("{train.epochs: []}", false)]
    [InlineData("{epochs: [1]}", false)]
    [InlineData("{seed: [1]}", false)]
    public void The_schema_knows_the_shape_of_a_matrix(string matrix, bool fits)
    {
        var file = Json.Of(Json.File(_study.Spoil("study.yaml", Variants, $"matrix: {matrix}\n").PathOf("study.yaml"))!);
        Validator.Accepts(JsonNode.Parse(ExperimentSchema.Text("experiment"))!, file).ShouldBe(fits);
        _study.Problems().Length.ShouldBe(fits ? 0 : 1);
    }

    [Fact]
    public void A_limit_of_the_model_is_told_at_the_axis() =>
        _study
            .Spoil("study.yaml", Variants, "matrix: {train.method: [lora], train.rank: [8, 256]}\n")
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldStartWith("study.yaml:7:44: matrix.train.rank: ");

    [Fact]
    public void Without_variants_and_matrix_nothing_can_be_compared() =>
        _study
            .Spoil("study.yaml", Variants, "")
            .Problems()
            .ShouldBe([
                "study.yaml:1:1: variants: the key is missing, expected at least one variant, such as {keep-all: {curate: [keep-all]}}, or a matrix",
            ]);

    [Fact]
    public void The_limits_of_a_plan_hold_for_the_whole_product() =>
        _study
            .Spoil("study.yaml", Variants, "matrix: {train.epochs: [1, 2, 3]}\n")
            .Problems("replicates=400000")
            .ShouldHaveSingleItem()
            .ShouldContain("3 variants x 400000 replicates are 1,200,000 instances");

    [Fact]
    public void What_is_not_meant_is_told_at_the_axis()
    {
        var study = _study.Spoil("study.yaml", Variants, "matrix: {generate.candidates: [1, 4], train.epochs: [1, 2]}\n");
        study
            .Load("train.every=1", "replicates=9")
            .Advice.Select(a => $"{a.At.Line}:{a.At.Column} {a.Key}: {a.Text}")
            .ShouldBe([
                "7:31 matrix.generate.candidates: 4 candidates are sampled but the first is always used; pick by a score, or sample one",
            ]);
    }

    [Fact]
    public void A_value_of_the_experiment_that_the_matrix_always_replaces_is_told() =>
        _study
            .Spoil("study.yaml", Variants, "matrix: {train.epochs: [1, 2]}\n")
            .Load("train.epochs=3", "train.every=1", "replicates=9")
            .Advice.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "--set train.epochs=3: note: train.epochs: the matrix sets this in every variant, so the experiment's own value is not used"
            );

    private Experiment Matrix(string matrix) => _study.Spoil("study.yaml", Variants, $"matrix: {matrix}\n").Experiment();
}
