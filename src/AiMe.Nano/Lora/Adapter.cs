using AiMe.Nano.Kernels;

namespace AiMe.Nano.Lora;

/// <summary>
/// A LoRA adapter over frozen weights: for every projection W of every layer a pair of thin matrices, y = W x + (alpha
/// / rank) B A x, with A (rank, inputs) and B (outputs, rank). Immutable; any number of adapters share one base.
/// </summary>
/// <remarks>Source: Hu et al. (2021), LoRA.</remarks>
public sealed unsafe partial class Adapter
{
    internal Adapter(NanoConfig config, AdapterOptions options, string baseDigest)
    {
        config.Validate();
        options.Validate(config);
        (Config, Options, Base) = (config, options, baseDigest);
        Layout = new AdapterLayout(config, options.Rank);
        Values = new Block(Layout.Length);
        Scale = (float)(options.Alpha / options.Rank);
    }

    /// <summary>The shape of the base.</summary>
    public NanoConfig Config { get; }

    /// <summary>Rank and alpha.</summary>
    public AdapterOptions Options { get; }

    /// <summary>The <see cref="Weights.Digest"/> of its base.</summary>
    public string Base { get; }

    /// <summary>Trained numbers in all.</summary>
    public int Parameters => Layout.Parameters;

    /// <summary>Bytes in memory, without the base.</summary>
    public long Bytes => 4L * Layout.Length;

    internal AdapterLayout Layout { get; }

    /// <summary>All numbers, in the layout's order.</summary>
    internal Block Values { get; }

    internal float Scale { get; }

    /// <summary>An adapter that adds nothing yet: A uniform within 1 / sqrt(inputs), as in PEFT, and B zero.</summary>
    /// <param name="weights">The base.</param>
    /// <param name="seed">The same seed gives the same bits on every platform.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Adapter Initialise(Weights weights, AdapterOptions options, ulong seed) =>
        Initialise(weights.Config, weights.Digest, options, seed);

    internal static Adapter Initialise(NanoConfig config, string digest, AdapterOptions options, ulong seed)
    {
        var adapter = new Adapter(config, options, digest);
        var rng = new Rng(seed);
        adapter.ForEach(
            (layer, site, part) =>
            {
                var a = new float[options.Rank * adapter.Layout.At(layer, site).Inputs];
                var bound = 1 / Math.Sqrt(adapter.Layout.At(layer, site).Inputs);
                foreach (ref var value in a.AsSpan())
                    value = (float)(bound * (2 * rng.NextDouble() - 1));
                adapter.PutA(layer, site, part, a);
            }
        );
        return adapter;
    }

    /// <summary>The base's weights with the adapter merged into them, for export only.</summary>
    /// <exception cref="ArgumentException">It has another base.</exception>
    public Weights Merge(Weights weights)
    {
        Require(weights.Config, weights.Digest);
        var values = weights.Values.ToArray();
        ForEach(
            (layer, site, part) =>
            {
                var place = Layout.At(layer, site);
                var (a, b) = (A(layer, site, part), B(layer, site, part));
                var name = $"model.layers.{layer}.{AdapterLayout.NameOf(site, part)}.weight";
                var w = values.AsSpan(weights.Tensors.Single(t => t.Name == name).Offset, place.OutputsOf(part) * place.Inputs);
                for (var o = 0; o < place.OutputsOf(part); o++)
                {
                    for (var i = 0; i < place.Inputs; i++)
                    {
                        double sum = 0;
                        for (var r = 0; r < Options.Rank; r++)
                            sum += (double)b[o * Options.Rank + r] * a[r * place.Inputs + i];
                        w[o * place.Inputs + i] = (float)(w[o * place.Inputs + i] + Options.Alpha / Options.Rank * sum);
                    }
                }
            }
        );
        return new Weights(Config, values);
    }

    /// <summary>
    /// y (rows, place.Row) += scale x A^T B^T for x (rows, inputs). scale x A^T is left in the state's Low.
    /// </summary>
    internal void AddTo(int layer, Site site, float* x, LayerState state, float* y, int rows)
    {
        var place = Layout.At(layer, site);
        var low = state.Low(site);
        Gemm.Multiply(
            x,
            place.Inputs,
            1,
            Values.Start + place.A,
            place.Low,
            Gemm.Panel,
            low,
            place.Low,
            rows,
            place.Low,
            place.Inputs,
            add: false
        );
        Softmax.Scale(low, rows * place.Low, Scale);
        for (var part = 0; part < place.Parts; part++)
        {
            Gemm.Multiply(
                low + part * Layout.PaddedRank,
                place.Low,
                1,
                Values.Start + place.BOf(part),
                place.OutputsOf(part),
                Gemm.Panel,
                y + place.ColumnOf(part),
                place.Row,
                rows,
                place.OutputsOf(part),
                Layout.Rank,
                add: true
            );
        }
    }

    internal void Require(NanoConfig config, string digest)
    {
        if (config != Config)
            throw new ArgumentException($"the adapter is of {Config}, the weights are of {config}");
        if (digest != Base)
            throw new ArgumentException($"the adapter belongs to the weights {Base}, these are {digest}");
    }

    /// <summary>Every projection, in the order of the file.</summary>
    internal void ForEach(Action<int, Site, int> action)
    {
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            foreach (var site in (ReadOnlySpan<Site>)[Site.QueryKeyValue, Site.Output, Site.GateUp, Site.Down])
            {
                for (var part = 0; part < Layout.At(layer, site).Parts; part++)
                    action(layer, site, part);
            }
        }
    }
}
