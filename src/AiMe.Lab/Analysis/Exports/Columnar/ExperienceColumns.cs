using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>The table <c>experiences</c>.</summary>
internal static class ExperienceColumns
{
    public static ImmutableArray<TableColumn<LivedExperience>> All { get; } =
    [
        new TableColumn<LivedExperience>.Utf8("run", l => l.Run),
        new TableColumn<LivedExperience>.Utf8("instance", l => l.Instance),
        new TableColumn<LivedExperience>.Utf8("variant", l => l.Variant),
        new TableColumn<LivedExperience>.Whole("replicate", l => l.Replicate),
        new TableColumn<LivedExperience>.Utf8("parent", l => l.Parent),
        new TableColumn<LivedExperience>.Utf8("kind", l => ColumnNames.Word(l.Kind)),
        new TableColumn<LivedExperience>.Whole("cycle", l => l.Experience.Cycle),
        new TableColumn<LivedExperience>.Whole("round", l => l.Experience.Round),
        new TableColumn<LivedExperience>.Whole("generation", l => l.Generation),
        new TableColumn<LivedExperience>.Utf8("id", l => l.Experience.Id.Value),
        new TableColumn<LivedExperience>.Time("timestamp", l => l.Experience.Timestamp),
        new TableColumn<LivedExperience>.Utf8("topic", l => l.Experience.Topic),
        new TableColumn<LivedExperience>.Fact("internal", l => l.Experience.Internal),
        new TableColumn<LivedExperience>.Utf8("verdict", l => ColumnNames.Word(l.Experience.Verdict)),
        new TableColumn<LivedExperience>.Utf8("reasons", l => string.Join("; ", l.Experience.Reasons)),
        new TableColumn<LivedExperience>.Utf8("input", l => l.Experience.Input),
        new TableColumn<LivedExperience>.Utf8("output", l => l.Experience.Output),
        new TableColumn<LivedExperience>.Utf8("reflection", l => l.Experience.Reflection),
        .. Enum.GetValues<ScoreName>()
            .Select(score => new TableColumn<LivedExperience>.Number(ColumnNames.Snake(score.Text()), l =>
                score == ScoreName.Novelty ? l.Experience.Novelty : score.Of(l.Experience.Scores)
            )),
        new TableColumn<LivedExperience>.Number("importance", l => l.Experience.Importance),
        new TableColumn<LivedExperience>.Utf8("recalled", l => string.Join(' ', l.Experience.Recalled)),
        new TableColumn<LivedExperience>.Utf8("model", l => l.Experience.Model.Value),
    ];

    /// <summary>Roughly how many characters an experience holds.</summary>
    public static long Characters(LivedExperience lived) =>
        lived.Experience.Input.Length + lived.Experience.Output.Length + lived.Experience.Reflection.Length;
}
