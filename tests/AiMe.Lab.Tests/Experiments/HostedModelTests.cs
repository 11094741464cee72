using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.Runs;
using AiMe.Models.OpenAi;

namespace AiMe.Lab.Tests.Experiments;

public sealed class HostedModelTests : IDisposable
{
    private const string Hosted = "{provider: openai, chat: some-chat, embeddings: some-embedder}";

    private readonly Study _study = new();

    public HostedModelTests() =>
        _study
            .Spoil("study.yaml", "{corpus: corpus.yaml}", Hosted)
            .Spoil("study.yaml", "[keep-all]}", "[keep-all], train: none}\nreflect: {max-tokens: 200}\n");

    public void Dispose() => _study.Dispose();

    [Fact]
    public void What_is_not_said_has_a_default() =>
        _study
            .Experiment()
            .Model.ShouldBe(
                new OpenAiModel(
                    "some-chat",
                    "some-embedder",
                    "https://api.openai.com/v1",
                    "OPENAI_API_KEY",
                    TimeSpan.FromSeconds(60),
                    Retries: 2,
                    "max_completion_tokens",
                    Dimensions: null,
                    LogProbabilities: true,
                    Samples: 3,
                    Batch: 256
                )
            );

    [Fact]
    public void Every_key_is_read() =>
        _study
            .Experiment(
                "model={provider: openai, chat: c, embeddings: e, base-url: 'http://127.0.0.1:8080/v1/', key-env: none, timeout: 2m, retries: 0, token-limit: max_tokens, dimensions: 256, log-probabilities: false, samples: 5, batch: 1}"
            )
            .Model.ShouldBe(
                new OpenAiModel(
                    "c",
                    "e",
                    "http://127.0.0.1:8080/v1",
                    "none",
                    TimeSpan.FromMinutes(2),
                    0,
                    "max_tokens",
                    256,
                    LogProbabilities: false,
                    5,
                    1
                )
            );

