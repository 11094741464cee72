using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments;
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
                    ? Changed(SettingKeys.Of(before.Trainer), SettingKeys.Of(after.Trainer))
                    : $"{PolicyWords.Learning(after.Trainer, every)} (until the fork: {PolicyWords.Learning(before.Trainer, every)})"
            ),
            ("answering", Changed(SettingKeys.Of(before.Self), SettingKeys.Of(after.Self))),
            ("memory", Changed(SettingKeys.Of(before.Memory), SettingKeys.Of(after.Memory))),
            ("reflecting", Changed(SettingKeys.Of(before.Reflector), SettingKeys.Of(after.Reflector))),
        ];
        return [.. parts.Where(p => p.How.Length > 0)];
    }

    private static string Changed((string Key, string Value)[] before, (string Key, string Value)[] after) =>
        string.Join(
            ", ",
            before.Zip(after).Where(p => p.First != p.Second).Select(p => $"{p.Second.Key} {p.Second.Value} (before {p.First.Value})")
        );
}
