using System.Globalization;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Identity;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>What the battery is worth, scale by scale, and its behavioural twins.</summary>
internal static class BatteryBlock
{
    private const string Figures = "0.00";
    private const string Bits = "0.000";

    /// <summary>Writes the table of the scales, and that of the twins if there are any; nothing before the first birth.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        var batteries = comparison.Batteries.ToArray();
        foreach (var (variant, battery) in batteries)
            WriteScales(console, battery, batteries.Length > 1 ? $" of {variant}" : "");
        if (!comparison.Twins.IsEmpty)
            WriteTwins(console, comparison);
    }

    /// <summary>Writes the table of the scales.</summary>
    /// <param name="whose">After the heading, if there are several models.</param>
    public static void WriteScales(IAnsiConsole console, BatteryReport battery, string whose = "")
    {
        ScaleReport[] rows = [.. battery.Scales.Length > 1 ? battery.Scales : [], battery.Whole];
        CompareView.Heading(console, "Battery", $"the bare model's answers at birth{whose}");
        Sheet.Write(
            console,
            new SheetColumn("scale", [.. rows.Select(r => new Figure(r.Scale.Length == 0 ? "all" : r.Scale))]),
            [
                Column("items", r => $"{r.Worth.Items}"),
                Column("answered", r => $"{r.Worth.Answered} of {r.Worth.Wordings}"),
                Column("chance", r => Show(r.Worth.Chance, Figures)),
                Column("in character", r => Show(r.Worth.InCharacter, Figures)),
                Column("floor, bits", r => Show(r.Worth.Floor, Bits)),
                Column("range, bits", r => Show(r.Worth.Range, Bits)),
                Column("sees drift", r => r.Fault == BatteryFault.None ? "yes" : $"no: {string.Join(", ", BatteryWords.Faults(r.Fault))}"),
            ]
        );
        CompareView.Notes(
            console,
            "Floor: what a rewording moves. Range: the drift if every answer faded to chance. Not to be seen: in character less than a "
                + "fifth of the way from chance to 1, a floor of half the range or more, or less than three quarters answered."
        );

        SheetColumn Column(string title, Func<ScaleReport, string> text) => new(title, [.. rows.Select(r => new Figure(text(r)))]);
    }

    private static void WriteTwins(IAnsiConsole console, RunComparison comparison)
    {
        var rows = comparison.Twins;
        CompareView.Heading(
            console,
            "Self-report and behaviour",
            $"whole agents at generation {comparison.Generation}, mean over instances; Spearman's correlation over them"
        );
        Sheet.Write(
            console,
            new SheetColumn("scale", [.. rows.Select(r => new Figure(r.Scale))]),
            [
                Column("self-report", r => Show(r.SelfReport, Figures)),
                Column("behaviour", r => Show(r.Behaviour, Figures)),
                Column("correlation", r => Show(r.Correlation, Figures)),
                Column("instances", r => $"{r.N}"),
            ]
        );

        SheetColumn Column(string title, Func<TwinReport, string> text) => new(title, [.. rows.Select(r => new Figure(text(r)))]);
    }

    private static string Show(double value, string form) => double.IsNaN(value) ? "-" : value.ToString(form, CultureInfo.InvariantCulture);
}
