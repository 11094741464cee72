using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>The table <c>experiences</c>.</summary>
internal static class ExperienceColumns
{
    public static ImmutableArray<TableColumn<LivedExperience>> All { get; } =
    [
        new TableColumn<LivedExperience>.Utf8Text("run", l => l.Run),
        new TableColumn<LivedExperience>.Utf8Text("instance", l => l.Instance),
        new TableColumn<LivedExperience>.Utf8Text("variant", l => l.Variant),
        new TableColumn<LivedExperience>.Whole("replicate", l => l.Replicate),
        new TableColumn<LivedExperience>.Utf8Text("parent", l => l.Parent),
        new TableColumn<LivedExperience>.Utf8Text("kind", l => ColumnNames.Word(l.Kind)),
        new TableColumn<LivedExperience>.Whole("cycle", l => l.Experience.Cycle),
        new TableColumn<LivedExperience>.Whole("round", l => l.Experience.Round),
        new TableColumn<LivedExperience>.Whole("generation", l => l.Generation),
        new TableColumn<LivedExperience>.Utf8Text("id", l => l.Experience.Id.Value),
        new TableColumn<LivedExperience>.Time("timestamp", l => l.Experience.Timestamp),
        new TableColumn<LivedExperience>.Utf8Text("topic", l => l.Experience.Topic),
        new TableColumn<LivedExperience>.Fact("internal", l => l.Experience.Internal),
        new TableColumn<LivedExperience>.Utf8Text("verdict", l => ColumnNames.Word(l.Experience.Verdict)),
        new TableColumn<LivedExperience>.Utf8Text("reasons", l => string.Join("; ", l.Experience.Reasons)),
        new TableColumn<LivedExperience>.Utf8Text("input", l => l.Experience.Input),
        new TableColumn<LivedExperience>.Utf8Text("output", l => l.Experience.Output),
        new TableColumn<LivedExperience>.Utf8Text("reflection", l => l.Experience.Reflection),
        .. Enum.GetValues<ScoreName>()
            .Select(score => new TableColumn<LivedExperience>.Number(ColumnNames.Snake(score.Text()), l =>
                score == ScoreName.Novelty ? l.Experience.Novelty : score.Of(l.Experience.Scores)
            )),
        new TableColumn<LivedExperience>.Number("importance", l => l.Experience.Importance),
        new TableColumn<LivedExperience>.Utf8Text("recalled", l => string.Join(' ', l.Experience.Recalled)),
        new TableColumn<LivedExperience>.Utf8Text("model", l => l.Experience.Model.Value),
        new TableColumn<LivedExperience>.Utf8Text("charter", l => l.Charter),
    ];

    /// <summary>Roughly how many characters an experience holds.</summary>
    public static long Characters(LivedExperience lived) =>
        lived.Experience.Input.Length + lived.Experience.Output.Length + lived.Experience.Reflection.Length;
}
