using System.Text;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

public sealed class RunIdTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void The_canonical_form_is_fixed() =>
        Encoding.UTF8.GetString(Canonical.Form(_study.Experiment())).ShouldBe(Golden[..^1] + ",\"loopVersion\":3}");

    [Fact]
    public void The_canonical_form_of_the_first_version_of_the_loop_is_what_it_was_before_there_was_a_second() =>
        Encoding.UTF8.GetString(Canonical.Form(_study.Experiment("loop-version=1"))).ShouldBe(Golden);

    [Fact]
    public void The_digest_of_the_canonical_form_is_fixed() => _study.Experiment("loop-version=1").RunId.ShouldBe("study-e9efb531");

    [Fact]
    public void The_quickstart_of_release_0_1_is_the_run_that_it_was() =>
        ExperimentFile
            .Load(Path.Combine(Repository.Config, "experiments", "quickstart-0.1.yaml"))
            .Experiment.ShouldNotBeNull()
            .RunId.ShouldBe("quickstart-331f16cc");

    [Fact]
    public void The_quickstart_is_the_run_that_its_documents_show() =>
        ExperimentFile
            .Load(Path.Combine(Repository.Config, "experiments", "quickstart.yaml"))
            .Experiment.ShouldNotBeNull()
            .RunId.ShouldBe("quickstart-224165f3");

    [Fact]
    public void A_moved_file_is_the_same_run()
    {
        var before = _study.Experiment().RunId;
        _study
            .Write("far/away/people.yaml", Study.Charter)
            .Write("far/away/corpus.yaml", File.ReadAllText(_study.PathOf("corpus.yaml")))
            .Write("far/away/topics.yaml", File.ReadAllText(_study.PathOf("topics.yaml")));
        _study
            .Experiment($"charter={_study.PathOf("far/away/people.yaml")}", $"model.corpus={_study.PathOf("far/away/corpus.yaml")}")
            .RunId.ShouldBe(before);
    }

    [Fact]
    public void Saying_a_default_or_a_comment_changes_nothing()
    {
        var before = _study.Experiment().RunId;
        _study.Spoil("study.yaml", "name: study", "name: study # a comment\nseed: 1\nreplicates: 5\ntick: 60s");
        _study.Experiment().RunId.ShouldBe(before);
    }

    [Theory]
    [InlineData("name=other")]
    [InlineData("loop-version=1")]
    [InlineData("seed=2")]
    [InlineData("replicates=6")]
    [InlineData("epoch=2026-01-02")]
    [InlineData("tick=2m")]
    [InlineData("model.preset=small")]
    [InlineData("model.records=500")]
    [InlineData("model.seed=2")]
    [InlineData("stimuli.count=2")]
    [InlineData("stimuli.internal-every=3")]
    [InlineData("generate.candidates=2")]
    [InlineData("generate.pick=quality")]
    [InlineData("generate.temperature=0.7")]
    [InlineData("generate.top-k=1")]
    [InlineData("generate.top-p=0.9")]
    [InlineData("generate.max-tokens=9")]
    [InlineData("generate.attempts=1")]
    [InlineData("reflect.insight-threshold=61")]
    [InlineData("train.method=lora")]
    [InlineData("train={every: 2, method: lora, rank: 9}")]
    [InlineData("train={every: 2, method: lora, alpha: 9}")]
    [InlineData("train.method=dpo")]
    [InlineData("train={every: 2, method: dpo, beta: 0.2}")]
    [InlineData("memory.recall=1")]
    [InlineData("memory.recency=2")]
    [InlineData("memory.importance=2")]
    [InlineData("memory.relevance=2")]
    [InlineData("memory.decay=0.9")]
    [InlineData("memory.capacity=9")]
    [InlineData("memory.forget=oldest")]
    [InlineData("train=none")]
    [InlineData("train.every=1")]
    [InlineData("train.data=replace")]
    [InlineData("train.data=window(1)")]
    [InlineData("train.anchor.fraction=10%")]
    [InlineData("train.anchor.fresh=false")]
    [InlineData("train.start=base")]
    [InlineData("train.epochs=1")]
    [InlineData("train.learning-rate=0.1")]
    [InlineData("train.gate.heldout-rise=1")]
    [InlineData("train.gate.drift=1")]
    [InlineData("train.gate.anchor-rise=1")]
    [InlineData("train.gate.repeats=1")]
    [InlineData("variants.keep-all.curate=[keep-none]")]
    [InlineData("variants.keep-all.curate=[{dedupe: 0.8}]")]
    [InlineData("variants.more={}")]
    public void Any_other_value_is_another_run(string set) =>
        _study.Load(set).Experiment.ShouldNotBeNull().RunId.ShouldNotBe(_study.Experiment().RunId);

    [Theory]
    [InlineData("charter.yaml", "I am AiMe.", "I am AiMe!")]
    [InlineData("probes.yaml", " bad", " old")]
    [InlineData("probes.yaml", "probes:\n", "neutral: Speak.\nprobes:\n")]
    [InlineData("stimuli.jsonl", "It rains.", "It snows.")]
    [InlineData("topics.yaml", "{}", "{ }")]
    public void Another_content_of_a_named_file_is_another_run(string file, string before, string after)
    {
        var id = _study.Experiment().RunId;
        _study.Spoil(file, before, after).Experiment().RunId.ShouldNotBe(id);
    }

    // On one line; broken here to be read.
    private static readonly string Golden = """
        {"form":1,"name":"study","seed":"0000000000000001","replicates":5,"epoch":"2026-01-01 00:00:00","tick":60,"every":2,"model":{"provider":"nano","preset":"tiny","corpus":"b0df3a15cc2025d32b9395a5435947645e7737cb9213c77ba60c2c756951b4b1","records":32000,"seed":"0000000000000001"},"internalEvery":0,
        "charter":{"name":"AiMe","stem":"I am AiMe.","traits":["curious"],"values":["honesty"],"goals":["learn"],"voice":["Be short."],"selfModel":"I am small.","drives":[{"id":"want","topic":"goals","text":"What do I want?"}]},
        "probes":{"choices":[{"id":"new","measures":"curious","asks":[{"ask":"What is new?","stem":"New is"},{"ask":"Is it new?","stem":"It is"}],"options":[" good"," bad"],"keyed":0}],"open":[{"id":"who","asks":["Who are you?"]}],"neutral":"Say something."},
        "stimuli":[{"id":"s1","text":"Who are you?","topic":"self","internal":false,"check":null},{"id":"s2","text":"What is 3 plus 4?","topic":"numbers","internal":false,"check":"7"},{"id":"s3","text":"It rains.","topic":"general","internal":false,"check":null}],
        "variants":[{"name":"keep-all","self":{"candidates":1,"pick":null,"sampling":{"temperature":0.8,"topK":0,"topP":0.95,"maxTokens":48},"attempts":3},
        "memory":{"recall":2,"recency":1,"importance":1,"relevance":1,"decay":0.995,"capacity":1000,"forget":"weakest"},
        "reflector":{"insightThreshold":60,"sampling":{"temperature":0.6,"topK":0,"topP":0.95,"maxTokens":40},"attempts":2},
        "curate":[{"rule":"keep-all"}],
        "trainer":{"train":true,"data":"accumulate","window":1,"anchor":0.3,"freshAnchor":true,"start":"continued","epochs":2,"learningRate":0.001,"gate":{"heldOutRise":null,"drift":null,"anchorRise":null,"repeats":null}}}]}
        """.ReplaceLineEndings("");
}
