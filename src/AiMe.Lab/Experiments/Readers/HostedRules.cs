using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Nano;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>What an experiment may not ask of a hosted model, and what it may ask of a hosted model alone.</summary>
internal static class HostedRules
{
    /// <summary>Fewer do not hold the form of a reflection.</summary>
    private const int FewestReflectionTokens = 80;

    public static void Check(Experiment experiment, Section root)
    {
        if (experiment.Model is NanoModel nano)
        {
            foreach (var variant in experiment.Variants)
                CheckEmbedded(variant, nano.Preset, root);
            return;
        }

        foreach (var variant in experiment.Variants)
            Check(variant, root);
        var longest = experiment.Variants.Max(v => Math.Max(v.Self.Sampling.MaxTokens, v.Reflector.Sampling.MaxTokens));
        if (((OpenAiModel)experiment.Model).Limits?.TokensPerMinute is { } rate && rate < longest)
            root.Problems.Fail(
                Child(root.Find("model")!.Node, "tokens-per-minute")!.At,
                "model.tokens-per-minute",
                $"a single answer may have {longest} tokens, and would wait for minutes; expected {longest} or more, and "
                    + "room for its prompt"
            );

        var probes = root.Find("probes")!.At;
        foreach (var probe in experiment.Probes.Choices)
        {
            if (probe.Options.Length > HostedProbes.MostOptions)
                root.Problems.Fail(
                    probes,
                    "probes.set",
                    $"the probe '{probe.Id}' has {probe.Options.Length} options; under openai they stand under letters, "
                        + $"expected at most {HostedProbes.MostOptions}"
                );
            else if (probe.Asks.Length % probe.Options.Length != 0)
                root.Problems.Warn(
                    probes,
                    "probes.set",
                    $"the probe '{probe.Id}' has {probe.Asks.Length} wordings and {probe.Options.Length} options, so a "
                        + "liking for a letter does not cancel; expected as many wordings as options, or a multiple"
                );
        }
    }

    /// <summary>What one variant may not ask of the embedded model.</summary>
    public static void CheckEmbedded(VariantPlan v, string preset, Section root)
    {
        if (v.Trainer is { Train: true, Backend: not null })
            Fail(root, v, "train", "backend", "the embedded model is trained in the process; expected nano, or a model of provider openai");
        var rank = v.Trainer.Method switch
        {
            TrainingMethod.Lora l => l.Rank,
            TrainingMethod.Dpo d => d.Rank,
            _ => 1,
        };
        if (rank > NanoConfig.Preset(preset).Width)
            Fail(
                root,
                v,
                "train",
                "rank",
                $"an adapter of rank {rank} is larger than the model's width; expected {NanoConfig.Preset(preset).Width} "
                    + $"or less under preset {preset}"
            );
    }

    /// <summary>What one variant may not ask of a hosted model.</summary>
    public static void Check(VariantPlan v, Section root)
    {
        if (v.Trainer is { Train: true, Backend: null })
            Fail(
                v,
                "train",
                "",
                "a hosted model is not trained in the process; expected none, or train.backend: openai (the server's "
                    + "fine-tuning API) or command (a program of your own)"
            );
        if (v.Trainer is { Train: true, Method: not null })
            Fail(v, "train", "method", "a hosted model is trained by its own server or program, in a way of its own; expected no such key");
        if (v.Trainer is { Train: true, Backend: not null, Anchor: > 0 })
            Fail(
                v,
                "train",
                "anchor",
                "there is no corpus to draw anchor text from under openai; expected a fraction of 0, or no such key"
            );
        if (v.Self.Pick is ScoreName.Alignment or ScoreName.Quality or ScoreName.Perplexity)
            Fail(
                v,
                "generate",
                "pick",
                $"{v.Self.Pick.Value.Text()} of a candidate is not known under "
                    + $"openai{(v.Self.Pick == ScoreName.Perplexity ? "" : ": it comes with the reflection, after the answer is picked")}; "
                    + "expected first, coherence, self-reference or correctness"
            );
        if (v.Self.Sampling.TopK > 0)
            Fail(v, "generate", "top-k", "OpenAI's API has no top-k; expected 0, and top-p in its place");
        if (v.Reflector.Sampling.TopK > 0)
            Fail(v, "reflect", "top-k", "OpenAI's API has no top-k; expected 0, and top-p in its place");
        if (v.Reflector.Sampling.MaxTokens < FewestReflectionTokens)
            Fail(
                v,
                "reflect",
                "max-tokens",
                $"a reflection of {v.Reflector.Sampling.MaxTokens} tokens is cut off: under openai it comes as JSON with "
                    + $"its scores; expected {FewestReflectionTokens} or more"
            );
        if (v.Curate.Any(rule => rule is Minimum { Score: ScoreName.Perplexity } or Top { Score: ScoreName.Perplexity }))
            Fail(v, "curate", "", "perplexity is not known under openai; expected another score");

        void Fail(VariantPlan variant, string section, string key, string text) => HostedRules.Fail(root, variant, section, key, text);
    }

    private static void Fail(Section root, VariantPlan variant, string section, string key, string text)
    {
        var (at, path) = Find(root, variant.Name, section, key);
        root.Problems.Fail(at, path, text);
    }

    // Where a value stands: in the variant, else in the experiment, else (a default) at the experiment's section or its beginning.
    private static (Place At, string Path) Find(Section root, string variant, string section, string key)
    {
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
