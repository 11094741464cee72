namespace AiMe.Lab.Analysis.Recognition;

/// <summary>How well an instance tells its own texts from others.</summary>
/// <param name="Pairs">Pairs of an own and another text of matched length.</param>
/// <param name="Auc">
/// Distinguishability: the area under the curve of ln p under its model minus ln p under the reference's, per token; [0, 1],
/// .5 for a clone. NaN without a pair.
/// </param>
/// <param name="Choice">What it chooses when it is shown a pair and asked.</param>
public sealed record RecognitionResult(RecognitionReference Reference, int Pairs, double Auc, ChoiceResults Choice);

/// <summary>What an instance chooses when it is shown pairs of texts in both orders.</summary>
/// <param name="Asked">Pairs for which its context had room.</param>
/// <param name="Recognition">Share of the pairs in which it takes its own text for what it said; ties count half. [0, 1].</param>
/// <param name="Preference">Share of the pairs in which it takes its own text for the better one: the control. [0, 1].</param>
/// <param name="First">Share of the single questions, in one order, that it answers with the text shown first. [0, 1].</param>
/// <param name="Correlation">
/// Spearman's correlation over the pairs of recognising and preferring the own text, [-1, 1]; NaN below three pairs.
/// </param>
public sealed record ChoiceResults(int Asked, double Recognition, double Preference, double First, double Correlation);

/// <summary>The results of one instance.</summary>
/// <param name="Sibling">The instance whose texts are the sibling's, and whose first round is the ancestor's.</param>
public sealed record InstanceRecognition(
    string Instance,
    string Variant,
    string Sibling,
    System.Collections.Immutable.ImmutableArray<RecognitionResult> Results
)
{
    /// <summary>The result against a reference.</summary>
    public RecognitionResult Against(RecognitionReference reference) => Results.Single(r => r.Reference == reference);
}
