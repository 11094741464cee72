using System.Runtime.InteropServices;

namespace AiMe.Metrics.Distributions;

/// <summary>
/// A sum of -ln p(token given those before it), with the number of tokens it runs over. Sums add; means do not.
/// </summary>
/// <param name="Nats">Sum over the tokens, nats; NaN propagates.</param>
/// <param name="Tokens">Tokens scored, at least 0; tokens of the base tokenizer.</param>
/// <remarks>
/// Source: docs/SCIENCE.md, "held-out cross-entropy, perplexity". Across tokenizers only <see cref="BitsPerByte"/>
/// compares.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CrossEntropy(double Nats, long Tokens)
{
    /// <summary>Mean nats per token, at least 0. NaN over no tokens.</summary>
    public double PerToken => Tokens > 0 ? Nats / Tokens : double.NaN;

    /// <summary>
    /// exp of <see cref="PerToken"/>, at least 1: the number of equally likely tokens that would be as hard. NaN over
    /// none.
    /// </summary>
    public double Perplexity => StrictMath.Exp(PerToken);

    /// <summary>Adds both sums, as if the texts were scored one after the other.</summary>
    public static CrossEntropy operator +(CrossEntropy a, CrossEntropy b) => new(a.Nats + b.Nats, a.Tokens + b.Tokens);

    /// <summary>Sum of parts, added in order. No parts: 0 nats over 0 tokens, whose mean is NaN.</summary>
    public static CrossEntropy Sum(IEnumerable<CrossEntropy> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Aggregate(default(CrossEntropy), (sum, part) => sum + part);
    }

    /// <summary>Bits per byte of the scored text in UTF-8. NaN over no bytes.</summary>
    public double BitsPerByte(long bytes) => bytes > 0 ? Nats * 1.4426950408889634 / bytes : double.NaN;
}
