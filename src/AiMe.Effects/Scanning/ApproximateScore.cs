using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>
/// The score of the ranking, divided by the greatest weight, with an error below <see cref="Error"/>. It takes a few instructions, since it
/// needs no exact power.
/// </summary>
internal readonly struct ApproximateScore
{
    // Beyond these, quotients and products may be subnormal or infinite, and no bound of the error holds.
    private const double Tiny = 1e-280;
    private const double LeastRecency = 1e-100;
    private const double Precision = 1e-12; // the relative error of Fading

    private readonly double _fade;
    private readonly Part _recency,
        _importance,
        _relevance;

    private ApproximateScore(MemorySettings w, Scale recency, Scale importance, Scale relevance, double fade)
    {
        var greatest = Math.Max(w.Recency, Math.Max(w.Importance, w.Relevance));
        _fade = fade;
        _recency = new Part(recency, w.Recency, greatest);
        _importance = new Part(importance, w.Importance, greatest);
        _relevance = new Part(relevance, w.Relevance, greatest);
        Error = Precision * (3 + _recency.Factor * recency.Greatest);
    }

    /// <summary>Bound of the difference from the exact score, for any memory.</summary>
    public double Error { get; }

    /// <summary>The approximation, or null if these numbers allow none.</summary>
    /// <param name="fade">What <see cref="Fading.Until"/> gives for the time of the recall.</param>
    public static ApproximateScore? For(MemorySettings w, Scale recency, Scale importance, Scale relevance, double fade)
    {
        var plain =
            w.Decay is > 0 and <= 1
            && IsPlain(w.Recency)
            && IsPlain(w.Importance)
            && IsPlain(w.Relevance)
            && IsPlain(recency.Range)
            && IsPlain(importance.Range)
            && IsPlain(relevance.Range)
            && (recency.Range == 0 || recency.Greatest > LeastRecency);
        return plain ? new ApproximateScore(w, recency, importance, relevance, fade) : null;
    }

    /// <summary>Of one memory.</summary>
    /// <param name="fading">What <see cref="Fading.Of"/> gives for its last use.</param>
    public double Of(double fading, double importance, double relevance) =>
        _recency.Of(Math.Min(fading * _fade, 1)) + _importance.Of(importance) + _relevance.Of(relevance);

    /// <summary>Of four memories.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Of(Vector256<double> fading, Vector256<double> importance, Vector256<double> relevance) =>
        _recency.Of(Vector256.MinNative(fading * _fade, Vector256<double>.One)) + _importance.Of(importance) + _relevance.Of(relevance);

    private static bool IsPlain(double value) => value is 0 or (> Tiny and < 1 / Tiny);

    // Weight over range, so that scaling takes a subtraction and a multiplication.
    private readonly struct Part(Scale scale, double weight, double greatest)
    {
        private readonly double _least = scale.Least;

        public double Factor { get; } = scale.Range > 0 && weight > 0 ? weight / greatest / scale.Range : 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Of(double value) => (value - _least) * Factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<double> Of(Vector256<double> values) => (values - Vector256.Create(_least)) * Factor;
    }
}
