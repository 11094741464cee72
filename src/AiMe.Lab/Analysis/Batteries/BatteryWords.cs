using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Identity;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>What a battery is told, in sentences.</summary>
public static class BatteryWords
{
    private const int MostScales = 6;

    /// <summary>What a reader of the sentences can do.</summary>
    public const string WhatToDo =
        "Give it more items and wordings, and options that this model can say; docs/SCIENCE.md, \"The worth of a battery\", has the "
        + "bounds.";

    /// <summary>One sentence on the whole battery if it cannot see drift, and one on the scales that cannot; none if all can.</summary>
    public static ImmutableArray<string> Of(BatteryReport report)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        if (report.Whole.Fault != BatteryFault.None)
            sentences.Add($"this battery cannot see drift: {Why(report.Whole)}.");
        ScaleReport[] blind = [.. report.Blind];
        if (report.Scales.Length > 1 && blind.Length > 0)
            sentences.Add(
                $"{blind.Length} of the {report.Scales.Length} scales of the battery cannot see drift: "
                    + $"{string.Join(", ", blind.Take(MostScales).Select(s => $"{s.Scale} ({Sentence.List(Faults(s.Fault))})"))}"
                    + $"{(blind.Length > MostScales ? $" and {blind.Length - MostScales} more" : "")}."
            );
        return sentences.ToImmutable();
    }

    /// <summary>Why a scale cannot see drift, with its figures; empty if it can.</summary>
    public static string Why(ScaleReport scale)
    {
        var w = scale.Worth;
        List<string> reasons = [];
        if (scale.Fault.HasFlag(BatteryFault.Unanswered))
            reasons.Add(
                $"{w.Answered} of {w.Wordings} wordings were answered"
                    + (w.Mass < BatteryItem.LeastMass ? $", and the model says one of the options with probability {Small(w.Mass)}" : "")
            );
        if (scale.Fault.HasFlag(BatteryFault.NearChance))
            reasons.Add($"in character {Figure(w.InCharacter)} at birth, where chance is {Figure(w.Chance)}");
        if (scale.Fault.HasFlag(BatteryFault.NearFloor))
            reasons.Add($"a rewording moves it by {Bits(w.Floor)} bits, and forgetting every answer would by {Bits(w.Range)}");
        return string.Join(", ", reasons);
    }

    /// <summary>The faults in one word each, for programs; empty if there is none.</summary>
    public static ImmutableArray<string> Faults(BatteryFault fault) =>
        [
            .. new[]
            {
                (BatteryFault.Unanswered, "unanswered"),
                (BatteryFault.NearChance, "near-chance"),
                (BatteryFault.NearFloor, "near-floor"),
            }
                .Where(f => fault.HasFlag(f.Item1))
                .Select(f => f.Item2),
        ];

    private static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Bits(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Small(double value) => value.ToString("0.#e0", CultureInfo.InvariantCulture);
}
