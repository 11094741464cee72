using AiMe.Nano;

namespace AiMe.Bench.Nano;

/// <summary>
/// What a token costs at least, in floating-point operations and in bytes from memory. With M the parameters that a token is multiplied by (all
/// but the norms; the tied embedding once, as the last product), L layers of width C and t tokens that attention looks at:
/// <list type="bullet">
/// <item>forward: 2 M + 4 L C t operations, since a query meets t keys and as many values;</item>
/// <item>training: three times the forward pass of its sequence (once forward, twice backward): 6 M + 6 L C (n + 1) for a token of n;</item>
/// <item>norms, gates, softmax, sampling and the optimiser are not counted: they are what keeps a share below 1.</item>
/// </list>
/// </summary>
/// <remarks>Source: Kaplan et al. (2020), table 1, with attention halved because it is causal.</remarks>
internal sealed class NanoCost(NanoConfig config)
{
    private const long Float = sizeof(float);

    private readonly long _multiplied = config.Parameters - (2L * config.Layers + 1) * config.Width;

    /// <summary>Operations of a token at the end of so many, itself included.</summary>
    public double Forward(double seen) => 2.0 * _multiplied + 4.0 * config.Layers * config.Width * seen;

    /// <summary>Operations of a token of a sequence of n, the mean over its places.</summary>
    public double Training(int n) => 3 * Forward((n + 1) / 2.0);

    /// <summary>Bytes of one token of a batch that shares one pass over the weights, each token with its own keys and values.</summary>
    public double ForwardBytes(int batch, double seen) =>
        (double)Float * _multiplied / batch + 2.0 * Float * config.Layers * config.Width * seen;

    /// <summary>
    /// Bytes of one token of a training batch: weights are read once forward and once backward, the gradient is written and read, and the optimiser
    /// reads and writes weights and two moments and writes the packed weights: 11 passes over the parameters. Activations are taken to stay in a cache.
    /// </summary>
    public double TrainingBytes(int batchTokens) => 11.0 * Float * config.Parameters / batchTokens;
}
