using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

public sealed class LintTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    // Each row: what the small experiment says of its one variant and otherwise, and the one advice that this gets.
    public static TheoryData<string, string, string> Unintended =>
        new()
        {
            {
                "replicates: 1",
                "a: {train: none}",
                "study.yaml:2:13: warning: replicates: with one replicate of each variant there is no interval, and no difference can be tested"
            },
            {
                "replicates: 5",
                "a: {curate: [{dedupe: 0.9}]}\n  b:",
                "study.yaml:2:13: warning: replicates: with 5 replicates no difference between the 2 trained variants can be significant, whatever its size; at least 6 are needed"
            },
            {
                "replicates: 6",
                "a: {curate: [{dedupe: 0.9}]}\n  b:\n  c: {generate: {temperature: 1}}",
                "study.yaml:2:13: warning: replicates: with 6 replicates no difference between the 3 trained variants can be significant, whatever its size; at least 7 are needed"
            },
            {
                "train: {every: 2}",
                "a:",
                "study.yaml:2:16: warning: train.every: an instance has 3 experiences in rounds of 2: the last 1 belong to no round and are never trained on"
            },
            {
                "generate: {candidates: 4}",
                "a:",
                "study.yaml:2:24: warning: generate.candidates: 4 candidates are sampled but the first is always used; pick by a score, or sample one"
            },
            {
                "seed: 1",
                "a: {generate: {candidates: 4, pick: quality, temperature: 0}}",
                "study.yaml:9:30: warning: variants.a.generate.candidates: the 4 candidates are identical: only the most likely token can be sampled"
            },
            {
                "seed: 1",
                "a: {generate: {pick: quality}}",
                "study.yaml:9:24: warning: variants.a.generate.pick: there is only one candidate to pick from"
            },
            {
                "generate: {max-tokens: 256}",
                "a:",
                "study.yaml:2:24: warning: generate.max-tokens: the embedded model reads 256 tokens in all, prompt included"
            },
            { "memory: {recall: 3, capacity: 2}", "a:", "study.yaml:2:18: warning: memory.recall: it holds 2 memories and recalls 3" },
            {
                "seed: 1",
                "a: {train: {data: window(3)}}",
                "study.yaml:9:21: warning: variants.a.train.data: an instance has 3 rounds, so a window of 3 is the same as accumulate"
            },
            {
                "train: {every: 1, method: dpo}",
                "a:",
                "study.yaml:2:27: warning: train.method: one answer is sampled, so a kept answer has no alternative to be preferred to and the variant is never trained; set generate.candidates"
            },
            {
                "curate: [keep-none]",
                "a:",
                "study.yaml:2:9: warning: curate: it keeps nothing, so it is never trained; write train: none instead"
            },
            {
                "replicates: 6",
                "a: {curate: [{dedupe: 0.9}]}\n  b:\n  c: {curate: [keep-none]}",
                "study.yaml:11:15: warning: variants.c.curate: it keeps nothing, so it is never trained; write train: none instead"
            },
            {
                "replicates: 6",
                "a: {curate: [{dedupe: 0.9}]}\n  b: {curate: [{dedupe: 90e-2}]}",
                "study.yaml:10:6: warning: variants.b: its settings equal those of a: the two differ only by their seeds"
            },
        };

    [Theory]
    [MemberData(nameof(Unintended))]
    public void What_is_surely_not_meant_is_told_at_its_place(string says, string variants, string advice) =>
        Advised(says, variants).ShouldBe([advice]);

    [Fact]
    public void Drives_that_never_come_are_told() =>
        _study
            .Spoil("study.yaml", "every: 2", "every: 1")
            .Spoil("study.yaml", "stimuli.jsonl}", "stimuli.jsonl, internal-every: 9}")
            .Load()
            .Advice.ShouldHaveSingleItem()
            .Text.ShouldBe("there are 3 stimuli, so no internal drive ever occurs");

    [Fact]
    public void A_rule_by_correctness_without_a_check_is_told()
    {
        _study.Write("stimuli.jsonl", "{\"id\": \"s1\", \"text\": \"One.\"}");
        Advised("seed: 1", "a: {curate: [{min: {score: correctness, at-least: 1}}]}")
            .ShouldHaveSingleItem()
            .ShouldEndWith("correctness needs stimuli with a check, and no stimulus has one: nothing is kept");
    }

    [Theory]
    [InlineData("replicates: 6", "a: {curate: [{dedupe: 0.9}]}\n  b:")]
    [InlineData("replicates: 2", "a:\n  b: {train: none}")]
    [InlineData("generate: {candidates: 4, pick: quality}", "a:")]
    [InlineData("replicates: 6", "a: {curate: [{dedupe: 0.9}]}\n  b:\n  c: {train: none}")]
    [InlineData("seed: 1", "a: {train: {data: window(2)}}")]
    public void What_may_be_meant_is_not_spoken_of(string says, string variants) => Advised(says, variants).ShouldBeEmpty();

    [Fact]
    public void An_experiment_that_cannot_run_gets_problems_and_no_advice() =>
        _study.Spoil("study.yaml", "every: 2", "every: 0").Load("replicates=1").Advice.ShouldBeEmpty();

    private string[] Advised(string says, string variants)
    {
        _study.Spoil("study.yaml", "name: study", $"name: study\n{says}").Spoil("study.yaml", "keep-all: {curate: [keep-all]}", variants);
        if (says.StartsWith("train", StringComparison.Ordinal))
            _study.Spoil("study.yaml", "\ntrain: {every: 2}\nvariants", "\nvariants");
        else
            _study.Spoil("study.yaml", "every: 2", "every: 1");
        var loaded = _study.Load();
        loaded.Problems.ShouldBeEmpty();
        return [.. loaded.Advice.Select(p => p.ToString().Replace(_study.PathOf("study.yaml"), "study.yaml", StringComparison.Ordinal))];
    }
}
