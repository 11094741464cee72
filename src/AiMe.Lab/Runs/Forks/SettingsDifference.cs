using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Forks;

/// <summary>The difference between two settings of an instance, by the keys of an experiment file.</summary>
public static class SettingsDifference
{
    /// <summary>The changes, such as <c>answering: temperature 0.9 (before 0.6)</c>; empty if there are none.</summary>
    /// <param name="every">Experiences in a round.</param>
    public static ImmutableArray<(string What, string How)> Between(InstanceSettings before, InstanceSettings after, int every)
    {
        (string What, string How)[] parts =
        [
            ("seed", after.Seed == before.Seed ? "" : $"{after.Seed}, before {before.Seed}"),
            (
                "curation",
                after.Curate.SequenceEqual(before.Curate)
                    ? ""
                    : $"{PolicyWords.Keeping(after.Curate)} (until the fork: {PolicyWords.Keeping(before.Curate)})"
            ),
            (
                "training",
                after.Trainer.Train == before.Trainer.Train
                    ? Changed(Of(before.Trainer), Of(after.Trainer))
                    : $"{PolicyWords.Learning(after.Trainer, every)} (until the fork: {PolicyWords.Learning(before.Trainer, every)})"
            ),
            ("answering", Changed(Of(before.Self), Of(after.Self))),
            ("memory", Changed(Of(before.Memory), Of(after.Memory))),
            ("reflecting", Changed(Of(before.Reflector), Of(after.Reflector))),
        ];
        return [.. parts.Where(p => p.How.Length > 0)];
    }

    private static string Changed((string Key, string Value)[] before, (string Key, string Value)[] after) =>
        string.Join(
            ", ",
            before.Zip(after).Where(p => p.First != p.Second).Select(p => $"{p.Second.Key} {p.Second.Value} (before {p.First.Value})")
        );

    private static (string, string)[] Of(SelfSettings s) =>
        [("candidates", Text(s.Candidates)), ("pick", Keywords.Pick.Of(s.Pick)!), .. Of(s.Sampling), ("attempts", Text(s.Attempts))];

    private static (string, string)[] Of(ReflectorSettings s) =>
        [("insight-threshold", Text(s.InsightThreshold)), .. Of(s.Sampling), ("attempts", Text(s.Attempts))];

    private static (string, string)[] Of(Sampling s) =>
        [("temperature", Text(s.Temperature)), ("top-k", Text(s.TopK)), ("top-p", Text(s.TopP)), ("max-tokens", Text(s.MaxTokens))];

    private static (string, string)[] Of(MemorySettings s) =>
        [
            ("recall", Text(s.Recall)),
            ("recency", Text(s.Recency)),
            ("importance", Text(s.Importance)),
            ("relevance", Text(s.Relevance)),
            ("decay", Text(s.Decay)),
            ("capacity", Text(s.Capacity)),
            ("forget", Keywords.Forget.Of(s.Forget)!),
        ];

    private static (string, string)[] Of(TrainerSettings s) =>
        [
            ("backend", Of(s.Backend)),
            ("method", PolicyWords.MethodOf(s.Method)),
            ("data", TrainReader.Text(s.Data, s.Window)),
            ("anchor.fraction", Text(s.Anchor)),
            ("anchor.fresh", s.FreshAnchor ? "true" : "false"),
            ("start", Keywords.Start.Of(s.Start)!),
            ("epochs", Text(s.Epochs)),
            ("learning-rate", Text(s.LearningRate)),
            ("gate.heldout-rise", Text(s.Gate.HeldOutRise)),
            ("gate.drift", Text(s.Gate.Drift)),
            ("gate.anchor-rise", Text(s.Gate.AnchorRise)),
            ("gate.repeats", Text(s.Gate.Repeats)),
        ];

    private static string Of(ExternalTraining? backend) =>
        backend switch
        {
            null => "nano",
            ExternalTraining.OwnCommand c => $"command {string.Join(' ', c.Line)}",
            ExternalTraining.FineTuningApi f =>
                $"openai, learning-rate-multiplier {Text(f.LearningRateMultiplier)}, batch-size {Text(f.BatchSize)}",
            _ => throw new UnreachableException(),
        };

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
