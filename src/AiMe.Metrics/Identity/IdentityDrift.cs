using AiMe.Metrics.Distributions;

namespace AiMe.Metrics.Identity;

/// <summary>Distance of the answers to the identity probes from those of generation 0, and its noise floor.</summary>
/// <remarks>
/// Read drift together with its floor: the probes cannot distinguish a drift below the floor from rewording. The floor
/// compares means of half the paraphrases, so it is on the high side of the noise of a drift that averages all of them.
/// Source: docs/SCIENCE.md, "identity drift".
/// </remarks>
public static class IdentityDrift
{
    /// <summary>
    /// Mean over probes of the Jensen-Shannon divergence between the answers at a generation and at generation 0.
    /// </summary>
    /// <param name="atGeneration">Probe id to the distribution over its options.</param>
    /// <param name="atZero">The same probes at generation 0.</param>
    /// <returns>
    /// Bits, in [0, 1]. NaN without probes. Summed in ordinal order of the ids, whatever their order.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A probe is on one side only, or an answer is not a distribution; names the probe.
    /// </exception>
    public static double Bits(IReadOnlyDictionary<string, double[]> atGeneration, IReadOnlyDictionary<string, double[]> atZero)
    {
        ArgumentNullException.ThrowIfNull(atGeneration);
        ArgumentNullException.ThrowIfNull(atZero);
        MustCover(atZero, atGeneration.Keys, "at generation 0");
        MustCover(atGeneration, atZero.Keys, "at this generation");
        return MeanOverProbes(atZero.Keys, probe => JensenShannon.Bits(atGeneration[probe], atZero[probe]));
    }

    /// <summary>
    /// The floor: mean over probes of the divergence between the mean answers of two disjoint halves of a probe's
    /// paraphrases, at generation 0.
    /// </summary>
    /// <param name="paraphrases">
    /// Probe id to the answers to its paraphrases (or sampling seeds), in a fixed order.
    /// </param>
    /// <returns>Bits, in [0, 1]. NaN without probes, or when a probe has fewer than two paraphrases.</returns>
    /// <remarks>
    /// One split would depend on the order of the file. So each rotation of the list is cut into its first floor(n / 2)
    /// and the next floor(n / 2) answers, and the n divergences are averaged; an odd one out is left out equally often.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// An answer is not a distribution, or a probe's answers differ in length; names the probe.
    /// </exception>
    public static double Floor(IReadOnlyDictionary<string, IReadOnlyList<double[]>> paraphrases)
    {
        ArgumentNullException.ThrowIfNull(paraphrases);
        return MeanOverProbes(paraphrases.Keys, probe => BetweenHalves(paraphrases[probe]));
    }

    private static void MustCover(IReadOnlyDictionary<string, double[]> answers, IEnumerable<string> probes, string when)
    {
        foreach (var probe in Ordered(probes).Where(probe => !answers.ContainsKey(probe)))
            throw new ArgumentException($"Probe '{probe}' has no answer {when}.");
    }

    /// <summary>The floor of one probe: the divergence between halves of its paraphrases.</summary>
    /// <param name="answers">The answers to its paraphrases, in a fixed order.</param>
    /// <returns>Bits, in [0, 1]. NaN below two paraphrases.</returns>
    /// <exception cref="ArgumentException">An answer is not a distribution, or the answers differ in length.</exception>
    public static double BetweenHalves(IReadOnlyList<double[]> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Count < 2)
            return double.NaN;
        var half = answers.Count / 2;
        var sum = 0.0;
        for (var first = 0; first < answers.Count; first++)
            sum += JensenShannon.Bits(MeanAnswer(answers, first, half), MeanAnswer(answers, first + half, half));
        return sum / answers.Count;
    }

    private static double[] MeanAnswer(IReadOnlyList<double[]> answers, int first, int count)
    {
        var mean = new double[answers[0].Length];
        for (var i = first; i < first + count; i++)
        {
            var answer = answers[i % answers.Count];
            Distribution.CheckPair(answer, answers[0]);
            for (var option = 0; option < mean.Length; option++)
                mean[option] += answer[option] / count;
        }

        return mean;
    }

    private static double MeanOverProbes(IEnumerable<string> probes, Func<string, double> divergence)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var probe in Ordered(probes))
        {
            try
            {
                sum += divergence(probe);
            }
            catch (ArgumentException refusal)
            {
                throw new ArgumentException($"Probe '{probe}': {refusal.Message}", refusal);
            }

            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private static IEnumerable<string> Ordered(IEnumerable<string> probes) => probes.Order(StringComparer.Ordinal);
}
