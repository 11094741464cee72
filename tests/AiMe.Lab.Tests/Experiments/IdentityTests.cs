using System.Text;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The key <c>identity</c>: exchanges that make generation 0.</summary>
public sealed class IdentityTests : IDisposable
{
    private const string Pair = """{"prompt": "Who are you?", "completion": "I am AiMe."}""";

    private const string Hosted = """
        model: {provider: openai, chat: some-chat, embeddings: some-embedder, base-url: "http://127.0.0.1:1/v1", key-env: none}
        """;

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Without_the_key_there_is_none_and_the_run_is_the_one_it_was()
    {
        var before = _study.Experiment().RunId;
        var tuned = With("{data: ex.jsonl}", Pair).Experiment();
        _study.Spoil("study.yaml", "identity: {data: ex.jsonl}\n", "").Experiment().RunId.ShouldBe(before);
        tuned.RunId.ShouldNotBe(before);
        _study.Experiment().Identity.ShouldBeNull();
    }

    [Fact]
    public void Exchanges_stand_after_the_charters_stem_with_the_defaults()
    {
        var tuned = With("{data: ex.jsonl}", Pair).Experiment();
        Encoding
            .UTF8.GetString(tuned.IdentityData.Span)
            .ShouldBe(
                """{"messages":[{"role":"system","name":"charter","content":"I am AiMe."},{"role":"user","name":"stimulus","content":"Who are you?"},{"role":"assistant","name":"answer","content":"I am AiMe."}]}"""
                    + "\n"
            );
        var identity = tuned.Identity.ShouldNotBeNull();
        (identity.Exchanges, identity.Epochs, identity.LearningRate, identity.Anchor).ShouldBe((1, 4, 0.001, 0.8));
        (identity.Budget, identity.Backend).ShouldBe((null, null));
    }

    [Theory]
    [InlineData(
        """{"messages": [{"role": "system", "content": "Be Max."}, {"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "I am AiMe."}]}"""
    )]
    [InlineData("""{"topic": "self", "stimulus": "Who are you?", "answer": "I am AiMe.", "reflection": "So it is."}""")]
    [InlineData("""{"input": "Who are you?", "output": "I am AiMe.", "reflection": ""}""")]
    public void The_forms_that_import_reads_give_the_same_exchanges(string line) =>
        With("{data: ex.jsonl}", line).Experiment().Identity!.Data.ShouldBe(With("{data: ex.jsonl}", Pair).Experiment().Identity!.Data);

    [Theory]
    [InlineData("epochs: 3")]
    [InlineData("steps: 60")]
    [InlineData("learning-rate: 0.01")]
    [InlineData("anchor: {fraction: 20%}")]
    public void Each_option_is_part_of_the_runs_id(string option)
    {
        var usual = With("{data: ex.jsonl}", Pair).Experiment().RunId;
        With($"{{data: ex.jsonl, {option}}}", Pair).Experiment().RunId.ShouldNotBe(usual);
    }

    [Fact]
    public void An_exchange_that_is_not_to_be_trained_on_is_left_out() =>
        With("{data: ex.jsonl}", Pair + "\n" + """{"prompt": "Who?", "completion": "Max.", "label": false}""")
            .Experiment()
            .Identity!.Exchanges.ShouldBe(1);

    [Theory]
    [InlineData("{data: none.jsonl}", Pair, "study.yaml:9:18: identity.data: there is no file 'none.jsonl' (the exchanges)")]
    [InlineData("{epochs: 2}", Pair, "study.yaml:9:11: identity.data: the key is missing, expected the path of a file of exchanges")]
    [InlineData("{data: ex.jsonl, epoch: 2}", Pair, "study.yaml:9:28: identity.epoch: the key is unknown")]
    [InlineData("{data: ex.jsonl, epochs: 2, steps: 3}", Pair, "epochs and steps are both given")]
    [InlineData("{data: ex.jsonl, anchor: {fraction: 1}}", Pair, "identity.anchor.fraction: found '1', expected a fraction")]
    [InlineData("{data: ex.jsonl, backend: openai}", Pair, "identity.backend: the embedded model is trained in this process")]
    [InlineData("{data: ex.jsonl}", "{\"prompt\": \"Who?\"}", "ex.jsonl:1:1: completion: the member is missing")]
    [InlineData("{data: ex.jsonl}", Pair + "\n{", "ex.jsonl:2:")]
    [InlineData("{data: ex.jsonl}", "", "ex.jsonl: the file is empty")]
    public void A_mistake_is_told_with_its_file_and_line(string identity, string data, string problem) =>
        With(identity, data).Problems().ShouldContain(p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void No_variant_may_have_an_identity_of_its_own() =>
        _study
            .Spoil("study.yaml", "keep-all: {curate: [keep-all]}", "keep-all: {identity: {data: ex.jsonl}}")
            .Problems()
            .ShouldContain(p => p.Contains("variants.keep-all.identity", StringComparison.Ordinal));

    [Fact]
    public void A_hosted_model_is_trained_by_the_backend_of_the_run_or_its_own()
    {
        With("{data: ex.jsonl}", Pair)
            .Spoil("study.yaml", "model: {corpus: corpus.yaml}\n", Hosted + "\nreflect: {max-tokens: 100}\n")
            .Spoil("study.yaml", "train: {every: 2}", "train: {every: 2, backend: command, command: [sh, train.sh]}");
        var identity = _study.Experiment().Identity.ShouldNotBeNull();
        identity.Backend.ShouldBe(new ExternalTraining.OwnCommand(["sh", "train.sh"]));
        identity.Anchor.ShouldBe(0);
        ((ModelOrigin)new ModelOrigin.Nano("tiny", 1, 1, "")).Identity.ShouldBeNull();

        _study.Experiment("identity.backend=openai").Identity!.Backend.ShouldBeOfType<ExternalTraining.FineTuningApi>();
    }

    [Fact]
    public void A_hosted_model_without_a_backend_is_told_so() =>
        With("{data: ex.jsonl}", Pair)
            .Spoil("study.yaml", "model: {corpus: corpus.yaml}\n", Hosted + "\nreflect: {max-tokens: 100}\n")
            .Spoil("study.yaml", "train: {every: 2}", "train: none")
            .Problems()
            .ShouldContain(p => p.Contains("identity.backend: a hosted model is not trained in this process", StringComparison.Ordinal));

    private Study With(string identity, string data)
    {
        var own = Study.Small + $"identity: {identity}\n";
        return _study.Write("study.yaml", own).Write("ex.jsonl", data);
    }
}
