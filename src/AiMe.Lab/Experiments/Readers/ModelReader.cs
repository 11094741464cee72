using System.Text.RegularExpressions;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>model</c>: a provider, and the keys that it has.</summary>
internal static partial class ModelReader
{
    private const string NamePattern = @"^\S{1,200}$",
        UrlPattern = "^https?://[^@?#\\s]+$",
        KeyPattern = "^(none|[A-Z_][A-Z0-9_]*)$";

    private static readonly string[] NanoKeys = ["preset", "corpus", "records", "seed"];

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
        "requests-per-minute",
        "tokens-per-minute",
        "prices",
    ];

    /// <summary>The base model, or null where something is wrong with it.</summary>
    public static BaseModel? Read(Section? s)
    {
        BaseModel? model = null;
        foreach (
            var (provider, keys) in s?.Cases(
                "provider",
                Keywords.Providers,
                Defaults.Provider,
                p => p != Provider.Command,
                "where the model comes from: nano is the embedded one, openai one behind OpenAI's API"
            ) ?? []
        )
        {
            model = provider switch
            {
                Provider.Nano => Nano(keys),
                Provider.OpenAi => OpenAi(keys),
                _ => NotYet(keys),
            };
        }

        return model;
    }

    private static NanoModel? Nano(Section s)
    {
        var preset = s.Word(
            "preset",
            Keywords.Presets,
            Defaults.Preset,
            "the size: tiny has 149,824 parameters, small 1,066,112, base 4,984,064"
        );
        var corpus = s.Need("corpus", "the path of a corpus", "the grammar that the model is born from: a file, relative to this one")
            is { } field
            ? TextFile.Referred(field, "the corpus")
            : null;
        var digest = corpus is null ? null : CorpusFile.Digest(corpus, s.Problems);
        var records = s.Whole(
            "records",
            Defaults.Records(preset),
            1,
            says: $"exchanges of the corpus in its training text; by default {Defaults.Records("small")} for small and "
                + $"{Defaults.Records("base")} for base"
        );
        var seed = s.Seed("seed", Defaults.ModelSeed, "of its first training; experiments with one seed share it");
        s.Close([
            .. OpenAiKeys.Select(key =>
                (
                    key,
                    "this is a key of provider openai, and the provider is nano, the embedded model; expected provider: "
                        + "openai, or one of nano's keys: "
                        + string.Join(", ", NanoKeys)
                )
            ),
        ]);
        return corpus is null || digest is null ? null : new(preset, corpus, digest, records, (ulong)seed);
    }

    private static OpenAiModel OpenAi(Section s)
    {
        OpenAiModel model = new(
            Name(s.Need("chat", "the name of the model that speaks")),
            Name(s.Need("embeddings", "the name of the model that embeds")),
            BaseUrl(s.Find("base-url", "of any server that speaks OpenAI's API", Defaults.BaseUrl)),
            KeyEnv(
                s.Find(
                    "key-env",
                    "the environment variable that holds the key, never the key itself; none for a server that wants none",
                    Defaults.KeyEnv
                )
            ),
            TimeReader.Wait(
                s.Find("timeout", "of one call: a whole number and s, m or h, at most an hour", TimeReader.Text(Defaults.Timeout)),
                Defaults.Timeout
            ),
            s.Whole("retries", Defaults.Retries, 0, 10, "tries after one that failed, where another may help"),
            s.Word(
                "token-limit",
                Keywords.TokenLimits,
                Defaults.TokenLimit,
                "how the server is told the greatest length of an answer; older ones know max_tokens"
            ),
            s.Find(
                "dimensions",
                "components asked of an embedding, for models that can shorten theirs; the model's own number where it is not given"
            )
                is { } dimensions
                ? (int)dimensions.Whole(1, 1, 8192)
                : null,
            s.Flag("log-probabilities", fallback: true, "asks for log-probabilities; false for models that refuse the question"),
            s.Whole("samples", Defaults.Samples, 1, 64, "answers to one wording of a choice probe where no log-probabilities come"),
            s.Whole("batch", Defaults.Batch, 1, 2048, "texts embedded in one request")
        )
        {
            Limits = BudgetReader.Limits(s),
            Prices = BudgetReader.Prices(s),
        };
        if (IsInTheClear(model))
            s.Problems.Warn(
                s.Find("base-url")!.At,
                "model.base-url",
                $"the key in {model.KeyEnv} would be sent to another machine in the clear; expected https"
            );
        s.Close([
            .. NanoKeys.Select(key =>
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
                "found 'command', which this version does not run yet; expected nano, the embedded model, or openai, a "
                    + "model behind OpenAI's API"
            );
        return null;
    }

    private static bool IsInTheClear(OpenAiModel model) =>
        model.KeyEnv != PreparedOpenAi.NoKey
        && Uri.TryCreate(model.BaseUrl, UriKind.Absolute, out var url)
        && url is { Scheme: "http", IsLoopback: false };

    private static string Name(FieldReader? field)
    {
        const string Expected = "the name of a model, as the server lists it";
        var name = field?.Text(Expected) ?? "";
        field?.Asked?.Form(NamePattern);
        if (name.Length > 0 && !NameForm().IsMatch(name))
            field!.Fail(
                $"found a name of {name.Length} characters{(name.Any(char.IsWhiteSpace) ? " with blanks" : "")}, expected {Expected}"
            );
        return name;
    }

    // A user or a query in an address could be a secret, and the address stands in the journal.
    private static string BaseUrl(FieldReader? field)
    {
        if (field is null)
            return Defaults.BaseUrl;
        field.Asked?.Form(UrlPattern);
        if (field.Node is ScalarNode { Text: var text } && UrlForm().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _))
            return text.TrimEnd('/');
        field.Fail($"expected an address of http or https without user, query and fragment, such as {Defaults.BaseUrl}");
        return Defaults.BaseUrl;
    }

    // What is found is not repeated: it may be the key itself.
    private static string KeyEnv(FieldReader? field)
    {
        if (field is null)
            return Defaults.KeyEnv;
        field.Asked?.Form(KeyPattern);
        if (field.Node is ScalarNode { IsNothing: false } name && KeyForm().IsMatch(name.Text))
            return name.Text;
        field.Fail(
            $"expected the name of an environment variable, such as {Defaults.KeyEnv}, or none for a server that wants no "
                + "key; a key itself never stands in an experiment"
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
