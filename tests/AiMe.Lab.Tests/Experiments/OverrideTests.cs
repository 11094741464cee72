using AiMe.Faculties.Curation;

namespace AiMe.Lab.Tests.Experiments;

public sealed class OverrideTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_set_writes_over_a_value_of_the_file() => _study.Experiment("train.every=3").Every.ShouldBe(3);

    [Fact]
    public void A_set_gives_a_value_that_the_file_lacks() => _study.Experiment("memory.recall=7").Variants[0].Memory.Recall.ShouldBe(7);

    [Fact]
    public void The_value_of_a_set_is_yaml() =>
        _study
            .Experiment("variants.keep-all.curate=[{dedupe: 0.8}, {random: 10%}]")
            .Variants[0]
            .Curate.ShouldBe([new Dedupe(0.8), new RandomShare(0.1)]);

    [Fact]
    public void A_variant_set_as_a_whole_is_added() => _study.Experiment("variants.frozen={train: none}").Variants.Length.ShouldBe(2);

    [Fact]
    public void The_last_of_two_sets_wins() => _study.Experiment("seed=3", "seed=4").Seed.Value.ShouldBe(4UL);

    [Theory]
    [InlineData("train.every=0", "--set train.every=0: train.every: found '0', expected a whole number from 1 to 1000000")]
    [InlineData(
        "train.evry=3",
        "--set train.evry=3: train.evry: the key is unknown, expected one of every, backend, command, learning-rate-multiplier, batch-size, method, rank, alpha, beta, rejected, data, anchor, real-examples, draw, start, epochs, steps, examples, tokens, learning-rate, gate; did you mean 'every'?"
    )]
    [InlineData(
        "variants.keep-all.curate=[{dedup: 0.8}]",
        "--set variants.keep-all.curate=[{dedup: 0.8}]: variants.keep-all.curate[0]: found 'dedup', expected a rule: keep-all, keep-none, random, dedupe, min, top, novelty, perplexity, self-reference, verified, judge, allow-empty, matched, review; did you mean 'dedupe'?"
    )]
    [InlineData("train.every", "--set train.every: expected path=value with a dotted path, such as train.every=12")]
    [InlineData("train.epochs=[1, 0]", "--set train.epochs=[1, 0]: matrix.train.epochs: found '0', expected a whole number from 1 to 1000")]
    [InlineData("seed=[1, 2]", "--set seed=[1, 2]: seed: found a list, expected a whole number from 0 to 9223372036854775807")]
    [InlineData(
        "train.every=[1, 2]",
        "--set train.every=[1, 2]: matrix.train.every: all variants of a run have the same round length, so that generations are comparable; set train.every for the experiment"
    )]
    [InlineData("train..every=1", "--set train..every=1: expected path=value with a dotted path, such as train.every=12")]
    [InlineData("seed=", "--set seed=: seed: found nothing, expected a whole number from 0 to 9223372036854775807")]
    [InlineData("name.first=x", "--set name.first=x: name: found 'study' at study.yaml:1:7, which has no 'first'; set 'name' as a whole")]
    [InlineData(
        "variants.keepall.train=none",
        "--set variants.keepall.train=none: variants.keepall: there is no such variant, expected one of keep-all, or all of variants.keepall to add one; did you mean 'keep-all'?"
    )]
    [InlineData(
        "train={every: 2",
        "--set train={every: 2: train: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}'; the '{' at line 1, column 1 is not closed before this place"
    )]
    [InlineData(
        "charter=/nowhere/me.yaml",
        "--set charter=/nowhere/me.yaml: charter: there is no file '/nowhere/me.yaml' (the charter); looked for /nowhere/me.yaml; the folder /nowhere does not exist"
    )]
    public void A_problem_of_a_set_names_the_set(string set, string problem) => _study.Problems(set).ShouldBe([problem]);

    [Theory]
    [InlineData("train.epochs=[1, 2]", "epochs-1,epochs-2,keep-all")]
    [InlineData(
        "train.epochs=[1, 2]|train.data=[replace, accumulate]",
        "epochs-1-replace,epochs-1-accumulate,epochs-2-replace,epochs-2-accumulate,keep-all"
    )]
    [InlineData("train.gate=[none, {drift: 0.2}]", "gate-none,drift-0p2,keep-all")]
    [InlineData("train.epochs=[1, 2]|train.epochs=[3]", "epochs-3,keep-all")]
    [InlineData("train.epochs=[1, 2]|train.epochs=3", "keep-all")]
    [InlineData("matrix.train.epochs=[1, 2]", "epochs-1,epochs-2,keep-all")]
    [InlineData("matrix={train.epochs: [1, 2]}|train.data=[replace]", "epochs-1-replace,epochs-2-replace,keep-all")]
    [InlineData("matrix.curate=[[keep-none], [{dedupe: 0.9}]]", "keep-none,dedupe-0p9,keep-all")]
    [InlineData("curate=[keep-none]", "keep-all")]
    public void A_list_for_a_setting_that_takes_one_value_is_an_axis_of_the_matrix(string sets, string variants) =>
        _study.Experiment(sets.Split('|')).Variants.Select(v => v.Name).ShouldBe(variants.Split(','));

    [Fact]
    public void A_set_mends_what_is_wrong_in_the_file() =>
        _study.Spoil("study.yaml", "every: 2", "every: 0").Experiment("train.every=1").Every.ShouldBe(1);
}
