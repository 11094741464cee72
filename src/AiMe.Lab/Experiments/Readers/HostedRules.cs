using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Nano;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Rules about settings that only hosted models, or only the embedded model, support.</summary>
internal static class HostedRules
{
    /// <summary>With fewer tokens, the JSON of a reflection is cut off.</summary>
    private const int FewestReflectionTokens = 80;

    public static void Check(Experiment experiment, Section root)
    {
        if (experiment.Model is NanoModel)
        {
            foreach (var variant in experiment.Variants)
                CheckEmbedded(variant, WidthOf((NanoModel)experiment.ModelOf(variant)), root);
            return;
        }

        if (experiment.Model is DistributionModel)
        {
            DistributionRules.Check(experiment, root);
            return;
        }

        var scores = ((OpenAiModel)experiment.Model).Scoring is not null;
        foreach (var variant in experiment.Variants)
            Check(variant, root, scores);
        var longest = experiment.Variants.Max(v => Math.Max(v.Self.Sampling.MaxTokens, v.Reflector.Sampling.MaxTokens));
        if (((OpenAiModel)experiment.Model).Limits?.TokensPerMinute is { } rate && rate < longest)
            root.Problems.Fail(
                Child(root.Find("model")!.Node, "tokens-per-minute")!.At,
                "model.tokens-per-minute",
                $"a single answer may have {longest} tokens and would wait for minutes; expected {longest} or more, plus "
                    + "room for its prompt"
            );

        if (!scores && !root.Problems.Any && experiment.Variants.FirstOrDefault(v => v.Reflector.Form == ReflectionForm.Text) is { } silent)
        {
            var (at, path) = Find(root, silent.Name, "reflect", "form");
            root.Problems.Warn(
                at,
                path,
                "a reflection in plain text tells no alignment and no quality, so that both are unknown; set model.scoring: auto if the "
                    + "server scores given text"
            );
        }

        var probes = root.Find("probes")!.At;
        foreach (var probe in scores ? [] : experiment.Probes.Choices)
        {
            if (probe.Options.Length > HostedProbes.MostOptions)
                root.Problems.Fail(
                    probes,
                    "probes.set",
                    $"the probe '{probe.Id}' has {probe.Options.Length} options; under openai each option gets a letter, "
                        + $"expected at most {HostedProbes.MostOptions}"
                );
            else if (probe.Asks.Length % probe.Options.Length != 0)
                root.Problems.Warn(
                    probes,
                    "probes.set",
                    $"the probe '{probe.Id}' has {probe.Asks.Length} wordings and {probe.Options.Length} options, so "
                        + "position bias does not cancel; expected as many wordings as options, or a multiple"
                );
        }
    }

    /// <summary>Checks a variant against the limits of the embedded model.</summary>
    /// <param name="size">Of its model: see <see cref="WidthOf"/>.</param>
    public static void CheckEmbedded(VariantPlan v, (int Width, string Model) size, Section root)
    {
        if (v.Trainer is { Train: true, Backend: not null })
            Fail(root, v, "train", "backend", "the embedded model is trained in this process; expected nano, or model.provider openai");
        if (Policy.RulesOf(v.Curate).OfType<ModelJudge>().FirstOrDefault(j => j.Model is null) is { } judge)
            Fail(
                root,
                v,
                "curate",
                "",
                $"the judge {judge.Rubric.Name} has no model of its own, and the embedded model cannot be a judge: it is small and writes "
                    + "no JSON; expected judge: {model: {chat: ...}}, a model behind OpenAI's API"
            );
        if (v.Reflector.Form is not null)
            Fail(root, v, "reflect", "form", "the embedded model writes its reflections as text; remove the key");
        var rank = v.Trainer.Method switch
        {
            TrainingMethod.Lora l => l.Rank,
            TrainingMethod.Dpo d => d.Rank,
            _ => 1,
        };
        if (rank > size.Width)
            Fail(
                root,
                v,
                "train",
                "rank",
                $"an adapter of rank {rank} is larger than the model's width; expected {size.Width} " + $"or less under {size.Model}"
            );
    }

