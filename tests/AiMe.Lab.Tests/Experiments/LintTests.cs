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

    [Fact]
    public void An_allowance_for_empty_answers_is_told_under_the_version_of_the_loop_that_takes_none() =>
        Advised("loop-version: 1", "a: {curate: [allow-empty, keep-all]}")
            .ShouldHaveSingleItem()
            .ShouldEndWith("allow-empty: under loop-version 1 an answer without text is a failed call, so the rule changes nothing");

    [Theory]
    [InlineData("a: {curate: [{min: {score: charter-axis, at-least: 0}}]}", "charter-axis", "nothing is kept")]
    [InlineData("a: {curate: [{top: {score: current-perplexity, fraction: 50%}}]}", "current-perplexity", "nothing is kept")]
    [InlineData("a: {generate: {candidates: 2, pick: charter-axis}}", "charter-axis", "the first candidate is always used")]
    public void A_score_that_the_version_of_the_loop_does_not_measure_is_told(string variant, string score, string then) =>
        Advised("loop-version: 2", variant)
            .ShouldHaveSingleItem()
            .ShouldEndWith($"{score} is measured from loop-version 3 on: it is undefined, so {then}");

    [Theory]
    [InlineData("replicates: 6", "a: {curate: [{dedupe: 0.9}]}\n  b:")]
    [InlineData("replicates: 2", "a:\n  b: {train: none}")]
    [InlineData("generate: {candidates: 4, pick: quality}", "a:")]
    [InlineData("replicates: 6", "a: {curate: [{dedupe: 0.9}]}\n  b:\n  c: {train: none}")]
    [InlineData("seed: 1", "a: {train: {data: window(2)}}")]
    public void What_may_be_meant_is_not_spoken_of(string says, string variants) => Advised(says, variants).ShouldBeEmpty();

    [Theory]
    [InlineData("{random: 0}", "random 0: nothing passes; write keep-none instead")]
    [InlineData("{random: 1}", "random 1: everything passes, so the rule changes nothing")]
    [InlineData("{dedupe: -1}", "dedupe -1: no answer passes after the first kept one, because no cosine is below -1")]
    [InlineData("{min: {score: quality, at-least: 1.5}}", "min quality 1.5: nothing passes, because no quality is above 1")]
    [InlineData(
        "{min: {score: perplexity, at-least: 0}}",
        "min perplexity 0: no perplexity is below 1, so only answers without this score are rejected"
    )]
    [InlineData(
        "{top: {score: quality, fraction: 1}}",
        "top 100% by quality of the last 24: every answer with this score passes, whatever its quality"
    )]
    [InlineData(
        "{top: {score: quality, fraction: 50%, window: 1}}",
        "top 50% by quality of the last 1: an answer is compared with itself alone, so every answer with this score passes"
    )]
    [InlineData(
        "{top: {score: quality, fraction: 50%, window: 9}}",
        "top 50% by quality of the last 9: an instance has 3 experiences, so a window of 9 always contains all earlier ones"
    )]
    [InlineData("{novelty: {min: 0}}", "novelty 0 to 2: every novelty is from 0 to 2, so the rule changes nothing")]
    [InlineData("{dedupe: 0.9}, {dedupe: 0.9}", "dedupe 0.9: the same rule occurs before it, so this one changes nothing")]
    [InlineData(
        "{random: 0.5}, {random: 0.4}",
        "random 0.4: all random rules of a policy share one draw, so together they pass the smallest of their shares"
    )]
    public void A_rule_that_cannot_decide_as_it_says_is_told(string rules, string advice) =>
        Advised("seed: 1", $"a: {{curate: [{rules}]}}").ShouldBe([$"study.yaml:9:15: warning: variants.a.curate: {advice}"]);

    [Theory]
    [InlineData("{random: 0.5}")]
    [InlineData("{min: {score: correctness, at-least: 1}}")]
    [InlineData("{min: {score: coherence, at-least: -2}}")]
    [InlineData("{min: {score: charter-axis, at-least: 0.1}}")]
    [InlineData("{min: {score: current-perplexity, at-least: 1.5}}")]
    [InlineData("{top: {score: quality, fraction: 50%}}")]
    [InlineData("{novelty: {min: 0.1}}")]
    public void A_rule_that_may_decide_is_not_spoken_of(string rule) => Advised("seed: 1", $"a: {{curate: [{rule}]}}").ShouldBeEmpty();

    [Theory]
    [InlineData(
        "reflect: {insight-threshold: 31}",
        "reflect.insight-threshold: an instance has 3 experiences of importance 10 at most, so no insight is ever formed"
    )]
    [InlineData(
        "memory: {recency: 0, importance: 0, relevance: 0}",
        "memory.recall: recency, importance and relevance have weight 0, so the newest memories are recalled, whatever they say"
    )]
    [InlineData("train: {every: 1, gate: {drift: 1}}", "train.gate: no drift is above 1 bit, so this bound is never exceeded")]
    [InlineData(
        "train: {every: 1, gate: {repeats: 100%}}",
        "train.gate: no share of repeats is above 100%, so this bound is never exceeded"
    )]
    public void A_bound_that_is_never_reached_is_told(string says, string advice) =>
        Advised(says, "a:").ShouldHaveSingleItem().ShouldEndWith(advice);

    [Fact]
    public void Stimuli_beyond_the_count_are_told() =>
        Noted("study.yaml", "stimuli.jsonl}", "stimuli.jsonl, count: 2}")
            .ShouldBe("stimuli.count: the first 2 of 3 stimuli are used, the last 1 is not");

    [Fact]
    public void A_trait_that_no_probe_measures_is_told() =>
        Noted("charter.yaml", "[curious]", "[curious, patient, kind]")
            .ShouldBe(
                "probes.set: no probe measures the traits 'patient', 'kind' of the charter, so the measured drift does not include them"
            );

    [Fact]
    public void Drives_for_which_there_is_no_time_are_told()
    {
        _study.Spoil("study.yaml", "every: 2", "every: 1").Spoil("study.yaml", "stimuli.jsonl}", "stimuli.jsonl, internal-every: 3}");
        Noted("charter.yaml", "drives:\n", "drives:\n  - {id: self, topic: self, text: Who am I?}\n")
            .ShouldBe("stimuli.internal-every: an instance asks itself 1 question, so the drive 'want' of the charter never occurs");
    }

    [Fact]
    public void A_second_wording_of_an_open_probe_is_told_to_be_unused() =>
        Noted("probes.yaml", "[\"Who are you?\"]", "[\"Who are you?\", \"What are you?\"]")
            .ShouldBe("probes.set: only the first wording of the open probe 'who' is asked");

    [Fact]
    public void A_part_of_the_corpus_that_is_not_included_is_told() =>
        Noted("corpus.yaml", "include: [topics.yaml]\n", "")
            .ShouldBe("model.corpus: the grammar does not include the file 'topics.yaml' beside it");

    // The one note of a changed file.
    private string Noted(string file, string right, string wrong)
    {
        _study.Spoil(file, right, wrong);
        if (File.ReadAllText(_study.PathOf("study.yaml")).Contains("every: 2", StringComparison.Ordinal))
            _study.Spoil("study.yaml", "every: 2", "every: 1");
        var note = _study.Load().Advice.ShouldHaveSingleItem();
        note.ToString().ShouldContain(": note: ");
        return $"{note.Key}: {note.Text}";
    }

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
