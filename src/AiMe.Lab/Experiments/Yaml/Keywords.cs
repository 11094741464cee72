using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Runs;
using AiMe.Models.Nano;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A closed set of words and their meanings.</summary>
/// <param name="What">What a message calls a word, such as <c>a score</c>.</param>
internal sealed record Keywords<T>(string What, ImmutableArray<(string Word, T Meaning)> All)
{
    public IEnumerable<string> Names => All.Select(w => w.Word);

    /// <summary>The word for a meaning, or null if there is none.</summary>
    public string? Of(T meaning) => All.FirstOrDefault(w => EqualityComparer<T>.Default.Equals(w.Meaning, meaning)).Word;
}

/// <summary>The words of experiment files.</summary>
internal static class Keywords
{
    public static Keywords<ScoreName> Scores { get; } = new("a score", [.. Enum.GetValues<ScoreName>().Select(s => (s.Text(), s))]);

    /// <summary>
    /// What an answer can be picked by. Novelty is excluded, because the curator measures it after the choice.
    /// </summary>
    public static Keywords<ScoreName?> Pick { get; } =
        new(
            "first or a score",
            [("first", null), .. Enum.GetValues<ScoreName>().Where(s => s != ScoreName.Novelty).Select(s => (s.Text(), (ScoreName?)s))]
        );

    /// <summary>What has a charter, if there are several; true for a variant.</summary>
    public static Keywords<bool> CharterOwners { get; } = new("what has a charter", [("replicate", false), ("variant", true)]);

    public static Keywords<ForgetPolicy> Forget { get; } =
        new("a forgetting policy", [("weakest", ForgetPolicy.Weakest), ("oldest", ForgetPolicy.Oldest)]);

    /// <summary>The models that measure perplexity.</summary>
    public static Keywords<ScoreName> Perplexities { get; } =
        new("a perplexity", [.. new[] { ScoreName.Perplexity, ScoreName.CurrentPerplexity }.Select(s => (s.Text(), s))]);

    /// <summary>Votes of a rule that cannot decide.</summary>
    public static Keywords<Vote> Undecided { get; } =
        new("what happens", [("reject", Vote.Reject), ("hold", Vote.Hold), ("pass", Vote.Pass)]);

    /// <summary>What happens to an answer that cannot be checked; true if it passes.</summary>
    public static Keywords<bool> Uncheckable { get; } = new("what happens", [("reject", false), ("pass", true)]);

    /// <summary>What happens after the last failed call to a judge; true if it counts as an answer without a rating.</summary>
    public static Keywords<bool> JudgeFailures { get; } = new("what happens", [("park", false), ("count", true)]);

    /// <summary>What a search does if the vector store does not answer; true if it waits.</summary>
    public static Keywords<bool> IndexFailures { get; } = new("what a search does", [("scan", false), ("wait", true)]);

    /// <summary>How pgvector searches; true for its approximate index.</summary>
    public static Keywords<bool> PgvectorSearches { get; } = new("a way to search", [("exact", false), ("hnsw", true)]);

    /// <summary>What a judge can be shown beside stimulus and answer.</summary>
    public static Keywords<string> Shown { get; } = new("a part", [("charter", "charter"), ("reflection", "reflection")]);

    /// <summary>Ends of a ranking.</summary>
    public static Keywords<RankOrder> RankOrders { get; } =
        new("an end of the ranking", [("highest", RankOrder.Highest), ("lowest", RankOrder.Lowest)]);

    /// <summary>Where a mean is predicted to be.</summary>
    public static Keywords<PredictedSide> PredictedSides { get; } =
        new("a direction", [("higher", PredictedSide.Higher), ("lower", PredictedSide.Lower)]);

    /// <summary>The test whose rejections are counted.</summary>
    public static Keywords<NullTest> NullTests { get; } = new("a test", [("t", NullTest.StudentT), ("sign-flip", NullTest.SignFlip)]);

    public static Keywords<StartFrom> Start { get; } =
        new("a starting model", [("continued", StartFrom.Continued), ("base", StartFrom.Base), ("untrained", StartFrom.Untrained)]);

    /// <summary>What the end of a round does with held experiences without a verdict.</summary>
    public static Keywords<OnOpen> OnOpen { get; } =
        new("an action", [("wait", Faculties.Curation.OnOpen.Wait), ("leave-out", Faculties.Curation.OnOpen.LeaveOut)]);

    /// <summary>The sizes of the embedded model.</summary>
    public static Keywords<string> ChatTemplates { get; } = new("a chat template", [.. ChatTemplate.Names.Select(n => (n, n))]);

    public static Keywords<string> Presets { get; } = new("a preset", [("tiny", "tiny"), ("small", "small"), ("base", "base")]);

    /// <summary>Providers of models.</summary>
    public static Keywords<Provider> Providers { get; } =
        new(
            "a provider",
            [("nano", Provider.Nano), ("openai", Provider.OpenAi), ("distribution", Provider.Distribution), ("command", Provider.Command)]
        );

    /// <summary>Embedders of this process; null for the one that counts words.</summary>
    public static Keywords<LocalEmbedder?> Embedders { get; } =
        new("an embedder", [("hash", null), (EmbedderAssembly.MiniLm.Name, EmbedderAssembly.MiniLm)]);

