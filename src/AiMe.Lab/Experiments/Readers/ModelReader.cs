using System.Text.RegularExpressions;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>model</c>: a provider and its keys.</summary>
internal static partial class ModelReader
{
    private const string NamePattern = @"^\S{1,200}$",
        UrlPattern = "^https?://[^@?#\\s]+$",
        KeyPattern = "^(none|[A-Z_][A-Z0-9_]*)$";

    /// <summary>The greatest number of passes over a training text.</summary>
    public const int MostEpochs = 1000;

    private static readonly string[] NanoKeys = ["preset", "checkpoint", "context", "chat-template", "corpus", "records", "epochs", "seed"];

    private static readonly string[] OpenAiKeys =
    [
        "chat",
        "embeddings",
        "base-url",
        "key-env",
        "timeout",
        "retries",
        "token-limit",
        "dimensions",
        "log-probabilities",
        "samples",
        "batch",
        "reasoning",
        "leave-out",
        "scoring",
        "chat-template",
        "send-names",
        "held-out",
        "requests-per-minute",
        "tokens-per-minute",
        "prices",
    ];

    /// <summary>The base model, or null if it is invalid.</summary>
    /// <param name="embedder">That of the experiment; null for the provider's own.</param>
    public static BaseModel? Read(Section? s, FieldReader? embedder)
    {
        BaseModel? model = null;
        foreach (
            var (provider, keys) in s?.Cases(
                "provider",
                Keywords.Providers,
                Defaults.Provider,
                p => p != Provider.Command,
                "the provider of the model: nano is the embedded model, openai a model behind OpenAI's API, distribution a distribution in "
                    + "place of a language model"
            ) ?? []
        )
        {
            model = provider switch
            {
                Provider.Nano => Nano(keys),
                Provider.OpenAi => OpenAi(keys, embedder),
                Provider.Distribution => DistributionReader.Read(keys),
                _ => NotYet(keys),
            };
        }

        return model is null ? null : model with { Embedder = EmbedderReader.Of(embedder, model) };
    }

    private static NanoModel? Nano(Section s)
    {
        var preset = s.Word(
            "preset",
            Keywords.Presets,
            Defaults.Preset,
            "the size: tiny has 149,824 parameters, small 1,066,112, base 4,984,064"
        );
        var checkpoint = CheckpointReader.Read(s);
        if (checkpoint is not null)
            preset = ModelOrigin.Nano.OfFolder;
        var corpus = s.Need("corpus", "the path of a corpus", "the grammar that the base model is trained on: a file, relative to this one")
            is { } field
            ? TextFile.Referred(field, "the corpus")
            : null;
        var digest = corpus is null ? null : CorpusFile.Digest(corpus, s.Problems);
        var records = s.Whole(
            "records",
            Defaults.Records(preset),
            1,
            PlanLimits.Records,
            $"exchanges of the corpus in its training text; by default {Defaults.Records("small")} for small and "
                + $"{Defaults.Records("base")} for base"
        );
        var epochs = s.Find(
            "epochs",
            "passes over its training text, for a generation 0 that has learned few exchanges; by default 2 for tiny and base, 1 for small"
        );
        var passes = (int?)epochs?.Whole(1, 1, MostEpochs);
        var seed = s.Seed("seed", Defaults.ModelSeed, "seed of its first training; experiments with the same seed share the model");
        s.Close([
            .. OpenAiKeys
                .Except(NanoKeys)
                .Select(key =>
                    (
                        key,
                        "this is a key of provider openai, and the provider is nano, the embedded model; expected provider: "
                            + "openai, or one of nano's keys: "
                            + string.Join(", ", NanoKeys)
                    )
                ),
        ]);
        return corpus is null || digest is null
            ? null
            : new(preset, corpus, digest, records, (ulong)seed, passes) { Checkpoint = checkpoint };
    }

