using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Populations;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>identity</c>: exchanges that fine-tune the base model into generation 0.</summary>
internal static class IdentityReader
{
    public const string How =
        "exchanges that fine-tune the base model into generation 0, once, before the first stimulus; without this key the base model "
        + "is generation 0";

    /// <summary>The tuning and its exchanges of each charter, in their order; empty if there is none, or if it is invalid.</summary>
    /// <param name="usual">The external training of <c>train</c>, which is that of <c>identity</c> if it names none.</param>
    public static ImmutableArray<(IdentityTuning Tuning, ReadOnlyMemory<byte> Data)> Read(
        FieldReader? field,
        CharterSet? charters,
        BaseModel? model,
        ExternalTraining? usual
    )
    {
        if (field?.Section("{data: the path of a file of exchanges}") is not { } s)
            return [];
        if (model is DistributionModel)
            field.Fail("an identity is made of exchanges in words, and a distribution learns from draws alone; remove the key");
        if (model is NanoModel { Checkpoint: not null })
            field.Fail(
                "an identity is trained into all weights of a model that is trained here, and model.checkpoint names another; remove the "
                    + "key: the charter is in every prompt"
            );
        var usualOptions = Defaults.Identity;
        var (data, drafts) = Exchanges(field, s);
        var backend = BackendReader.Read(s, field.Asked is null && model is OpenAiModel ? usual : null);
        var (epochs, budget) = LengthReader.Read(s, (usualOptions.Epochs, null), backend, usual);
        var rate = s.Find("learning-rate", "learning rate; not of backend openai", SchemaShape.Of(usualOptions.LearningRate));
        if (backend is ExternalTraining.FineTuningApi)
            rate?.Fail("the server sets the learning rate; expected learning-rate-multiplier");
        var learningRate = rate?.Real(usualOptions.LearningRate, NumberRange.UnitAboveZero) ?? usualOptions.LearningRate;
        var anchor = Anchor(s.Find("anchor", "corpus text in the training set, so that the rest of the corpus is not forgotten"), model);
        s.Close();
        CheckBackend(s, backend, model);
        if ((data is null && !drafts) || charters is null || model is null)
            return [];
        var read = charters.Members.Select(m =>
            data is null ? IdentityData.Draft(m.Charter) : IdentityData.Read(data, m.Charter, s.Problems)
        );
        return
        [
            .. read.SelectMany(
                IEnumerable<(IdentityTuning, ReadOnlyMemory<byte>)> (d) =>
                    d is null ? [] : [(new(d.Sha256, d.Exchanges, epochs, learningRate, anchor, budget, backend), d.Lines)]
            ),
        ];
    }

    // A file of exchanges, or those of the charter.
    private static (string? Data, bool Drafts) Exchanges(FieldReader field, Section s)
    {
        var data = s.Find(
            "data",
            "a file, relative to this one: JSON Lines of exchanges, {\"prompt\", \"completion\"} or {\"messages\": [...]}, or any form "
                + "that aime import reads; the same for every charter, if there are several"
        );
        var drafts = s.Flag("draft", fallback: false, "whether the exchanges are those that aime identity draft writes of each charter");
        s.Rule(() => SchemaRules.AnyOf("data", "draft"));
        if (field.Asked is not null)
        {
            data!.Text();
            return default;
        }

        if (data is null == !drafts)
            s.Problems.Fail(
                data?.At ?? s.At,
                $"{s.Path}.data",
                data is null
                    ? "the key is missing, expected the path of a file of exchanges, or draft: true"
                    : "found data and draft, expected one of them"
            );
        return (data is null ? null : TextFile.Referred(data, "the exchanges"), drafts);
    }

    private static double Anchor(FieldReader? field, BaseModel? model)
    {
        var fallback = model is OpenAiModel ? 0 : Defaults.Identity.Anchor;
        if (field?.Section("{fraction: 80%}") is not { } s)
            return fallback;
        var fraction = s.Share(
            "fraction",
            Defaults.Identity.Anchor,
            new(0, 1, OpenHigh: true),
            "fraction of the training set that is corpus text; 0 under provider openai, which has no corpus"
        );
        s.Close();
        if (model is OpenAiModel && fraction > 0)
            field.Fail("there is no corpus to draw anchor text from under openai; expected a fraction of 0, or remove the key");
        return fraction;
    }

    private static void CheckBackend(Section s, ExternalTraining? backend, BaseModel? model)
    {
        if (model is NanoModel && backend is not null)
            s.Problems.Fail(
                s.Find("backend")?.At ?? s.At,
                $"{s.Path}.backend",
                "the embedded model is trained in this process; expected nano, or model.provider openai"
            );
        if (model is OpenAiModel && backend is null)
            s.Problems.Fail(
                s.Find("backend")?.At ?? s.At,
                $"{s.Path}.backend",
                "a hosted model is not trained in this process; expected openai (the server's fine-tuning API) or command (a program of "
                    + "your own)"
            );
    }
}