    /// <summary>What is set, and the one problem that it is.</summary>
    public static TheoryData<string, string> Wrong =>
        new()
        {
            {
                "model.preset=tiny",
                "model.preset: this is a key of provider nano, the embedded model, and the provider is openai; expected one of openai's keys: chat, embeddings, base-url, key-env"
            },
            {
                "model.timout=60s",
                "model.timout: the key is unknown, expected one of provider, chat, embeddings, base-url, key-env, timeout, retries, token-limit, dimensions, log-probabilities, samples, batch, reasoning, leave-out, requests-per-minute, tokens-per-minute, prices, scoring, chat-template, send-names, held-out; did you mean 'timeout'?"
            },
            { "model={provider: openai, embeddings: e}", "model.chat: the key is missing, expected the name of the chat model" },
            { "model.chat=a b", "model.chat: found a name of 3 characters with white space, expected the name of a model" },
            {
                "model.base-url=localhost:8080",
                "model.base-url: expected an address of http or https without user, query and fragment, such as https://api.openai.com/v1"
            },
            { "model.base-url=https://me:secret@host/v1", "model.base-url: expected an address of http or https without user" },
            {
                "model.key-env=sk-0123456789",
                "model.key-env: expected the name of an environment variable, such as OPENAI_API_KEY, or none for a server that needs no key; never put the key itself into an experiment"
            },
            { "model.timeout=2h", "model.timeout: found '2h', expected a duration from 1s to 1h" },
            { "model.retries=11", "model.retries: found '11', expected a whole number from 0 to 10" },
            {
                "model.token-limit=max_token",
                "model.token-limit: found 'max_token', expected a token limit parameter: max_completion_tokens, max_tokens; did you mean 'max_tokens'?"
            },
            { "model.reasoning=autos", "model.reasoning: found 'autos', expected auto, none, or {open, close}; did you mean 'auto'?" },
            { "model.reasoning={open: a}", "model.reasoning.close: the key is missing, expected the mark after the reasoning" },
            { "model.reasoning={open: a, close: ''}", "model.reasoning.close: the mark is empty" },
            { "model.reasoning={close: [a]}", "model.reasoning.close: found" },
            { "model.leave-out=[seeds]", "model.leave-out[0]: found 'seeds', expected a request parameter: response-format, seed," },
            { "model.leave-out=[seed, seed]", "model.leave-out[1]: found 'seed' twice, expected once" },
            { "model.leave-out=seed", "model.leave-out: found 'seed', expected a list of request parameters" },
            { "model.scoring=echo", "model.scoring: found 'echo', expected a way of scoring: none, auto, prompt-logprobs, completions" },
            { "model.chat-template=chatml", "model.chat-template: it is used for scoring alone; expected model.scoring: auto" },
            { "model.send-names=maybe", "model.send-names: found 'maybe', expected true or false" },
            {
                "variants.keep-all={train: none, curate: [{min: {score: alignment, at-least: 0.5}}], reflect: {form: text}}",
                "variants.keep-all.reflect.form: a reflection in plain text has no alignment and no quality, by which this variant is curated"
            },
            { "model.samples=0", "model.samples: found '0', expected a whole number from 1 to 64" },
            { "model.requests-per-minute=0", "model.requests-per-minute: found '0', expected a whole number from 1 to 1000000" },
            {
                "model.tokens-per-minute=2m",
                "model.tokens-per-minute: found '2m', expected a whole number from 1 to 999999999, optionally followed by k or M, such as 2M"
            },
            { "model.prices={input: 1, output: 2}", "model.prices.embeddings: the key is missing, expected a price" },
            {
                "model.prices={input: -1, output: 2, embeddings: 1}",
                "model.prices.input: found '-1', expected a number in [0, 1000000000]"
            },
            {
                "model.prices={input: 1e30, output: 2, embeddings: 1}",
                "model.prices.input: found '1e30', expected a number in [0, 1000000000]"
            },
            { "budget=nothing", "budget: found 'nothing', expected usd, tokens or both, or none to lift a budget" },
            { "budget={}", "budget: it sets no limit; expected usd, tokens or both" },
            {
                "budget.tokens=-1",
                "budget.tokens: found '-1', expected a whole number from 0 to 999999999999, optionally followed by k or M"
            },
            { "budget={tokens: 2M, on-exceed: stop}", "budget.on-exceed: found 'stop', expected an action: pause" },
            {
                "budget.usd=5",
                "budget.usd: dollars are counted with model.prices, which is missing; expected model.prices: {input, output, embeddings}, or budget.tokens"
            },
            { "variants.keep-all.budget={tokens: 1}", "variants.keep-all.budget: " },
            {
                "variants.keep-all.train={epochs: 1}",
                "variants.keep-all.train: a hosted model is not trained in this process; expected none, or train.backend: openai (the server's fine-tuning API) or command (a program of your own)"
            },
            {
                "variants.more={curate: [keep-all]}",
                "train: a hosted model is not trained in this process; expected none, or train.backend"
            },
            {
                "variants.keep-all.train={backend: opnai}",
                "variants.keep-all.train.backend: found 'opnai', expected a backend: nano, openai, command; did you mean 'openai'?"
            },
            {
                "variants.keep-all.train={backend: command}",
                "variants.keep-all.train.command: the key is missing, expected a list of the program and its arguments, such as [python3, train.py]"
            },
            {
                "variants.keep-all.train={backend: command, command: ./train.sh --fast}",
                "variants.keep-all.train.command: found './train.sh --fast', expected a list of the program and its arguments"
            },
            {
                "variants.keep-all.train={backend: command, command: []}",
                "variants.keep-all.train.command: found an empty list, expected a list of the program"
            },
            {
                "variants.keep-all.train={backend: openai, command: [sh]}",
                "variants.keep-all.train.command: this is a key of backend command, and the backend is openai"
            },
            {
                "variants.keep-all.train={backend: command, command: [sh], batch-size: 4}",
                "variants.keep-all.train.batch-size: this is a key of backend openai, and the backend is command"
            },
            {
                "variants.keep-all.train={backend: openai, batch-size: 0}",
                "variants.keep-all.train.batch-size: found '0', expected a whole number from 1 to 256"
            },
            {
                "variants.keep-all.train={backend: openai, learning-rate: 0.01}",
                "variants.keep-all.train.learning-rate: the server sets the learning rate; expected learning-rate-multiplier"
            },
            {
                "variants.keep-all.train={backend: openai, anchor: {fraction: 0.2}}",
                "variants.keep-all.train.anchor: there is no corpus to draw anchor text from under openai"
            },
            {
                "generate.pick=alignment",
                "generate.pick: alignment of a candidate is unknown under openai: it comes with the reflection, after the answer is picked; expected first, coherence, self-reference or correctness"
            },
            { "generate.pick=perplexity", "generate.pick: perplexity of a candidate is unknown under openai; expected first" },
            { "generate.top-k=40", "generate.top-k: OpenAI's API has no top-k; expected 0, and top-p in its place" },
            { "variants.keep-all.reflect={max-tokens: 40}", "variants.keep-all.reflect.max-tokens: a reflection of 40 tokens is cut off" },
            {
                "variants.keep-all.curate=[{top: {score: perplexity, fraction: 0.5}}]",
                "variants.keep-all.curate: perplexity is unknown under openai; expected another score"
            },
        };

