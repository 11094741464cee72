using AiMe.Lab.Analysis.Meanings;

namespace AiMe.Console.Output.Documents;

/// <summary>Recorded answers of a run by wording and by meaning.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Rounds">By instance in the order of the plan, then by round.</param>
internal sealed record MeaningOutput(string Run, IReadOnlyList<MeaningRoundOutput> Rounds) : OutputDocument
{
    public static MeaningOutput Of(string run, IEnumerable<MeaningRow> rows) =>
        new(
            run,
            [
                .. rows.Select(r => new MeaningRoundOutput(
                    r.Variant,
                    r.Instance,
                    r.Round,
                    r.WordNovelty,
                    r.MeaningNovelty,
                    r.WordCoherence,
                    r.MeaningCoherence
                )),
            ]
        );
}

/// <summary>A round of an instance.</summary>
/// <param name="Variant">Its variant.</param>
/// <param name="Instance">Its name.</param>
/// <param name="Round">From 1.</param>
/// <param name="WordNovelty">Mean novelty of its answers by wording, in [0, 2]; null if none has any.</param>
/// <param name="MeaningNovelty">The same by meaning.</param>
/// <param name="WordCoherence">
/// Mean coherence of its answers of three sentences or more by wording, in [-2, 2]; null without such an answer.
/// </param>
/// <param name="MeaningCoherence">The same by meaning.</param>
internal sealed record MeaningRoundOutput(
    string Variant,
    string Instance,
    int Round,
    double? WordNovelty,
    double? MeaningNovelty,
    double? WordCoherence,
    double? MeaningCoherence
);
