using AiMe.Lab.Analysis.Recognition;

namespace AiMe.Console.Output.Documents;

/// <summary>Self-recognition in a run: how well each instance tells its own texts from others of matched length.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Generation">The studied generation; the own texts are the answers of the round after it.</param>
/// <param name="Texts">At most so many texts of a side.</param>
/// <param name="Planned">Planned instances; those that are not listed have no answer after the generation.</param>
/// <param name="Variants">Means over the instances of a variant, by reference.</param>
/// <param name="Instances">In the order of the plan.</param>
internal sealed record RecognitionOutput(
    string Run,
    int Generation,
    int Texts,
    int Planned,
    IReadOnlyList<VariantRecognitionOutput> Variants,
    IReadOnlyList<InstanceRecognitionOutput> Instances
) : OutputDocument
{
    public static RecognitionOutput Of(RecognitionReport r) =>
        new(
            r.Run,
            r.Generation,
            r.Texts,
            r.Planned,
            [
                .. r.Variants.Select(v => new VariantRecognitionOutput(
                    v.Variant,
                    v.Reference,
                    v.Pairs,
                    EstimateOutput.Of(v.Auc),
                    EstimateOutput.Of(v.Recognition),
                    EstimateOutput.Of(v.Preference),
                    EstimateOutput.Of(v.First),
                    EstimateOutput.Of(v.Correlation)
                )),
            ],
            [.. r.Instances.SelectMany(i => i.Results.Select(x => InstanceRecognitionOutput.Of(i, x)))]
        );
}

/// <summary>A variant against one reference.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Reference">Whose texts the own ones are told from: <c>sibling</c>, <c>ancestor</c> or <c>corpus</c>.</param>
/// <param name="Pairs">Pairs of matched length, of all instances.</param>
/// <param name="Auc">Distinguishability by likelihood, in [0, 1]; .5 for a clone.</param>
/// <param name="Recognition">Share of pairs in which the own text is taken for what the instance said, in [0, 1].</param>
/// <param name="Preference">Share of pairs in which the own text is taken for the better one, in [0, 1].</param>
/// <param name="First">Share of questions answered with the text shown first, in [0, 1].</param>
/// <param name="Correlation">Spearman's of recognising and preferring over the pairs, in [-1, 1].</param>
internal sealed record VariantRecognitionOutput(
    string Variant,
    RecognitionReference Reference,
    int Pairs,
    EstimateOutput Auc,
    EstimateOutput Recognition,
    EstimateOutput Preference,
    EstimateOutput First,
    EstimateOutput Correlation
);

/// <summary>An instance against one reference.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Sibling">The instance whose texts are the sibling's, and whose first round is the ancestor's.</param>
/// <param name="Reference">Whose texts the own ones are told from: <c>sibling</c>, <c>ancestor</c> or <c>corpus</c>.</param>
/// <param name="Pairs">Pairs of matched length.</param>
/// <param name="Asked">Pairs that the instance was asked about: its context had room for both texts.</param>
/// <param name="Auc">Distinguishability by likelihood, in [0, 1]; .5 for a clone, null without a pair.</param>
/// <param name="Recognition">Share of pairs in which the own text is taken for what the instance said, in [0, 1].</param>
/// <param name="Preference">Share of pairs in which the own text is taken for the better one, in [0, 1].</param>
/// <param name="First">Share of questions answered with the text shown first, in [0, 1].</param>
/// <param name="Correlation">Spearman's of recognising and preferring over the pairs, in [-1, 1]; null below three pairs.</param>
internal sealed record InstanceRecognitionOutput(
    string Instance,
    string Variant,
    string Sibling,
    RecognitionReference Reference,
    int Pairs,
    int Asked,
    double? Auc,
    double? Recognition,
    double? Preference,
    double? First,
    double? Correlation
)
{
    public static InstanceRecognitionOutput Of(InstanceRecognition i, RecognitionResult r) =>
        new(
            i.Instance,
            i.Variant,
            i.Sibling,
            r.Reference,
            r.Pairs,
            r.Choice.Asked,
            r.Auc,
            r.Choice.Recognition,
            r.Choice.Preference,
            r.Choice.First,
            r.Choice.Correlation
        );
}