    [Fact]
    public void What_a_run_may_cost_and_how_fast_it_may_ask_is_read_and_is_no_part_of_what_it_is()
    {
        var bound = _study.Experiment(
            "budget={usd: 5.5, tokens: 2M, on-exceed: pause}",
            "model.prices={input: 0.15, output: 0.6, embeddings: 0.02, training: 3}",
            "model.requests-per-minute=500",
            "model.tokens-per-minute=200k"
        );
        bound.Budget.ShouldBe(new Budget(2_000_000, 5.5m, new TokenPrices(0.15m, 0.6m, 0.02m, 3)));
        _study.Experiment("budget=none").Budget.ShouldBe(Budget.None);
        var model = (OpenAiModel)bound.Model;
        (model.Prices, model.Limits).ShouldBe((new TokenPrices(0.15m, 0.6m, 0.02m, 3), new CallLimits(500, 200_000)));
        (model.Origin.Prices, model.Origin.Limits).ShouldBe((model.Prices, model.Limits));
        bound.RunId.ShouldBe(_study.Experiment().RunId);
        _study.Experiment().Budget.ShouldBeNull();
        _study
            .Experiment("model.requests-per-minute=500")
            .Model.ShouldBe(((OpenAiModel)_study.Experiment().Model) with { Limits = new(500, null) });
    }

    [Fact]
    public void Dollars_are_not_promised_for_jobs_without_a_price_of_training() =>
        _study
            .Problems("variants.keep-all.train={backend: openai}", "model.prices={input: 1, output: 2, embeddings: 1}", "budget.usd=1")
            .ShouldHaveSingleItem()
            .ShouldContain("training jobs cost money too, and model.prices has no training price");

    [Fact]
    public void The_embedded_model_has_no_budget()
    {
        using Study embedded = new();
        embedded
            .Problems("budget={tokens: 5}")
            .ShouldHaveSingleItem()
            .ShouldContain("budget: the embedded model costs nothing; remove the key, or set provider: openai");
    }

    [Fact]
    public void A_trainer_outside_is_read_and_a_variant_inherits_it()
    {
        var api = _study
            .Experiment("variants.keep-all.train={backend: openai, learning-rate-multiplier: 0.5, batch-size: 4}")
            .Variants[0]
            .Trainer;
        (api.Train, api.Backend, api.Anchor).ShouldBe((true, new ExternalTraining.FineTuningApi(0.5, 4), 0.0));
        var variant = _study
            .Experiment("train={every: 2, backend: command, command: [python3, train.py, 8]}", "variants.keep-all.train={epochs: 7}")
            .Variants[0]
            .Trainer;
        variant.Epochs.ShouldBe(7);
        variant.Backend.ShouldBeOfType<ExternalTraining.OwnCommand>().Line.ShouldBe(["python3", "train.py", "8"]);
    }

    [Fact]
    public void Who_trains_is_part_of_what_the_run_is() =>
        _study
            .Experiment("variants.keep-all.train={backend: command, command: [a]}")
            .RunId.ShouldNotBe(_study.Experiment("variants.keep-all.train={backend: command, command: [b]}").RunId);

    [Fact]
    public void The_embedded_model_is_trained_by_nobody_else()
    {
        using Study embedded = new();
        embedded
            .Problems("variants.keep-all.train={backend: openai}")
            .ShouldHaveSingleItem()
            .ShouldContain("variants.keep-all.train.backend: the embedded model is trained in this process; expected nano");
    }

    [Theory]
    [InlineData(
        "variants.keep-all.train={backend: openai}",
        "a round keeps 2 experiences at most, and OpenAI's service rejects training sets of fewer than 10 examples"
    )]
    [InlineData(
        "variants.keep-all.train={backend: openai}",
        "OpenAI is closing its fine-tuning service: no new users since May 2026, and no new jobs from 6 January 2027; other servers keep the API"
    )]
    [InlineData(
        "variants.keep-all.train={backend: command, command: [no-such-program]}",
        "no executable program 'no-such-program' was found on the path"
    )]
    [InlineData(
        "variants.keep-all.train={backend: command, command: [sh], gate: {heldout-rise: 5%}}",
        "heldout-rise and anchor-rise cannot be checked under openai"
    )]
    public void What_jobs_cannot_do_or_may_cost_is_advised(string set, string advice) =>
        _study.Load(set).Advice.ShouldContain(p => p.Text.StartsWith(advice, StringComparison.Ordinal));

