using System.Runtime.InteropServices;

namespace AiMe.Metrics.Statistics;

/// <summary>A mean with a confidence interval.</summary>
/// <param name="Mean">NaN for no values, or when one is NaN.</param>
/// <param name="Low">Lower bound; NaN below two values.</param>
/// <param name="High">Upper bound; NaN below two values.</param>
/// <param name="N">Number of replicates. A report warns below 5.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Mean, double Low, double High, int N);
