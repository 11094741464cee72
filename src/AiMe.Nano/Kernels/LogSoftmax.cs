namespace AiMe.Nano.Kernels;

/// <summary>
/// ln p of a token in a row of logits: (x - max) - ln sum e^(x - max). Every log-probability of this project comes from
/// here.
/// </summary>
internal static unsafe class LogSoftmax
{
    /// <summary>The row's maximum and ln of its sum; the exponentials e^(x - max) go into scratch (n).</summary>
    public static (float Max, double LogSum) Normaliser(float* logits, float* scratch, int n)
    {
        var max = Softmax.Max(logits, n);
        return (max, StrictMath.Log(Softmax.Exponentials(logits, scratch, n, max, 1)));
    }

    /// <summary>Nats, at most 0 except for rounding.</summary>
    public static double At(float logit, (float Max, double LogSum) normaliser) => (double)(logit - normaliser.Max) - normaliser.LogSum;
}
