using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>The table <c>experiences</c>.</summary>
internal static class ExperienceColumns
{
    public static ImmutableArray<Column<LivedExperience>> All { get; } =
    [
        new Column<LivedExperience>.Text("run", l => l.Run),
        new Column<LivedExperience>.Text("instance", l => l.Instance),
        new Column<LivedExperience>.Text("variant", l => l.Variant),
        new Column<LivedExperience>.Whole("replicate", l => l.Replicate),
        new Column<LivedExperience>.Text("parent", l => l.Parent),
        new Column<LivedExperience>.Text("kind", l => ColumnNames.Word(l.Kind)),
        new Column<LivedExperience>.Whole("cycle", l => l.Experience.Cycle),
        new Column<LivedExperience>.Whole("round", l => l.Experience.Round),
        new Column<LivedExperience>.Whole("generation", l => l.Generation),
        new Column<LivedExperience>.Text("id", l => l.Experience.Id.Value),
        new Column<LivedExperience>.Time("timestamp", l => l.Experience.Timestamp),
        new Column<LivedExperience>.Text("topic", l => l.Experience.Topic),
        new Column<LivedExperience>.Fact("internal", l => l.Experience.Internal),
        new Column<LivedExperience>.Text("verdict", l => ColumnNames.Word(l.Experience.Verdict)),
        new Column<LivedExperience>.Text("reasons", l => string.Join("; ", l.Experience.Reasons)),
        new Column<LivedExperience>.Text("input", l => l.Experience.Input),
        new Column<LivedExperience>.Text("output", l => l.Experience.Output),
        new Column<LivedExperience>.Text("reflection", l => l.Experience.Reflection),
        .. Enum.GetValues<ScoreName>()
            .Select(score => new Column<LivedExperience>.Number(ColumnNames.Snake(score.Text()), l =>
                score == ScoreName.Novelty ? l.Experience.Novelty : score.Of(l.Experience.Scores)
            )),
        new Column<LivedExperience>.Number("importance", l => l.Experience.Importance),
        new Column<LivedExperience>.Text("recalled", l => string.Join(' ', l.Experience.Recalled)),
        new Column<LivedExperience>.Text("model", l => l.Experience.Model.Value),
    ];

    /// <summary>Roughly how many characters an experience holds.</summary>
    public static long Characters(LivedExperience lived) =>
        lived.Experience.Input.Length + lived.Experience.Output.Length + lived.Experience.Reflection.Length;
}