    [Theory, MemberData(nameof(Wrong))]
    public void What_a_hosted_model_cannot_do_is_told_with_its_key(string set, string told)
    {
        _study.Problems(set).ShouldHaveSingleItem().ShouldContain(told);
        _study.Load(set).Experiment.ShouldBeNull();
    }

    [Theory]
    [InlineData("key-env: sk-secret-0123456789")]
    [InlineData("base-url: 'https://me:sk-secret-0123456789@host/v1'")]
    public void A_secret_in_the_file_is_refused_and_not_repeated(string key) =>
        _study
            .Spoil("study.yaml", "chat: some-chat", $"chat: some-chat, {key}")
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldNotContain("secret");

    [Fact]
    public void Keys_of_openai_are_refused_under_nano() =>
        _study
            .Problems("model={corpus: corpus.yaml, chat: some-chat}")
            .ShouldContain(p =>
                p.Contains("model.chat: this is a key of provider openai, and the provider is nano", StringComparison.Ordinal)
            );

    [Fact]
    public void A_key_in_the_clear_is_warned_of_where_it_leaves_the_machine()
    {
        _study
            .Problems("model.base-url=http://far.example/v1")
            .ShouldHaveSingleItem()
            .ShouldContain(
                "warning: model.base-url: the key in OPENAI_API_KEY would be sent to another machine unencrypted; expected https"
            );
        _study.Problems("model.base-url=http://127.0.0.1:1/v1").ShouldBeEmpty();
    }

    [Fact]
    public void Wordings_that_are_no_multiple_of_the_options_are_warned_of() =>
        _study
            .Spoil("probes.yaml", "[\" good\", \" bad\"]", "[\" good\", \" bad\", \" odd\"]")
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldContain("has 2 wordings and 3 options, so position bias does not cancel");

    [Theory]
    [InlineData("model.chat=other")]
    [InlineData("model.embeddings=other")]
    [InlineData("model.base-url=http://127.0.0.1:1/v1")]
    [InlineData("model.dimensions=256")]
    [InlineData("model.log-probabilities=false")]
    [InlineData("model.samples=5")]
    [InlineData("model.reasoning=none")]
    [InlineData("model.reasoning={close: </think>}")]
    [InlineData("model.leave-out=[seed]")]
    [InlineData("model.leave-out=[log-probabilities]")]
    [InlineData("model.scoring=auto")]
    [InlineData("model.send-names=true")]
    public void Another_model_is_another_run(string set) => _study.Experiment(set).RunId.ShouldNotBe(_study.Experiment().RunId);

    [Theory]
    [InlineData("model.timeout=5m")]
    [InlineData("model.retries=9")]
    [InlineData("model.batch=1")]
    [InlineData("model.key-env=OTHER_KEY")]
    [InlineData("model.token-limit=max_tokens")]
    [InlineData("model.reasoning=auto")]
    [InlineData("model.leave-out=[]")]
    [InlineData("model.scoring=none")]
    [InlineData("model.send-names=false")]
    [InlineData("reflect={max-tokens: 200, form: json}")]
    [InlineData("model.leave-out=[stream-options, encoding-format]")]
    public void How_the_server_is_reached_can_be_mended_and_the_run_goes_on(string set) =>
        _study.Experiment(set).RunId.ShouldBe(_study.Experiment().RunId);

    [Fact]
    public void What_a_server_that_scores_text_makes_known_can_be_used()
    {
        var experiment = _study
            .Write(
                "text.jsonl",
                """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Who?"},{"role":"assistant","content":"I."}]}"""
            )
            .Experiment(
                "model.scoring=completions",
                "model.chat-template=llama3",
                $"model.held-out={_study.PathOf("text.jsonl")}",
                "reflect={max-tokens: 20, form: text}",
                "generate.pick=alignment",
                "variants.keep-all.curate=[{top: {score: perplexity, fraction: 0.5}}]"
            );
        var model = (OpenAiModel)experiment.Model;
        (model.Origin.Scoring, model.Origin.ChatTemplate, model.Origin.SendNames).ShouldBe(("completions", "llama3", false));
        model.Origin.HeldOut.ShouldNotBeNull().Exchanges.ShouldBe(1);
        experiment.Variants[0].Reflector.Form.ShouldBe(ReflectionForm.Text);
        var plain = ((OpenAiModel)_study.Experiment().Model).Origin;
        (plain.Scoring, plain.ChatTemplate, plain.SendNames, plain.HeldOut).ShouldBe((null, null, false, null));
    }

