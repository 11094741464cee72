using AiMe.Nano.Lora;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

/// <summary>The model again, in double precision, as plainly as can be: what the fast one is held against.</summary>
internal sealed class Reference(NanoConfig config, double[] w)
{
    private readonly WeightLayout _at = new(config);

    public static Reference Of(Weights weights) => new(weights.Config, [.. weights.Values.ToArray().Select(v => (double)v)]);

    /// <summary>Of weights under an adapter, multiplied out in double precision.</summary>
    /// <param name="nudge">Changes A (rank, inputs) or B (outputs, rank) of a projection before they are used; null for nothing.</param>
    public static Reference Of(Weights weights, Adapter adapter, Action<string, double[], double[]>? nudge = null)
    {
        double[] w = [.. weights.Values.ToArray().Select(v => (double)v)];
        adapter.ForEach(
            (layer, site, part) =>
            {
                var name = $"model.layers.{layer}.{AdapterLayout.NameOf(site, part)}.weight";
                var place = weights.Tensors.Single(t => t.Name == name);
                double[] a = [.. adapter.A(layer, site, part).Select(v => (double)v)],
                    b = [.. adapter.B(layer, site, part).Select(v => (double)v)];
                nudge?.Invoke(name, a, b);
                for (var o = 0; o < place.Rows; o++)
                {
                    for (var i = 0; i < place.Columns; i++)
                    {
                        for (var r = 0; r < adapter.Options.Rank; r++)
                            w[place.Offset + o * place.Columns + i] +=
                                adapter.Options.Alpha / adapter.Options.Rank * b[o * adapter.Options.Rank + r] * a[r * place.Columns + i];
                    }
                }
            }
        );
        return new Reference(weights.Config, w);
    }

    public double[] Values => w;

    /// <summary>Logits of every position, (n, vocabulary).</summary>
    public double[][] Logits(int[] tokens)
    {
        var c = config.Width;
        var x = tokens.Select(t => w[(t * c)..((t + 1) * c)]).ToArray();
        for (var l = 0; l < config.Layers; l++)
        {
            var attended = Attend(Rows(x, r => Norm(r, _at.AttentionNorm(l))), l);
            x = Plus(x, Rows(attended, r => Linear(r, _at.Output(l), c)));
            x = Plus(x, Rows(x, r => Mlp(Norm(r, _at.MlpNorm(l)), l)));
        }

        return Rows(x, r => Linear(Norm(r, _at.FinalNorm), _at.Unembedding, config.Vocabulary));
    }

    /// <summary>Mean cross-entropy over the learned tokens of all examples.</summary>
    public double Loss(IEnumerable<TokenExample> examples)
    {
        double sum = 0;
        var count = 0;
        foreach (var e in examples)
        {
            var logits = Logits(e.Tokens[..^1]);
            for (var i = e.LossFrom; i < e.Tokens.Length; i++, count++)
                sum -= LogProbability(logits[i - 1], e.Tokens[i]);
        }

        return sum / count;
    }

    /// <summary>Summed ln p of an example's learned tokens.</summary>
    public double Nats(TokenExample e)
    {
        var logits = Logits(e.Tokens[..^1]);
        return Enumerable.Range(e.LossFrom, e.Targets).Sum(i => LogProbability(logits[i - 1], e.Tokens[i]));
    }

    public static double LogProbability(double[] logits, int token) =>
        logits[token] - logits.Max() - Math.Log(logits.Sum(v => Math.Exp(v - logits.Max())));

    private static double[][] Rows(double[][] x, Func<double[], double[]> f) => [.. x.Select(f)];

    private static double[][] Plus(double[][] x, double[][] y) => [.. x.Zip(y, (a, b) => a.Zip(b, (p, q) => p + q).ToArray())];

    private double[] Linear(double[] x, int at, int outputs) =>
        [.. Enumerable.Range(0, outputs).Select(o => x.Select((v, i) => v * w[at + o * x.Length + i]).Sum())];

    private double[] Norm(double[] x, int at)
    {
        var root = Math.Sqrt(x.Sum(v => v * v) / x.Length + config.NormEpsilon);
        return [.. x.Select((v, i) => v / root * w[at + i])];
    }

    private double[] Mlp(double[] x, int layer)
    {
        var gu = Linear(x, _at.GateUp(layer), 2 * config.Hidden);
        double[] h = [.. Enumerable.Range(0, config.Hidden).Select(i => gu[i] / (1 + Math.Exp(-gu[i])) * gu[config.Hidden + i])];
        return Linear(h, _at.Down(layer), config.Width);
    }

    private double[][] Attend(double[][] x, int layer)
    {
        var (size, keys, values) = (config.HeadSize, config.QueryWidth, config.QueryWidth + config.KeyWidth);
        var qkv = Rows(x, r => Linear(r, _at.QueryKeyValue(layer), config.QueryKeyValueWidth));
        if (config.AttentionBias)
            qkv = Rows(qkv, r => [.. r.Select((v, i) => v + w[_at.Bias(layer) + i])]);
        var result = x.Select(_ => new double[config.QueryWidth]).ToArray();
        for (var h = 0; h < config.Heads; h++)
        {
            var q = qkv.Select((r, t) => Turn(r[(h * size)..((h + 1) * size)], t)).ToArray();
            var shared = h / (config.Heads / config.KeyValueHeads) * size;
            var k = qkv.Select((r, t) => Turn(r[(keys + shared)..(keys + shared + size)], t)).ToArray();
            for (var t = 0; t < x.Length; t++)
            {
                var scores = Enumerable
                    .Range(0, t + 1)
                    .Select(j => Math.Exp(q[t].Zip(k[j], (a, b) => a * b).Sum() / Math.Sqrt(size)))
                    .ToArray();
                for (var j = 0; j <= t; j++)
                {
                    for (var d = 0; d < size; d++)
                        result[t][h * size + d] += scores[j] / scores.Sum() * qkv[j][values + shared + d];
                }
            }
        }

        return result;
    }

    private double[] Turn(double[] x, int position)
    {
        var half = x.Length / 2;
        var y = new double[x.Length];
        for (var i = 0; i < half; i++)
        {
            var frequency = Math.Pow(config.RotaryBase, -(double)i / half);
            var angle = position * (config.RotaryScaling?.Stretch(frequency) ?? frequency);
            y[i] = x[i] * Math.Cos(angle) - x[half + i] * Math.Sin(angle);
            y[half + i] = x[half + i] * Math.Cos(angle) + x[i] * Math.Sin(angle);
        }

        return y;
    }
}
