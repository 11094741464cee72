using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>The settings of an instance by the keys of an experiment file, with their values as text.</summary>
internal static class SettingKeys
{
    /// <summary>All settings of a variant, with their sections: <c>generate.temperature</c>.</summary>
    public static IEnumerable<(string Key, string Value)> Of(VariantPlan variant) =>
        [
            ("curate", $"[{string.Join(", ", variant.Curate)}]"),
            .. In("generate", Of(variant.Self)),
            .. In("reflect", Of(variant.Reflector)),
            .. In("memory", Of(variant.Memory)),
            ("train", variant.Trainer.Train ? "on" : "none"),
            .. variant.Trainer.Train ? In("train", Of(variant.Trainer)) : [],
            .. variant.Model is { } model ? In("model", Of(model)) : [],
        ];

    /// <summary>The settings of a model of its own.</summary>
    public static (string Key, string Value)[] Of(VariantModel m) =>
        [
            ("preset", m.Preset),
            ("records", Text(m.Records)),
            ("epochs", m.Epochs is { } epochs ? Text(epochs) : "those of the preset"),
            ("seed", m.Seed.ToString(CultureInfo.InvariantCulture)),
        ];

    public static (string Key, string Value)[] Of(SelfSettings s) =>
        [("candidates", Text(s.Candidates)), ("pick", Keywords.Pick.Of(s.Pick)!), .. Of(s.Sampling), ("attempts", Text(s.Attempts))];

    public static (string Key, string Value)[] Of(ReflectorSettings s) =>
        [
            ("insight-threshold", Text(s.InsightThreshold)),
            .. Of(s.Sampling),
            ("attempts", Text(s.Attempts)),
            .. s.Form is { } form ? [("form", Keywords.ReflectionForms.Of(form)!)] : ((string, string)[])[],
        ];

    public static (string Key, string Value)[] Of(MemorySettings s) =>
        [
            ("recall", Text(s.Recall)),
            ("recency", Text(s.Recency)),
            ("importance", Text(s.Importance)),
            ("relevance", Text(s.Relevance)),
            ("decay", Text(s.Decay)),
            ("capacity", Text(s.Capacity)),
            ("forget", Keywords.Forget.Of(s.Forget)!),
        ];

    public static (string Key, string Value)[] Of(TrainerSettings s) =>
        [
            ("backend", Of(s.Backend)),
            ("method", Of(s.Method)),
            ("data", TrainReader.Text(s.Data, s.Window)),
            ("anchor.fraction", Text(s.Anchor)),
            ("anchor.fresh", s.FreshAnchor ? "true" : "false"),
            ("real-examples", Text(s.RealExamples)),
            ("draw", Text(s.Draw)),
            ("start", Keywords.Start.Of(s.Start)!),
            ("epochs", Text(s.Budget is null ? s.Epochs : null)),
            .. Keywords.Units.All.Select(u => (u.Word, Text(s.Budget?.Unit == u.Meaning ? s.Budget.Amount : null))),
            ("learning-rate", Text(s.LearningRate)),
            ("gate.heldout-rise", Text(s.Gate.HeldOutRise)),
            ("gate.drift", Text(s.Gate.Drift)),
            ("gate.anchor-rise", Text(s.Gate.AnchorRise)),
            ("gate.repeats", Text(s.Gate.Repeats)),
        ];

    private static (string, string)[] Of(Sampling s) =>
        [("temperature", Text(s.Temperature)), ("top-k", Text(s.TopK)), ("top-p", Text(s.TopP)), ("max-tokens", Text(s.MaxTokens))];

    private static string Of(TrainingMethod? method) =>
        method switch
        {
            null => "full",
            TrainingMethod.Lora l => $"lora, rank {Text(l.Rank)}, alpha {Text(l.Alpha)}",
            TrainingMethod.Dpo d => $"dpo, rank {Text(d.Rank)}, alpha {Text(d.Alpha)}, beta {Text(d.Beta)}"
                + (d.Rejected == RejectedFrom.Candidates ? "" : $", rejected {Keywords.Rejected.Of(d.Rejected)}"),
            _ => throw new UnreachableException(),
        };

    private static string Of(ExternalTraining? backend) =>
        backend switch
        {
            null => "nano",
            ExternalTraining.OwnCommand c => $"command {string.Join(' ', c.Line)}",
            ExternalTraining.FineTuningApi f =>
                $"openai, learning-rate-multiplier {Text(f.LearningRateMultiplier)}, batch-size {Text(f.BatchSize)}",
            _ => throw new UnreachableException(),
        };

    private static IEnumerable<(string, string)> In(string section, (string Key, string Value)[] settings) =>
        settings.Select(s => ($"{section}.{s.Key}", s.Value));

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
