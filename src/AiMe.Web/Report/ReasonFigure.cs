using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.Analysis.Trajectories;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>Acceptance and the reasons for rejection: a chart and the numbers behind it.</summary>
public static class ReasonFigure
{
    /// <summary>The chart: of each variant the share kept, and the shares that each rule rejected or held.</summary>
    public static ShareData Chart(ImmutableArray<VerdictReasons> variants)
    {
        var rules = variants
            .SelectMany(v => v.Others)
            .GroupBy(o => Name(o), StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(o => o.Times))
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key)
            .ToArray();
        return new ShareData(
            "What the curation kept, and which rule decided against the rest",
            string.Join("; ", variants.Select(v => $"{v.Variant}: {v.Kept} of {v.Judged} kept")) + ".",
            "share of the experiences judged",
            ["kept", .. rules],
            [
                .. variants.Select(v => new ShareBar(
                    v.Variant,
                    $"{Percent(v.Kept, v.Judged)} of {v.Judged.ToString("N0", CultureInfo.InvariantCulture)} kept",
                    [Part(v.Kept, v.Judged), .. rules.Select(r => Part(v.Others.Where(o => Name(o) == r).Sum(o => o.Times), v.Judged))]
                )),
            ]
        );
    }

    /// <summary>The numbers: a row a variant and rule.</summary>
    public static PlainTable Table(string run, ImmutableArray<VerdictReasons> variants) =>
        new(
            ["run", "variant", "verdict", "rule", "experiences", "share", "example"],
            [
                .. variants.SelectMany(v =>
                    v.Others.Select(o => (Verdict: Word(o.Verdict), o.Rule, o.Times, o.Example))
                        .Prepend((Verdict: "keep", Rule: "", Times: v.Kept, Example: ""))
                        .Select(o =>
                            (ImmutableArray<string>)
                                [
                                    run,
                                    v.Variant,
                                    o.Verdict,
                                    o.Rule,
                                    Cells.Of(o.Times),
                                    Cells.Of(v.Judged == 0 ? double.NaN : (double)o.Times / v.Judged),
                                    o.Example,
                                ]
                        )
                ),
            ]
        );

    private static string Name(ReasonCount reason) => $"{Word(reason.Verdict)}: {reason.Rule}";

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static SharePart Part(int times, int of) => new(of == 0 ? 0 : (double)times / of, Percent(times, of));

    private static string Percent(int times, int of) =>
        of == 0 ? "-" : $"{(100.0 * times / of).ToString("0", CultureInfo.InvariantCulture)}%";
}