    /// <summary>Checks a variant against the limits of hosted models.</summary>
    /// <param name="scores">Whether the server scores given text.</param>
    public static void Check(VariantPlan v, Section root, bool scores = false)
    {
        if (v.Trainer is { Train: true, Backend: null })
            Fail(
                v,
                "train",
                "",
                "a hosted model is not trained in this process; expected none, or train.backend: openai (the server's "
                    + "fine-tuning API) or command (a program of your own)"
            );
        if (v.Trainer is { Train: true, Method: not null })
            Fail(v, "train", "method", "the server or program that trains a hosted model chooses the method; remove the key");
        if (v.Trainer is { Train: true, Backend: not null, Anchor: > 0 })
            Fail(
                v,
                "train",
                "anchor",
                "there is no corpus to draw anchor text from under openai; expected a fraction of 0, or remove the key"
            );
        if (!scores && v.Self.Pick is ScoreName.Alignment or ScoreName.Quality or ScoreName.Perplexity)
            Fail(
                v,
                "generate",
                "pick",
                $"{v.Self.Pick.Value.Text()} of a candidate is unknown under "
                    + $"openai{(v.Self.Pick == ScoreName.Perplexity ? "" : ": it comes with the reflection, after the answer is picked")}; "
                    + "expected first, coherence, self-reference or correctness"
            );
        if (v.Self.Sampling.TopK > 0)
            Fail(v, "generate", "top-k", "OpenAI's API has no top-k; expected 0, and top-p in its place");
        if (v.Reflector.Sampling.TopK > 0)
            Fail(v, "reflect", "top-k", "OpenAI's API has no top-k; expected 0, and top-p in its place");
        if (v.Reflector.Form is null && v.Reflector.Sampling.MaxTokens < FewestReflectionTokens)
            Fail(
                v,
                "reflect",
                "max-tokens",
                $"a reflection of {v.Reflector.Sampling.MaxTokens} tokens is cut off: under openai it comes as JSON with "
                    + $"its scores; expected {FewestReflectionTokens} or more"
            );
        if (
            !scores
            && Policy
                .RulesOf(v.Curate)
                .Any(rule =>
                    rule
                        is Minimum { Score: ScoreName.Perplexity }
                            or Top { Score: ScoreName.Perplexity }
                            or PerplexityBand { Score: ScoreName.Perplexity }
                )
        )
            Fail(
                v,
                "curate",
                "",
                "perplexity is unknown under openai; expected another score, or model.scoring: auto if the server scores given text"
            );
        if (
            !scores
            && v.Reflector.Form == ReflectionForm.Text
            && Policy
                .RulesOf(v.Curate)
                .Any(rule => rule is Minimum { Score: var m } && IsScored(m) || rule is Top { Score: var t } && IsScored(t))
        )
            Fail(
                v,
                "reflect",
                "form",
                "a reflection in plain text has no alignment and no quality, by which this variant is curated; expected json, or "
                    + "model.scoring: auto if the server scores given text"
            );

        void Fail(VariantPlan variant, string section, string key, string text) => HostedRules.Fail(root, variant, section, key, text);
    }

    private static bool IsScored(ScoreName score) => score is ScoreName.Alignment or ScoreName.Quality;

    /// <summary>The width of a model, and its name in a message.</summary>
    public static (int Width, string Model) WidthOf(NanoModel model) =>
        (model.Shape.Width, model.Checkpoint is null ? $"preset {model.Preset}" : $"the checkpoint {model.Checkpoint.Folder}");

    /// <summary>Reports a setting of a variant at its place: in the variant, the matrix or the experiment.</summary>
    internal static void Fail(Section root, VariantPlan variant, string section, string key, string text)
    {
        var (at, path) = Find(root, variant.Name, section, key);
        root.Problems.Fail(at, path, text);
    }

    // The place of a value: in the variant, else in the experiment, else (for a default) the experiment's section or
    // the file's beginning.
    private static (Place At, string Path) Find(Section root, string variant, string section, string key)
    {
        if (MatrixPlace.Of(root.Node, variant, key.Length == 0 ? section : $"{section}.{key}") is { } axis)
            return (axis.Value.At, $"matrix.{axis.Key}");
        var own = Child(Child(root.Find("variants")?.Node, variant), section);
        var common = root.Find(section)?.Node;
        var (node, path) =
            own is not null && (key.Length == 0 || Child(own, key) is not null || common is null)
                ? (own, $"variants.{variant}.{section}")
                : (common, section);
        return (Child(node, key)?.At ?? node?.At ?? root.At, key.Length == 0 ? path : $"{path}.{key}");
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is MappingNode mapping ? mapping.Entries.FirstOrDefault(e => e.Key == key)?.Value : null;
}