    /// <summary>Families of distributions, and whether they are of categories.</summary>
    public static Keywords<bool> Families { get; } = new("a family", [("gaussian", false), ("categorical", true)]);

    /// <summary>Where training runs.</summary>
    public static Keywords<Backend> Backends { get; } =
        new("a backend", [("nano", Backend.Nano), ("openai", Backend.OpenAi), ("command", Backend.Command)]);

    /// <summary>Training methods.</summary>
    public static Keywords<Method> Methods { get; } =
        new("a training method", [("full", Method.Full), ("lora", Method.Lora), ("dpo", Method.Dpo)]);

    /// <summary>Where rejected answers come from.</summary>
    public static Keywords<RejectedFrom> Rejected { get; } =
        new(
            "a source of rejected answers",
            [("candidates", RejectedFrom.Candidates), ("birth", RejectedFrom.Birth), ("untuned", RejectedFrom.Untuned)]
        );

    /// <summary>Units of a training's budget.</summary>
    public static Keywords<BudgetUnit> Units { get; } =
        new("a unit of training", [("steps", BudgetUnit.Steps), ("examples", BudgetUnit.Examples), ("tokens", BudgetUnit.Tokens)]);

    /// <summary>Request parameters that limit an answer's length.</summary>
    public static Keywords<string> TokenLimits { get; } =
        new("a token limit parameter", [("max_completion_tokens", "max_completion_tokens"), ("max_tokens", "max_tokens")]);

    /// <summary>How a hosted model's server scores given text; null for not at all.</summary>
    public static Keywords<string?> Scorings { get; } =
        new("a way of scoring", [("none", null), ("auto", "auto"), ("prompt-logprobs", "prompt-logprobs"), ("completions", "completions")]);

    /// <summary>Forms of a reflection; null for the one that is usual under openai.</summary>
    public static Keywords<ReflectionForm?> ReflectionForms { get; } =
        new("a form of reflections", [("json", null), ("text", ReflectionForm.Text)]);

    /// <summary>Optional parameters of requests, which a server may not take.</summary>
    public static Keywords<string> RequestParameters { get; } =
        new(
            "a request parameter",
            [
                .. (
                    (string[])
                        [
                            Models.RequestParameters.ResponseFormat,
                            Models.RequestParameters.Seed,
                            Models.RequestParameters.LogProbabilities,
                            Models.RequestParameters.Alternatives,
                            Models.RequestParameters.Temperature,
                            Models.RequestParameters.TopP,
                            Models.RequestParameters.EncodingFormat,
                            Models.RequestParameters.StreamOptions,
                        ]
                ).Select(p => (p, p)),
            ]
        );

    /// <summary>What happens when a budget is used up.</summary>
    public static Keywords<string> OnExceed { get; } = new("an action", [("pause", "pause")]);

    /// <summary>Predicted directions of an effect.</summary>
    public static Keywords<EffectDirection> Directions { get; } =
        new(
            "a direction",
            [
                ("either", EffectDirection.Either),
                ("higher", EffectDirection.Higher),
                ("lower", EffectDirection.Lower),
                ("later", EffectDirection.Higher),
                ("sooner", EffectDirection.Lower),
            ]
        );

    /// <summary>The directions that are said of the time at which a bound is crossed.</summary>
    public static ImmutableArray<string> OfTimes { get; } = ["later", "sooner"];

    /// <summary>How intervals are computed.</summary>
    public static Keywords<IntervalMethod> Intervals { get; } =
        new("a kind of interval", [("student", IntervalMethod.Student), ("bca", IntervalMethod.Bca)]);

    public static Keywords<string> StimulusKinds { get; } =
        new("a kind of stimulus", [("question", "question"), ("statement", "statement"), ("problem", "problem")]);

    public static Keywords<ProbeKind> ProbeKinds { get; } =
        new("a kind of probe", [("choice", ProbeKind.Choice), ("open", ProbeKind.Open)]);

    /// <summary>Functions of a text that score a behavioural twin.</summary>
    public static Keywords<string> Behaviours { get; } = new("a behaviour", [.. Metrics.Text.Behaviour.Names.Select(n => (n, n))]);
}

/// <summary>Where a model is trained.</summary>
internal enum Backend
{
    /// <summary>This process: the embedded model.</summary>
    Nano,

    /// <summary>The fine-tuning API of the server that hosts the model.</summary>
    OpenAi,

    /// <summary>A distribution in place of a language model.</summary>
    Distribution,

    /// <summary>A command of the user.</summary>
    Command,
}

/// <summary>How the embedded model is trained.</summary>
internal enum Method
{
    /// <summary>All weights, on kept answers.</summary>
    Full,

    /// <summary>An adapter, on kept answers.</summary>
    Lora,

    /// <summary>An adapter, on preferences.</summary>
    Dpo,
}

/// <summary>A provider of models.</summary>
internal enum Provider
{
    /// <summary>The embedded model.</summary>
    Nano,

    /// <summary>A model behind OpenAI's API.</summary>
    OpenAi,

    /// <summary>A distribution in place of a language model.</summary>
    Distribution,

    /// <summary>A command that trains and serves; not supported yet.</summary>
    Command,
}
