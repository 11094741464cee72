using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Identity;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>What the choice probes of an experiment are worth, by the answers of the newborn model.</summary>
/// <param name="Whole">All items together.</param>
/// <param name="Scales">By trait or value, in the order of the file.</param>
public sealed record BatteryReport(ScaleReport Whole, ImmutableArray<ScaleReport> Scales)
{
    /// <summary>The scales that cannot see drift.</summary>
    public IEnumerable<ScaleReport> Blind => Scales.Where(s => s.Fault != BatteryFault.None);

    /// <summary>Judges a battery by its answers at generation 0.</summary>
    /// <param name="answers">Of the bare model; a probe without an answer counts as unanswered.</param>
    /// <param name="mass">
    /// The probability of saying any of the options, by probe and wording; empty if it is not known.
    /// </param>
    public static BatteryReport Of(
        ProbeSet probes,
        ImmutableArray<ChoiceResult> answers,
        IReadOnlyDictionary<string, ImmutableArray<double>>? mass = null
    )
    {
        var rows = answers.ToDictionary(a => a.Probe, a => a.ByParaphrase, StringComparer.Ordinal);
        ImmutableArray<BatteryItem> items = [.. probes.Choices.Select(Item)];
        return new(
            ScaleReport.Of("", items),
            [.. items.GroupBy(i => i.Scale, StringComparer.Ordinal).Select(g => ScaleReport.Of(g.Key, [.. g]))]
        );

        BatteryItem Item(ChoiceProbe probe) =>
            new(
                probe.Measures,
                probe.Options.Length,
                probe.Keyed,
                rows.TryGetValue(probe.Id, out var known)
                    ? [.. known.Select(IReadOnlyList<double> (row) => row)]
                    : [.. probe.Asks.Select(IReadOnlyList<double> (_) => [.. probe.Options.Select(_ => double.NaN)])],
                mass is not null && mass.TryGetValue(probe.Id, out var said) ? said : []
            );
    }
}

/// <summary>What a scale of a battery is worth.</summary>
/// <param name="Scale">The trait or value; empty for the whole battery.</param>
public sealed record ScaleReport(string Scale, BatteryWorth Worth, BatteryFault Fault)
{
    internal static ScaleReport Of(string scale, IReadOnlyCollection<BatteryItem> items)
    {
        var worth = BatteryWorth.Of(items);
        return new(scale, worth, BatteryVerdict.Of(worth));
    }
}
