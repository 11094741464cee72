using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the curation rule <c>judge</c>.</summary>
internal static class JudgeReader
{
    private const int MostSamples = 64;

    private static readonly NumberRange Scores = new(-1000, 1000);

    public static ModelJudge? Read(FieldReader field)
    {
        if (field.Section("{rubric, keep, samples, quorum, without-quorum, model, ...}") is not { } s)
            return null;
        var path = s.Need("rubric", "the path of a rubric", "what the judge rates by: a file, relative to this one") is { } named
            ? TextFile.Referred(named, "the rubric")
            : null;
        var rubric = path is null ? null : RubricFile.Read(path, s.Problems);
        var keep = s.Need("keep", "{at-least: a score}", "which answers pass")?.Section("{at-least: a score}");
        var atLeast = keep?.Need("at-least", "a score", "the lowest mean of the ratings that passes")?.Real(0, Scores) ?? 0;
        keep?.Close();
        var samples = s.Whole(
            "samples",
            Defaults.JudgeSamples,
            1,
            MostSamples,
            "ratings asked for; every second one sees the scale from its other end"
        );
        var most = s.Find("quorum", "ratings that a mean needs; more than half of samples by default");
        var quorum = (int)(most?.Whole(samples / 2 + 1, 1, most.Asked is null ? samples : MostSamples) ?? samples / 2 + 1);
        var without = s.Word("without-quorum", Keywords.Undecided, Vote.Reject, "what happens to an answer with fewer ratings");
        var failures = s.Word(
            "on-failure",
            Keywords.JudgeFailures,
            fallback: false,
            "what follows when the last attempt at a rating failed too: the instance is parked, or it counts as an answer without a rating"
        );
        Sampling sampling = Defaults.Judging with
        {
            Temperature = s.Real("temperature", Defaults.Judging.Temperature, NumberRange.UpTo(2), "0 to 2; low for a judge"),
            MaxTokens = s.Whole("max-tokens", Defaults.Judging.MaxTokens, 1, 100_000, "greatest length of a judge's answer"),
        };
        var model = s.Find("model", "the judge's own model behind OpenAI's API; by default the run's hosted model")?.Section() is { } m
            ? Model(m)
            : null;
        s.Close();
        return rubric is null || s.Problems.Any
            ? null
            : new ModelJudge(
                $"{rubric.Name}-{Canonical.Digest(rubric, model, sampling)[..8]}",
                rubric,
                samples,
                sampling,
                atLeast,
                quorum,
                without,
                model,
                failures
            );
    }

    private static JudgeModel Model(Section s)
    {
        var address = s.Find("base-url", "address of any server that implements OpenAI's API", Defaults.BaseUrl);
        var key = s.Find(
            "key-env",
            "the environment variable that holds the key, never the key itself; none for a server that needs no key",
            Defaults.KeyEnv
        );
        JudgeModel model = new(
            ModelReader.Name(s.Need("chat", "the name of the judge's chat model")),
            ModelReader.BaseUrl(address),
            new JudgeConnection(
                ModelReader.KeyEnv(key),
                TimeReader
                    .Wait(
                        s.Find(
                            "timeout",
                            "time limit of a call: a whole number and s, m or h, at most 1h",
                            TimeReader.Text(Defaults.Timeout)
                        ),
                        Defaults.Timeout
                    )
                    .TotalSeconds,
                s.Whole("retries", Defaults.Retries, 0, 10, "further attempts after a failure that a retry may fix"),
                s.Word(
                    "token-limit",
                    Keywords.TokenLimits,
                    Defaults.TokenLimit,
                    "the request parameter that limits an answer's length; older servers use max_tokens"
                ),
                BudgetReader.JudgePrices(s),
                BudgetReader.Limits(s)
            ),
            ServerReader.Reasoning(s)
        );
        if (address is not null && ModelReader.IsInTheClear(model.Connection!.KeyEnv, model.BaseUrl))
            address.Problems.Warn(
                address.At,
                address.Path,
                $"the key in {model.Connection.KeyEnv} would be sent to another machine unencrypted; expected https"
            );
        s.Close();
        return model;
    }
}
