using System.Text.RegularExpressions;

namespace AiMe.Lab;

/// <summary>Reads <c>model</c>: a provider, and the keys that it has.</summary>
internal static partial class ModelReader
{
    private const int LongestName = 200;

    private static readonly string[] NanoKeys = ["preset", "corpus", "records", "seed"];

    private static readonly string[] OpenAiKeys = ["chat", "embeddings", "base-url", "key-env", "timeout", "retries", "token-limit", "dimensions", "log-probabilities", "samples", "batch"];

    /// <summary>The base model, or null where something is wrong with it.</summary>
    public static BaseModel? Read(Section? s)
    {
        if (s is null)
            return null;
        var provider = s.Word("provider", Words.Providers, Defaults.Provider);
        if (provider == Provider.Command)
            s.Find("provider")!.Fail("found 'command', which this version does not run yet; expected nano, the embedded model, or openai, a model behind OpenAI's API");
        return provider switch
        {
            Provider.Nano => Nano(s),
            Provider.OpenAi => OpenAi(s),
            _ => null,
        };
    }

    private static NanoModel? Nano(Section s)
    {
        var preset = s.Word("preset", Words.Presets, Defaults.Preset);
        var corpus = s.Need("corpus", "the path of a corpus") is { } field ? TextFile.Referred(field, "the corpus") : null;
        var digest = corpus is null ? null : CorpusFile.Digest(corpus, s.Problems);
        var records = s.Whole("records", Defaults.Records(preset), 1);
        var seed = s.Find("seed")?.Whole(Defaults.ModelSeed, 0, long.MaxValue) ?? Defaults.ModelSeed;
        s.Close([.. OpenAiKeys.Select(key => (key, "this is a key of provider openai, and the provider is nano, the embedded model; expected provider: openai, or one of nano's keys: " + string.Join(", ", NanoKeys)))]);
        return corpus is null || digest is null ? null : new(preset, corpus, digest, records, (ulong)seed);
    }

    private static OpenAiModel OpenAi(Section s)
    {
        OpenAiModel model = new(
            Name(s.Need("chat", "the name of the model that speaks")),
            Name(s.Need("embeddings", "the name of the model that embeds")),
            BaseUrl(s.Find("base-url")),
            KeyEnv(s.Find("key-env")),
            TimeReader.Wait(s.Find("timeout"), Defaults.Timeout),
            s.Whole("retries", Defaults.Retries, 0, 10),
            s.Word("token-limit", Words.TokenLimits, Defaults.TokenLimit),
            s.Find("dimensions") is { } dimensions ? (int)dimensions.Whole(1, 1, 8192) : null,
            s.Flag("log-probabilities", fallback: true),
            s.Whole("samples", Defaults.Samples, 1, 64),
            s.Whole("batch", Defaults.Batch, 1, 2048));
        if (IsInTheClear(model))
            s.Problems.Warn(s.Find("base-url")!.At, "model.base-url", $"the key in {model.KeyEnv} would be sent to another machine in the clear; expected https");
        s.Close([.. NanoKeys.Select(key => (key, "this is a key of provider nano, the embedded model, and the provider is openai; expected one of openai's keys: " + string.Join(", ", OpenAiKeys)))]);
        return model;
    }

    private static bool IsInTheClear(OpenAiModel model) =>
        model.KeyEnv != OpenAiWorld.NoKey && Uri.TryCreate(model.BaseUrl, UriKind.Absolute, out var url) && url is { Scheme: "http", IsLoopback: false };

    private static string Name(Field? field)
    {
        const string Expected = "the name of a model, as the server lists it";
        var name = field?.Text(Expected) ?? "";
        if (name.Length > LongestName || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            field!.Fail($"found a name of {name.Length} characters{(name.Any(char.IsWhiteSpace) ? " with blanks" : "")}, expected {Expected}");
        return name;
    }

    // A user or a query in an address could be a secret, and the address stands in the journal.
    private static string BaseUrl(Field? field)
    {
        if (field is null)
            return Defaults.BaseUrl;
        var text = field.Text("an address");
        if (text.Length == 0)
            return Defaults.BaseUrl;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" })
            return text.TrimEnd('/');
        field.Fail($"expected an address of http or https without user, query and fragment, such as {Defaults.BaseUrl}");
        return Defaults.BaseUrl;
    }

    // What is found is not repeated: it may be the key itself.
    private static string KeyEnv(Field? field)
    {
        if (field is null)
            return Defaults.KeyEnv;
        if (field.Node is Scalar { IsNothing: false } name && (name.Text == OpenAiWorld.NoKey || VariableForm().IsMatch(name.Text)))
            return name.Text;
        field.Fail($"expected the name of an environment variable, such as {Defaults.KeyEnv}, or none for a server that wants no key; a key itself never stands in an experiment");
        return Defaults.KeyEnv;
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$")]
    private static partial Regex VariableForm();
}
