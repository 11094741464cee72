namespace AiMe.Lab.Tests.Experiments;

public sealed class ExperimentProblemTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    // Each row: what the small experiment says, what it says instead, and the one problem that this is.
    public static TheoryData<string, string, string> Spoiled =>
        new()
        {
            {
                "train: {every: 2}",
                "train: {evry: 2}",
                "study.yaml:6:9: train.evry: the key is unknown, expected one of every, backend, command, learning-rate-multiplier, batch-size, method, rank, alpha, beta, rejected, data, anchor, real-examples, draw, start, epochs, steps, examples, tokens, learning-rate, gate; did you mean 'every'?"
            },
            {
                "name: study",
                "name: My Study",
                "study.yaml:1:7: name: found 'My Study', expected a name of lower-case letters, digits and hyphens that begins with a letter or digit"
            },
            {
                "name: study",
                "name: a-name-of-forty-one-characters-is-too-lon",
                "study.yaml:1:7: name: found a name of 41 characters, expected at most 40"
            },
            {
                "name: study",
                "nam: study",
                "study.yaml:1:1: name: the key is missing, expected the experiment's name|study.yaml:1:1: nam: the key is unknown, expected one of name, loop-version, seed, replicates, epoch, tick, charter, charters, model, embedder, identity, stimuli, probes, budget, generate, reflect, memory, train, curate, variants, matrix, events, analysis, replication; did you mean 'name'?"
            },
            { "name: study", "name:", "study.yaml:1:6: name: found nothing, expected a name of lower-case letters, digits and hyphens" },
            {
                "name: study",
                "name: study\nseed: -1",
                "study.yaml:2:7: seed: found '-1', expected a whole number from 0 to 9223372036854775807"
            },
            {
                "name: study",
                "name: study\nseed: 9223372036854775808",
                "study.yaml:2:7: seed: found '9223372036854775808', expected a whole number from 0 to 9223372036854775807"
            },
            {
                "name: study",
                "name: study\nreplicates: 0",
                "study.yaml:2:13: replicates: found '0', expected a whole number from 1 to 1000000"
            },
            {
                "name: study",
                "name: study\nreplicates: 2.5",
                "study.yaml:2:13: replicates: found '2.5', expected a whole number from 1 to 1000000"
            },
            {
                "name: study",
                "name: study\nepoch: yesterday",
                "study.yaml:2:8: epoch: found 'yesterday', expected a time in UTC, such as 2026-01-01 00:00:00"
            },
            {
                "name: study",
                "name: study\ntick: 90",
                "study.yaml:2:7: tick: found '90', expected a duration from 1s to 1000d: a whole number and s, m, h or d, such as 1m"
            },
            {
                "name: study",
                "name: study\nepoch: 9999-12-31\ntick: 1d",
                "study.yaml:3:7: tick: 3 cycles of 1.00:00:00 after 9999-12-31 end after the year 9999; expected a shorter tick"
            },
            {
                "{corpus: corpus.yaml}",
                "{provider: command, corpus: corpus.yaml}",
                "study.yaml:3:19: model.provider: found 'command', which this version does not support yet; expected nano, the embedded model, openai, a model behind OpenAI's API, or distribution"
            },
            {
                "{corpus: corpus.yaml}",
                "{provider: nanoo, corpus: corpus.yaml}",
                "study.yaml:3:19: model.provider: found 'nanoo', expected a provider: nano, openai, distribution, command; did you mean 'nano'?"
            },
            {
                "{corpus: corpus.yaml}",
                "{preset: smal, corpus: corpus.yaml}",
                "study.yaml:3:17: model.preset: found 'smal', expected a preset: tiny, small, base; did you mean 'small'?"
            },
            { "{corpus: corpus.yaml}", "nano", "study.yaml:3:8: model: found 'nano', expected a mapping of keys and values" },
            {
                "{corpus: corpus.yaml}",
                "{records: 0, corpus: corpus.yaml}",
                "study.yaml:3:18: model.records: found '0', expected a whole number from 1 to 1000000"
            },
            { "{corpus: corpus.yaml}", "{}", "study.yaml:3:8: model.corpus: the key is missing, expected the path of a corpus" },
            {
                "source: stimuli.jsonl",
                "source: stimuli.jsonl, count: 4",
                "study.yaml:4:41: stimuli.count: found 4, but stimuli.jsonl has 3 stimuli; expected at most 3"
            },
            {
                "source: stimuli.jsonl",
                "source: stimuli.jsonl, count: -4",
                "study.yaml:4:41: stimuli.count: found '-4', expected a whole number from 1 to 1000000"
            },
            {
                "source: stimuli.jsonl",
                "source: stimuli.jsonl, internal-every: -1",
                "study.yaml:4:50: stimuli.internal-every: found '-1', expected a whole number from 0 to 1000000"
            },
            {
                "train: {every: 2}",
                "generate: {temperature: 2.5}",
                "study.yaml:6:25: generate.temperature: found '2.5', expected a number in [0, 2]"
            },
            {
                "train: {every: 2}",
                "generate: {temperature: .nan}",
                "study.yaml:6:25: generate.temperature: found '.nan', expected a number in [0, 2]"
            },
            { "train: {every: 2}", "generate: {top-p: 0}", "study.yaml:6:19: generate.top-p: found '0', expected a number in (0, 1]" },
            {
                "train: {every: 2}",
                "generate: {candidates: 0}",
                "study.yaml:6:24: generate.candidates: found '0', expected a whole number from 1 to 64"
            },
            {
                "train: {every: 2}",
                "generate: {pick: allignment}",
                "study.yaml:6:18: generate.pick: found 'allignment', expected first or a score: first, alignment, quality, coherence, perplexity, self-reference, correctness, current-perplexity, charter-axis; did you mean 'alignment'?"
            },
            {
                "train: {every: 2}",
                "generate: {pick: novelty}",
                "study.yaml:6:18: generate.pick: the curator measures novelty after the answer is picked; pick by another score, or curate with novelty"
            },
            {
                "train: {every: 2}",
                "reflect: {insight-threshold: 0}",
                "study.yaml:6:30: reflect.insight-threshold: found '0', expected a number in (0, 1000000]"
            },
            {
                "train: {every: 2}",
                "memory: {recency: -1}",
                "study.yaml:6:19: memory.recency: found '-1', expected a number in [0, 1000000]"
            },
            {
                "train: {every: 2}",
                "memory: {forget: weekest}",
                "study.yaml:6:18: memory.forget: found 'weekest', expected a forgetting policy: weakest, oldest; did you mean 'weakest'?"
            },
            { "train: {every: 2}", "memory: {decay: [1]}", "study.yaml:6:17: memory.decay: found a list, expected a number in (0, 1]" },
            {
                "train: {every: 2}",
                "train: {every: 0}",
                "study.yaml:6:16: train.every: found '0', expected a whole number from 1 to 1000000"
            },
            {
                "train: {every: 2}",
                "train: nune",
                "study.yaml:6:8: train: found 'nune', expected a mapping of keys and values, or none for the control arm; did you mean 'none'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, data: acumulate}",
                "study.yaml:6:25: train.data: found 'acumulate', expected replace, accumulate, or window(n) with n rounds from 1 to 999999; did you mean 'accumulate'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, data: window(0)}",
                "study.yaml:6:25: train.data: found 'window(0)', expected replace, accumulate, or window(n) with n rounds from 1 to 999999; did you mean 'window(3)'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, anchor: {fraction: 101%}}",
                "study.yaml:6:38: train.anchor.fraction: found '101%', expected a fraction in [0, 1] or a percentage"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, anchor: {fresh: yes}}",
                "study.yaml:6:35: train.anchor.fresh: found 'yes', expected true or false"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, gate: {drift: 1.5}}",
                "study.yaml:6:33: train.gate.drift: found '1.5', expected a fraction in [0, 1] or a percentage, or none"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, gate: {drift: nine}}",
                "study.yaml:6:33: train.gate.drift: found 'nine', expected a fraction in [0, 1] or a percentage, or none; did you mean 'none'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, gate: nune}",
                "study.yaml:6:25: train.gate: found 'nune', expected a mapping of bounds, or none for no bounds; did you mean 'none'?"
            },
            {
                "name: study",
                "name: study\nloop-version: 5",
                "study.yaml:2:15: loop-version: found '5', expected a whole number from 1 to 4"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, anchor: {fresh: tru}}",
                "study.yaml:6:35: train.anchor.fresh: found 'tru', expected true or false; did you mean 'true'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, method: loar}",
                "study.yaml:6:27: train.method: found 'loar', expected a training method: full, lora, dpo; did you mean 'lora'?"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, method: lora, rank: 0}",
                "study.yaml:6:39: train.rank: found '0', expected a whole number from 1 to 256"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, method: lora, alpha: 0}",
                "study.yaml:6:40: train.alpha: found '0', expected a number in (0, 1000000]"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, method: dpo, beta: -1}",
                "study.yaml:6:38: train.beta: found '-1', expected a number in (0, 1000]"
            },
            {
                "train: {every: 2}",
                "train: {every: 2, start: bas}",
                "study.yaml:6:26: train.start: found 'bas', expected a starting model: continued, base, untrained; did you mean 'base'?"
            },
            {
                "[keep-all]",
                "[keepall]",
                "study.yaml:8:23: variants.keep-all.curate[0]: found 'keepall', expected a rule: keep-all, keep-none, random, dedupe, min, top, novelty, perplexity, self-reference, verified, judge, allow-empty, matched, review; did you mean 'keep-all'?"
            },
            {
                "[keep-all]",
                "[]",
                "study.yaml:8:22: variants.keep-all.curate: found an empty list, expected a list of rules, such as [keep-all]"
            },
            {
                "[keep-all]",
                "keep-all",
                "study.yaml:8:22: variants.keep-all.curate: found 'keep-all', expected a list of rules, such as [keep-all]"
            },
            { "[keep-all]", "[dedupe]", "study.yaml:8:23: variants.keep-all.curate[0]: dedupe needs an argument, such as {dedupe: 0.9}" },
            {
                "[keep-all]",
                "[{keep-all: 1}]",
                "study.yaml:8:34: variants.keep-all.curate[0].keep-all: found '1', but keep-all takes no argument; write just keep-all"
            },
            {
                "[keep-all]",
                "[{dedupe: 0.9, random: 0.5}]",
                "study.yaml:8:23: variants.keep-all.curate[0]: found a mapping, expected a rule, such as keep-all or {dedupe: 0.9}; write each rule as a separate list item"
            },
            {
                "[keep-all]",
                "[{dedupe: 90}]",
                "study.yaml:8:32: variants.keep-all.curate[0].dedupe: found '90', expected a number in [-1, 1]"
            },
            {
                "[keep-all]",
                "[{random: 150%}]",
                "study.yaml:8:32: variants.keep-all.curate[0].random: found '150%', expected a fraction in [0, 1] or a percentage"
            },
            {
                "[keep-all]",
                "[{top: {score: alignment, fraction: 0}}]",
                "study.yaml:8:58: variants.keep-all.curate[0].top.fraction: found '0', expected a fraction in (0, 1] or a percentage"
            },
            {
                "[keep-all]",
                "[{top: {score: alignment}}]",
                "study.yaml:8:29: variants.keep-all.curate[0].top.fraction: the key is missing, expected the share that passes, in (0, 1]"
            },
            {
                "[keep-all]",
                "[{top: {score: novel, fraction: 0.5}}]",
                "study.yaml:8:37: variants.keep-all.curate[0].top.score: found 'novel', expected a score: alignment, quality, novelty, coherence, perplexity, self-reference, correctness, current-perplexity, charter-axis; did you mean 'novelty'?"
            },
            {
                "[keep-all]",
                "[{top: {score: quality, fraction: 0.5, window: 0}}]",
                "study.yaml:8:69: variants.keep-all.curate[0].top.window: found '0', expected a whole number from 1 to 512"
            },
            {
                "[keep-all]",
                "[{min: {score: quality}}]",
                "study.yaml:8:29: variants.keep-all.curate[0].min.at-least: the key is missing, expected a number"
            },
            {
                "[keep-all]",
                "[{novelty: {min: 1, max: 0.5}}]",
                "study.yaml:8:33: variants.keep-all.curate[0].novelty: min 1 is above max 0.5, so nothing would pass"
            },
            {
                "[keep-all]",
                "[keep-all, {dedupe: 0.9}]",
                "study.yaml:8:33: warning: variants.keep-all.curate[1]: this rule is never reached: the one before it decides every case"
            },
            {
                "keep-all: {",
                "Keep All: {",
                "study.yaml:8:3: variants.Keep All: found 'Keep All', expected a name of lower-case letters, digits and hyphens that begins with a letter or digit"
            },
            {
                "keep-all: {",
                "supervisor: {",
                "study.yaml:8:3: variants.supervisor: 'supervisor' is the name of a stream in the journal, expected another name"
            },
            {
                "keep-all: {",
                "a-variant-whose-name-is-much-too-long-for-any-run: {",
                "study.yaml:8:3: variants.a-variant-whose-name-is-much-too-long-for-any-run: the name 'run/instance' would be 66 characters, expected at most 64: shorten the variant's or the experiment's name by 2"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {}\n  a: {}",
                "study.yaml:9:3: variants.a: found twice, expected once; its first use is at study.yaml:8:3"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curate: [{matched: b}]}\n  c: {}",
                "study.yaml:8:6: variants.a: found 'matched: b', expected another variant: c"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curate: [{matched: a}]}\n  keep: {}",
                "study.yaml:8:6: variants.a: found 'matched: a', expected another variant: keep"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curate: [{matched: b}]}\n  b: {curate: [{matched: c}]}\n  c: {}",
                "study.yaml:8:6: variants.a: found 'matched: b', whose policy is matched itself; expected a variant with a policy of its own: c"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curate: [{dedupe: 0.9}, {matched: b}]}\n  b: {}",
                "study.yaml:8:15: variants.a.curate: found 'matched: b' among other rules, expected it alone: the policy of b says how many are kept, and the draw which"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curate: [matched]}",
                "study.yaml:8:16: variants.a.curate[0]: matched needs an argument, such as {matched: aligned}"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {train: {every: 3}}",
                "study.yaml:8:15: variants.a.train.every: all variants of a run have the same round length, so that generations are comparable; set train.every for the experiment"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {seed: 3}",
                "study.yaml:8:7: variants.a.seed: all variants of a run share it, so that they can be compared; a variant may set generate, reflect, memory, train, curate and model"
            },
            {
                "keep-all: {curate: [keep-all]}",
                "a: {curat: [keep-all]}",
                "study.yaml:8:7: variants.a.curat: the key is unknown, expected one of generate, memory, reflect, curate, train, model, charter, seeds-of; did you mean 'curate'?"
            },
            {
                "\n  keep-all: {curate: [keep-all]}",
                " {}",
                "study.yaml:7:11: variants: found no variant, expected at least one, such as  keep-all: {curate: [keep-all]}"
            },
            {
                "train: {every: 2}",
                "train: {every: 4}",
                "study.yaml:6:8: warning: train.every: a round is 4 experiences and an instance has 3, so no round completes and nothing is ever trained"
            },
        };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public void A_problem_names_file_line_column_key_and_what_was_expected(string right, string wrong, string problems) =>
        string.Join('|', _study.Spoil("study.yaml", right, wrong).Problems()).ShouldBe(problems);

    [Fact]
    public void All_problems_of_all_files_are_told_at_once() =>
        _study
            .Spoil("study.yaml", "every: 2", "every: 0")
            .Spoil("study.yaml", "keep-all]", "kep-all]")
            .Spoil("charter.yaml", "stem", "stam")
            .Spoil("stimuli.jsonl", "\"s2\"", "\"s1\"")
            .Problems()
            .Length.ShouldBe(5);

    [Fact]
    public void An_experiment_with_an_error_is_not_handed_out() =>
        _study.Spoil("study.yaml", "every: 2", "every: 0").Load().Experiment.ShouldBeNull();

    [Fact]
    public void An_experiment_with_a_mere_warning_is_handed_out() =>
        _study.Spoil("study.yaml", "every: 2", "every: 9").Load().Experiment.ShouldNotBeNull();
}
