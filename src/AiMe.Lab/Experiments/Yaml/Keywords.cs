using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Readers;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A closed set of words and what each means.</summary>
/// <param name="What">What a word is called in a message, such as <c>a score</c>.</param>
internal sealed record Keywords<T>(string What, ImmutableArray<(string Word, T Meaning)> All)
{
    public IEnumerable<string> Names => All.Select(w => w.Word);

    /// <summary>The word for a meaning, or null where none has it.</summary>
    public string? Of(T meaning) => All.FirstOrDefault(w => EqualityComparer<T>.Default.Equals(w.Meaning, meaning)).Word;
}

/// <summary>The words of experiment files.</summary>
internal static class Keywords
{
    public static Keywords<ScoreName> Scores { get; } = new("a score", [.. Enum.GetValues<ScoreName>().Select(s => (s.Text(), s))]);

    /// <summary>What an answer can be picked by. Novelty is not among them: the Curator measures it, after the choice.</summary>
    public static Keywords<ScoreName?> Pick { get; } =
        new(
            "first or a score",
            [("first", null), .. Enum.GetValues<ScoreName>().Where(s => s != ScoreName.Novelty).Select(s => (s.Text(), (ScoreName?)s))]
        );

    public static Keywords<ForgetPolicy> Forget { get; } =
        new("a way of forgetting", [("weakest", ForgetPolicy.Weakest), ("oldest", ForgetPolicy.Oldest)]);

    public static Keywords<StartFrom> Start { get; } =
        new("where a training starts", [("continued", StartFrom.Continued), ("base", StartFrom.Base)]);

    /// <summary>The sizes of the embedded model.</summary>
    public static Keywords<string> Presets { get; } = new("a preset", [("tiny", "tiny"), ("small", "small"), ("base", "base")]);

    /// <summary>Where models come from.</summary>
    public static Keywords<Provider> Providers { get; } =
        new("a provider", [("nano", Provider.Nano), ("openai", Provider.OpenAi), ("command", Provider.Command)]);

    /// <summary>Who trains.</summary>
    public static Keywords<Backend> Backends { get; } =
        new("who trains", [("nano", Backend.Nano), ("openai", Backend.OpenAi), ("command", Backend.Command)]);

    /// <summary>What is trained, and on what.</summary>
    public static Keywords<Method> Methods { get; } =
        new("a way of training", [("full", Method.Full), ("lora", Method.Lora), ("dpo", Method.Dpo)]);

    /// <summary>How a hosted model is told the length of an answer.</summary>
    public static Keywords<string> TokenLimits { get; } =
        new("a name of the limit", [("max_completion_tokens", "max_completion_tokens"), ("max_tokens", "max_tokens")]);

    /// <summary>What happens when a budget is used up.</summary>
    public static Keywords<string> OnExceed { get; } = new("what happens then", [("pause", "pause")]);

    public static Keywords<string> StimulusKinds { get; } =
        new("a kind of stimulus", [("question", "question"), ("statement", "statement"), ("problem", "problem")]);

    public static Keywords<ProbeKind> ProbeKinds { get; } =
        new("a kind of probe", [("choice", ProbeKind.Choice), ("open", ProbeKind.Open)]);
}

/// <summary>Who trains a model.</summary>
internal enum Backend
{
    /// <summary>This process: the embedded model.</summary>
    Nano,

    /// <summary>The fine-tuning API of the server that the model is hosted by.</summary>
    OpenAi,

    /// <summary>A command of the user's own.</summary>
    Command,
}

/// <summary>What of the embedded model is trained, and on what.</summary>
internal enum Method
{
    /// <summary>All weights, on what was kept.</summary>
    Full,

    /// <summary>An adapter, on what was kept.</summary>
    Lora,

    /// <summary>An adapter, on preferences.</summary>
    Dpo,
}

/// <summary>Where a model comes from.</summary>
internal enum Provider
{
    /// <summary>The embedded model.</summary>
    Nano,

    /// <summary>A model behind OpenAI's API.</summary>
    OpenAi,

    /// <summary>A command that trains and serves: not run yet.</summary>
    Command,
}