    [Fact]
    public void Scorings_are_counted_beforehand()
    {
        var (plain, scored) = (_study.Experiment(), _study.Experiment("model.scoring=auto"));
        var model = (OpenAiModel)scored.Model;
        var (calls, costs) = (HostedCalls.Of(scored, model), HostedCosts.Of(scored, model));
        calls.Least.ShouldBeGreaterThan(HostedCalls.Of(plain, model with { Scoring = null }).Least + 64);
        calls.Most.ShouldBeGreaterThan(calls.Least);
        costs.Most.Input.ShouldBeGreaterThan(costs.Least.Input);
        costs.Least.Input.ShouldBeGreaterThan(HostedCosts.Of(plain, model with { Scoring = null }).Least.Input);
    }

    [Fact]
    public void Another_form_of_reflections_is_another_run() =>
        _study
            .Experiment("model.scoring=auto", "reflect={max-tokens: 200, form: text}")
            .RunId.ShouldNotBe(_study.Experiment("model.scoring=auto").RunId);

    [Fact]
    public void Plain_reflections_without_scoring_are_warned_of() =>
        _study
            .Problems("reflect={max-tokens: 200, form: text}")
            .ShouldContain(p => p.Contains("tells no alignment and no quality", StringComparison.Ordinal));

    [Theory]
    [InlineData("{", "found no JSON object")]
    [InlineData("7", "found no JSON object")]
    [InlineData("""{"text":"I."}""", "found neither messages nor prompt and completion")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].role is 'tool', expected system, user or assistant")]
    [InlineData("""{"messages":[{"role":"user","content":7}]}""", "messages[0].content is no text")]
    [InlineData("""{"messages":[{"role":"user","content":"Who?"}]}""", "the last message is no answer of the assistant")]
    [InlineData("""{"messages":[{"role":"assistant","content":"I."}]}""", "there is nothing before the answer")]
    public void Held_out_text_that_cannot_be_scored_is_told_with_its_file_and_line(string line, string told)
    {
        _study.Write("text.jsonl", """{"prompt":"Who?","completion":"I."}""" + $"\n\n{line}\n");
        _study
            .Problems("model.scoring=auto", $"model.held-out={_study.PathOf("text.jsonl")}")
            .ShouldContain(p => p.Contains("text.jsonl:3:1", StringComparison.Ordinal) && p.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void The_habits_of_a_server_are_read_and_written_to_the_plan_of_the_run()
    {
        var model = (OpenAiModel)
            _study
                .Experiment("model.reasoning={open: '', close: </think>}", "model.leave-out=[stream-options, seed, log-probabilities]")
                .Model;
        model.Origin.Reasoning.ShouldBe(new ReasoningTags("", "</think>"));
        model.Origin.LeaveOut!.Value.ShouldBe(["stream-options", "seed"]);
        model.LogProbabilities.ShouldBeFalse();
        var options = PreparedOpenAi.Connect(model.Origin with { KeyEnv = PreparedOpenAi.NoKey }, meter: null).Options;
        options.Reasoning.ShouldBe(ReasoningMarks.Between("", "</think>"));
        options.LeftOut.Select(r => (r.Parameter, r.Instead)).ShouldBe([("stream-options", ""), ("seed", "")]);
        ((OpenAiModel)_study.Experiment("model.reasoning=none").Model).Origin.Reasoning.ShouldBe(ReasoningTags.None);
        var plain = ((OpenAiModel)_study.Experiment().Model).Origin;
        (plain.Reasoning, plain.LeaveOut).ShouldBe((null, null));
        _study
            .Experiment("model.leave-out=[seed, top-p]")
            .RunId.ShouldBe(_study.Experiment("model.leave-out=[top-p, seed, stream-options]").RunId, "the order says nothing");
        _study
            .Experiment("model.leave-out=[log-probabilities]")
            .RunId.ShouldBe(_study.Experiment("model.log-probabilities=false").RunId, "both say the same");
    }

    [Theory]
    [InlineData("https://host/v1/chat/completions", "it ends in the path of a call, which AiMe adds itself; expected https://host/v1")]
    [InlineData("http://127.0.0.1:11434", "its path has no version, and most servers have their API under /v1: http://127.0.0.1:11434/v1")]
    [InlineData("https://host/openai/v1", null)]
    [InlineData("https://host/v1beta/openai", null)]
    [InlineData("https://api.deepseek.com", null)]
    public void A_base_url_that_is_surely_wrong_is_advised_against(string url, string? advice) =>
        _study
            .Load($"model.base-url={url}")
            .Advice.Where(p => p.Key == "model.base-url")
            .Select(p => p.Text)
            .ShouldBe(advice is null ? [] : [advice]);
}
