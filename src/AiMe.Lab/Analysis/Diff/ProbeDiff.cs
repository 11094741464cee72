using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>Difference of two instances in their answers to the identity probes at one generation.</summary>
/// <param name="Bare">
/// Mean over choice probes of the Jensen-Shannon divergence between the two bare models' answers, bits in [0, 1]; NaN
/// without probes in common.
/// </param>
/// <param name="Agent">The same for the whole agents.</param>
/// <param name="Choices">Number of choice probes that both have in the same form.</param>
/// <param name="Open">The open questions asked of both.</param>
public sealed record ProbeDiff(int Generation, double Bare, double Agent, int Choices, ImmutableArray<OpenDiff> Open)
{
    /// <summary>Compares the generations that both instances reached.</summary>
    public static ImmutableArray<ProbeDiff> Of(DiffSide first, DiffSide second)
    {
        var other = second.Of<Probed>().ToDictionary(p => p.Generation);
        var common = first
            .Plan.Probes.Choices.Where(a => second.Plan.Probes.Choices.Any(b => b.Id == a.Id && b.Options.SequenceEqual(a.Options)))
            .Select(p => p.Id)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. first
                .Of<Probed>()
                .Where(p => other.ContainsKey(p.Generation))
                .Select(p => Of(first.Plan.Probes, p, other[p.Generation], common)),
        ];
    }

    private static ProbeDiff Of(ProbeSet probes, Probed a, Probed b, HashSet<string> common) =>
        new(
            a.Generation,
            Identity.Drift(CommonOf(a.Results.Bare, common), CommonOf(b.Results.Bare, common)),
            Identity.Drift(CommonOf(a.Results.Agent, common), CommonOf(b.Results.Agent, common)),
            CommonOf(a.Results.Bare, common).Length,
            [
                .. a.Results.Open.Join(
                    b.Results.Open,
                    x => x.Probe,
                    y => y.Probe,
                    (x, y) => new OpenDiff(probes.Open.FirstOrDefault(p => p.Id == x.Probe)?.Asks[0] ?? x.Probe, x.Text, y.Text),
                    StringComparer.Ordinal
                ),
            ]
        );

    private static ImmutableArray<ChoiceResult> CommonOf(ImmutableArray<ChoiceResult> results, HashSet<string> common) =>
        [.. results.Where(r => common.Contains(r.Probe))];
}

/// <summary>An open question and both answers.</summary>
public sealed record OpenDiff(string Question, string First, string Second)
{
    /// <summary>Whether the answers are equal.</summary>
    public bool IsIdentical => First == Second;
}
