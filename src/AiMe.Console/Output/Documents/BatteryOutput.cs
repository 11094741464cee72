using AiMe.Lab.Analysis.Batteries;

namespace AiMe.Console.Output.Documents;

/// <summary>What the choice probes of a scale are worth, by the answers of the bare model at birth.</summary>
/// <param name="Scale">The trait or value that it measures; null for the whole battery.</param>
/// <param name="Items">Choice items.</param>
/// <param name="Wordings">Wordings of all items.</param>
/// <param name="Answered">Wordings that were answered.</param>
/// <param name="Chance">Mean of 1 / options.</param>
/// <param name="InCharacter">Mean probability of the keyed option, in [0, 1].</param>
/// <param name="Floor">What a rewording moves, bits.</param>
/// <param name="Range">The drift if every answer faded to chance, bits.</param>
/// <param name="Faults">Why it cannot see drift: <c>unanswered</c>, <c>near-chance</c>, <c>near-floor</c>; empty if it can.</param>
internal sealed record BatteryOutput(
    string? Scale,
    int Items,
    int Wordings,
    int Answered,
    double? Chance,
    double? InCharacter,
    double? Floor,
    double? Range,
    IReadOnlyList<string> Faults
)
{
    /// <summary>The whole battery, then its scales in the order of the file; empty without a report.</summary>
    public static IReadOnlyList<BatteryOutput> Of(BatteryReport? report) =>
        report is null ? [] : [.. report.Scales.Prepend(report.Whole).Select(Of)];

    private static BatteryOutput Of(ScaleReport r) =>
        new(
            r.Scale.Length == 0 ? null : r.Scale,
            r.Worth.Items,
            r.Worth.Wordings,
            r.Worth.Answered,
            r.Worth.Chance,
            r.Worth.InCharacter,
            r.Worth.Floor,
            r.Worth.Range,
            BatteryWords.Faults(r.Fault)
        );
}

/// <summary>A scale's self-report and behaviour over the instances at the compared generation.</summary>
/// <param name="Scale">The trait or value.</param>
/// <param name="SelfReport">Mean probability of the agents on the keyed options, in [0, 1].</param>
/// <param name="Behaviour">Mean score of the agents' answers to the behavioural twins, in [0, 1].</param>
/// <param name="Correlation">Spearman's, in [-1, 1]; null below three instances or if one side does not vary.</param>
/// <param name="N">Instances that have both.</param>
internal sealed record TwinOutput(string Scale, double? SelfReport, double? Behaviour, double? Correlation, int N)
{
    public static TwinOutput Of(TwinReport r) => new(r.Scale, r.SelfReport, r.Behaviour, r.Correlation, r.N);
}

/// <summary>A scale's self-report and behaviour of one instance at one generation.</summary>
/// <param name="SelfReport">Mean probability of the agent on the keyed options, in [0, 1].</param>
/// <param name="Behaviour">Mean score of its answers to the behavioural twins, in [0, 1].</param>
internal sealed record TwinScoreOutput(double? SelfReport, double? Behaviour)
{
    public static TwinScoreOutput Of(TwinScore s) => new(s.SelfReport, s.Behaviour);
}
