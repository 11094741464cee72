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
    // Beyond this, quotients and products may be subnormal or infinite, and no bound of the error holds.
    private const double Tiny = 1e-290;
    private const double Precision = 1e-12; // 250 times the relative error of a recency e^x with x >= -700

    private readonly long _at;
    private readonly double _rate;
    private readonly Part _recency,
        _importance,
        _relevance;

    private ApproximateScore(MemorySettings w, Scale recency, Scale importance, Scale relevance, long at)
    {
        var greatest = Math.Max(w.Recency, Math.Max(w.Importance, w.Relevance));
        (_at, _rate) = (at, Math.Log(w.Decay) / TimeSpan.TicksPerHour);
        _recency = new Part(recency, w.Recency, greatest);
        _importance = new Part(importance, w.Importance, greatest);
        _relevance = new Part(relevance, w.Relevance, greatest);
        Error = Precision * (3 + _recency.Factor * recency.Greatest);
    }

    /// <summary>Bound of the difference from the exact score, for any memory.</summary>
    public double Error { get; }

    /// <summary>The approximation, or null if these numbers allow none.</summary>
    /// <param name="at">Logical time of the recall, in ticks.</param>
    public static ApproximateScore? For(MemorySettings w, Scale recency, Scale importance, Scale relevance, long at)
    {
        double[] weights = [w.Recency, w.Importance, w.Relevance];
        Scale[] scales = [recency, importance, relevance];
        var plain =
            weights.All(x => x >= 0)
            && weights.Max() is 0 or (> Tiny and < 1 / Tiny)
            && w.Decay is > 0 and <= 1
            && scales.All(s => s.Range is 0 or (> Tiny and < 1 / Tiny))
            && (recency.Range == 0 || recency.Greatest > Tiny);
        return plain ? new ApproximateScore(w, recency, importance, relevance, at) : null;
    }

    /// <summary>Of one memory.</summary>
    public double Of(long used, double importance, double relevance)
    {
        var recency = Math.Exp(Math.Max(Math.Max(0, _at - used) * _rate, -700));
        return _recency.Of(recency) + _importance.Of(importance) + _relevance.Of(relevance);
    }

    /// <summary>Of four memories.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Of(Vector256<long> used, Vector256<double> importance, Vector256<double> relevance)
    {
        var ages = Vector256.ConvertToDouble(Vector256.Max(Vector256.Create(_at) - used, Vector256<long>.Zero));
        var recency = Vector256.Exp(Vector256.Max(ages * _rate, Vector256.Create(-700.0)));
        return _recency.Of(recency) + _importance.Of(importance) + _relevance.Of(relevance);
    }

    // Weight over range, so that scaling takes a subtraction and a multiplication.
    private readonly struct Part(Scale scale, double weight, double greatest)
    {
        private readonly double _least = scale.Least;

        public double Factor { get; } = scale.Range > 0 && greatest > 0 ? weight / greatest / scale.Range : 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Of(double value) => (value - _least) * Factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<double> Of(Vector256<double> values) => (values - Vector256.Create(_least)) * Factor;
    }
}