    private static OpenAiModel OpenAi(Section s, FieldReader? embedder)
    {
        OpenAiModel read = new(
            Name(s.Need("chat", "the name of the chat model")),
            EmbedderReader.Embeddings(s, embedder),
            BaseUrl(s.Find("base-url", "address of any server that implements OpenAI's API", Defaults.BaseUrl)),
            KeyEnv(
                s.Find(
                    "key-env",
                    "the environment variable that holds the key, never the key itself; none for a server that needs no key",
                    Defaults.KeyEnv
                )
            ),
            TimeReader.Wait(
                s.Find("timeout", "time limit of a call: a whole number and s, m or h, at most 1h", TimeReader.Text(Defaults.Timeout)),
                Defaults.Timeout
            ),
            s.Whole("retries", Defaults.Retries, 0, 10, "further attempts after a failure that a retry may fix"),
            s.Word(
                "token-limit",
                Keywords.TokenLimits,
                Defaults.TokenLimit,
                "the request parameter that limits an answer's length; older servers use max_tokens"
            ),
            s.Find("dimensions", "components of an embedding, for models that can shorten theirs; the model's own number by default")
                is { } dimensions
                ? (int)dimensions.Whole(1, 1, 8192)
                : null,
            s.Flag("log-probabilities", fallback: true, "requests log-probabilities; false for models that reject such requests"),
            s.Whole("samples", Defaults.Samples, 1, 64, "answers to each wording of a choice probe without log-probabilities"),
            s.Whole("batch", Defaults.Batch, 1, 2048, "texts embedded in one request")
        )
        {
            Reasoning = ServerReader.Reasoning(s),
            LeaveOut = ServerReader.LeaveOut(s),
            Limits = BudgetReader.Limits(s),
            Prices = BudgetReader.Prices(s),
        };
        var model = ScoringReader.Read(s, ServerReader.WithoutLikelihoods(read));
        if (IsInTheClear(model.KeyEnv, model.BaseUrl))
            s.Problems.Warn(
                s.Find("base-url")!.At,
                "model.base-url",
                $"the key in {model.KeyEnv} would be sent to another machine unencrypted; expected https"
            );
        s.Close([
            .. NanoKeys
                .Except(OpenAiKeys)
                .Select(key =>
                    (
                        key,
                        "this is a key of provider nano, the embedded model, and the provider is openai; expected one of openai's keys: "
                            + string.Join(", ", OpenAiKeys)
                    )
                ),
        ]);
        return model;
    }

    private static BaseModel? NotYet(Section s)
    {
        s.Find("provider")!
            .Fail(
                "found 'command', which this version does not support yet; expected nano, the embedded model, openai, a "
                    + "model behind OpenAI's API, or distribution"
            );
        return null;
    }

    internal static bool IsInTheClear(string keyEnv, string baseUrl) =>
        keyEnv != PreparedOpenAi.NoKey
        && Uri.TryCreate(baseUrl, UriKind.Absolute, out var url)
        && url is { Scheme: "http", IsLoopback: false };

    internal static string Name(FieldReader? field)
    {
        const string Expected = "the name of a model, as the server lists it";
        var name = field?.Text(Expected) ?? "";
        field?.Asked?.Form(NamePattern);
        if (name.Length > 0 && !NameForm().IsMatch(name))
            field!.Fail(
                $"found a name of {name.Length} characters{(name.Any(char.IsWhiteSpace) ? " with white space" : "")}, expected {Expected}"
            );
        return name;
    }

    // A user or a query in an address could be a secret, and the address is written to the journal.
    internal static string BaseUrl(FieldReader? field)
    {
        if (field is null)
            return Defaults.BaseUrl;
        field.Asked?.Form(UrlPattern);
        if (field.Node is ScalarNode { Text: var text } && UrlForm().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _))
            return text.TrimEnd('/');
        field.Fail($"expected an address of http or https without user, query and fragment, such as {Defaults.BaseUrl}");
        return Defaults.BaseUrl;
    }

    // The message does not repeat the value: it may be the key itself.
    internal static string KeyEnv(FieldReader? field)
    {
        if (field is null)
            return Defaults.KeyEnv;
        field.Asked?.Form(KeyPattern);
        if (field.Node is ScalarNode { IsNothing: false } name && KeyForm().IsMatch(name.Text))
            return name.Text;
        field.Fail(
            $"expected the name of an environment variable, such as {Defaults.KeyEnv}, or none for a server that needs no "
                + "key; never put the key itself into an experiment"
        );
        return Defaults.KeyEnv;
    }

    [GeneratedRegex(NamePattern)]
    private static partial Regex NameForm();

    [GeneratedRegex(UrlPattern)]
    private static partial Regex UrlForm();

    [GeneratedRegex(KeyPattern, RegexOptions.ExplicitCapture)]
    private static partial Regex KeyForm();
}
