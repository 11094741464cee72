using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Self-recognition of a run at one generation: every judge, and means over the judges of a variant.</summary>
/// <param name="Texts">At most so many texts of a side.</param>
/// <param name="Planned">Planned instances; those that are no judge did not get so far.</param>
public sealed record RecognitionReport(
    string Run,
    int Generation,
    int Texts,
    int Planned,
    ImmutableArray<InstanceRecognition> Instances,
    ImmutableArray<VariantRecognition> Variants
)
{
    /// <summary>Summarizes the results.</summary>
    /// <param name="results">In the order of the plan.</param>
    public static RecognitionReport Of(string run, int generation, int texts, int planned, ImmutableArray<InstanceRecognition> results) =>
        new(
            run,
            generation,
            texts,
            planned,
            results,
            [
                .. results
                    .GroupBy(r => r.Variant, StringComparer.Ordinal)
                    .SelectMany(g => Enum.GetValues<RecognitionReference>().Select(to => VariantRecognition.Of(g.Key, to, [.. g]))),
            ]
        );
}

/// <summary>Means over the judges of a variant against one reference, with Student intervals.</summary>
/// <param name="Pairs">Of all judges.</param>
public sealed record VariantRecognition(
    string Variant,
    RecognitionReference Reference,
    int Pairs,
    Estimate Auc,
    Estimate Recognition,
    Estimate Preference,
    Estimate First,
    Estimate Correlation
)
{
    internal static VariantRecognition Of(string variant, RecognitionReference reference, ImmutableArray<InstanceRecognition> judges)
    {
        ImmutableArray<RecognitionResult> results = [.. judges.Select(j => j.Against(reference))];
        return new(
            variant,
            reference,
            results.Sum(r => r.Pairs),
            Share(r => r.Auc),
            Share(r => r.Choice.Recognition),
            Share(r => r.Choice.Preference),
            Share(r => r.Choice.First),
            Estimate.Of(results.Select(r => r.Choice.Correlation), -1, 1)
        );

        Estimate Share(Func<RecognitionResult, double> figure) => Estimate.Of(results.Select(figure), 0, 1);
    }
}
