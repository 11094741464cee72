using AiMe.Metrics.Distributions;
using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Identity;

/// <summary>What a battery, or one of its scales, can show about an identity: its figures at birth.</summary>
/// <param name="Items">Choice items.</param>
/// <param name="Wordings">Wordings of all items.</param>
/// <param name="Answered">Wordings that were answered.</param>
/// <param name="Chance">Mean of 1 / options, in (0, .5].</param>
/// <param name="InCharacter">Mean probability of the option that is in character, in [0, 1].</param>
/// <param name="Floor">Effect of rewording, see <see cref="IdentityDrift.BetweenHalves"/>; bits, [0, 1].</param>
/// <param name="Range">
/// The drift that a loss of every answer would give: mean Jensen-Shannon divergence of the answer at birth from the
/// uniform one; bits, [0, 1].
/// </param>
/// <param name="Mass">Mean probability of saying any of the options, [0, 1]; NaN if it is not known.</param>
/// <remarks>
/// Figures are NaN without a known answer. The range is not the greatest divergence that is possible (certainty on the
/// least likely option): a model that forgets who it is does not become certain of the opposite. Source: docs/SCIENCE.md,
/// "the worth of a battery".
/// </remarks>
public sealed record BatteryWorth(
    int Items,
    int Wordings,
    int Answered,
    double Chance,
    double InCharacter,
    double Floor,
    double Range,
    double Mass
)
{
    /// <summary>Share of the wordings that were answered, in [0, 1]; NaN without wordings.</summary>
    public double AnsweredShare => Wordings == 0 ? double.NaN : (double)Answered / Wordings;

    /// <summary>
    /// How far the answers are in character: 0 at chance, 1 if all probability is on the keyed options, below 0 if they
    /// speak against the key.
    /// </summary>
    public double AboveChance => (InCharacter - Chance) / (1 - Chance);

    /// <summary>Computes the figures of some items; the order of the items does not matter.</summary>
    /// <exception cref="ArgumentException">A known row is not a distribution over the options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An item has no option at its keyed index.</exception>
    public static BatteryWorth Of(IReadOnlyCollection<BatteryItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var known = items.Select(i => (Item: i, Rows: i.Known)).Where(i => i.Rows.Count > 0).ToArray();
        var reworded = known.Where(i => i.Rows.Count > 1).Select(i => IdentityDrift.BetweenHalves(i.Rows));
        return new(
            items.Count,
            items.Sum(i => i.Wordings.Count),
            items.Sum(i => i.Answered),
            Average(items.Select(i => 1.0 / i.Options)),
            Average(known.Select(i => TraitScore.OfItem(MeanOf(i.Rows), i.Item.Keyed))),
            Average(reworded),
            Average(known.Select(i => JensenShannon.Bits(MeanOf(i.Rows), Uniform(i.Item.Options)))),
            Average(items.SelectMany(i => i.Mass))
        );
    }

    private static double[] MeanOf(IReadOnlyList<double[]> rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(option => rows.Sum(row => row[option]) / rows.Count)];

    private static double[] Uniform(int options) => [.. Enumerable.Repeat(1.0 / options, options)];

    // Sorted, so that the same items in another order give the same bits.
    private static double Average(IEnumerable<double> values) => Mean.Of([.. values.Order()]);
}
