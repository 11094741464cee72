using System.Text.Json;

namespace AiMe.Nano.Tests.Independent;

/// <summary>
/// A second implementation of the model: plain loops in double precision over what config.json and model.safetensors of an exported folder say, by
/// the description of Llama in Hugging Face's transformers. It shares no code and no order of numbers with the first.
/// </summary>
internal sealed class Llama
{
    private readonly int _width,
        _hidden,
        _layers,
        _heads,
        _vocabulary;
    private readonly double _epsilon,
        _theta;
    private readonly Dictionary<string, double[][]> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double[]> _norms = new(StringComparer.Ordinal);

    public Llama(string folder)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        var json = config.RootElement;
        json.GetProperty("architectures")[0].GetString().ShouldBe("LlamaForCausalLM");
        json.GetProperty("hidden_act").GetString().ShouldBe("silu");
        json.GetProperty("tie_word_embeddings").GetBoolean().ShouldBeTrue();
        _width = json.GetProperty("hidden_size").GetInt32();
        _hidden = json.GetProperty("intermediate_size").GetInt32();
        _layers = json.GetProperty("num_hidden_layers").GetInt32();
        _heads = json.GetProperty("num_attention_heads").GetInt32();
        _vocabulary = json.GetProperty("vocab_size").GetInt32();
        _epsilon = json.GetProperty("rms_norm_eps").GetDouble();
        _theta = json.GetProperty("rope_theta").GetDouble();

        var file = new TensorFile(Path.Combine(folder, "model.safetensors"));
        _matrices["model.embed_tokens"] = file.Matrix("model.embed_tokens.weight", _vocabulary, _width);
        _norms["model.norm"] = file.Vector("model.norm.weight", _width);
        for (var l = 0; l < _layers; l++)
        {
            foreach (
                var (name, rows, columns) in ((string, int, int)[])
                    [
                        ("self_attn.q_proj", _width, _width),
                        ("self_attn.k_proj", _width, _width),
                        ("self_attn.v_proj", _width, _width),
                        ("self_attn.o_proj", _width, _width),
                        ("mlp.gate_proj", _hidden, _width),
                        ("mlp.up_proj", _hidden, _width),
                        ("mlp.down_proj", _width, _hidden),
                    ]
            )
                _matrices[$"model.layers.{l}.{name}"] = file.Matrix($"model.layers.{l}.{name}.weight", rows, columns);
            foreach (var name in (string[])["input_layernorm", "post_attention_layernorm"])
                _norms[$"model.layers.{l}.{name}"] = file.Vector($"model.layers.{l}.{name}.weight", _width);
        }

        file.Names.Count().ShouldBe(_matrices.Count + _norms.Count);
    }

    /// <summary>Adds what a PEFT adapter's folder says: W + lora_alpha / r B A.</summary>
    public Llama Adapt(string folder)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json")));
        var (rank, alpha) = (config.RootElement.GetProperty("r").GetInt32(), config.RootElement.GetProperty("lora_alpha").GetDouble());
        string[] targets = [.. config.RootElement.GetProperty("target_modules").EnumerateArray().Select(t => t.GetString()!)];
        var file = new TensorFile(Path.Combine(folder, "adapter_model.safetensors"));
        var used = 0;
        foreach (var (name, w) in _matrices.Where(m => targets.Contains(m.Key.Split('.')[^1])))
        {
            var a = file.Matrix($"base_model.model.{name}.lora_A.weight", rank, w[0].Length);
            var b = file.Matrix($"base_model.model.{name}.lora_B.weight", w.Length, rank);
            for (var o = 0; o < w.Length; o++)
            {
                for (var i = 0; i < w[o].Length; i++)
                {
                    for (var r = 0; r < rank; r++)
                        w[o][i] += alpha / rank * b[o][r] * a[r][i];
                }
            }

            used += 2;
        }

        file.Names.Count().ShouldBe(used);
        return this;
    }

    /// <summary>Logits of every position, (n, vocabulary).</summary>
    public double[][] Logits(int[] tokens)
    {
        var x = new double[tokens.Length][];
        for (var t = 0; t < tokens.Length; t++)
            x[t] = (double[])_matrices["model.embed_tokens"][tokens[t]].Clone();
        for (var l = 0; l < _layers; l++)
        {
            var p = $"model.layers.{l}.";
            var attended = Attention(x, p);
            for (var t = 0; t < x.Length; t++)
            {
                Add(x[t], Times(p + "self_attn.o_proj", attended[t]));
                var normed = Norm(x[t], p + "post_attention_layernorm");
                var (gate, up) = (Times(p + "mlp.gate_proj", normed), Times(p + "mlp.up_proj", normed));
                for (var i = 0; i < gate.Length; i++)
                    gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
                Add(x[t], Times(p + "mlp.down_proj", gate));
            }
        }

        var logits = new double[x.Length][];
        for (var t = 0; t < x.Length; t++)
            logits[t] = Times("model.embed_tokens", Norm(x[t], "model.norm"));
        return logits;
    }

    private double[][] Attention(double[][] x, string p)
    {
        var size = _width / _heads;
        var (q, k, v, result) = (new double[x.Length][], new double[x.Length][], new double[x.Length][], new double[x.Length][]);
        for (var t = 0; t < x.Length; t++)
        {
            var normed = Norm(x[t], p + "input_layernorm");
            (q[t], k[t], v[t]) = (
                Times(p + "self_attn.q_proj", normed),
                Times(p + "self_attn.k_proj", normed),
                Times(p + "self_attn.v_proj", normed)
            );
            Rotate(q[t], t, size);
            Rotate(k[t], t, size);
            result[t] = new double[_width];
            for (var h = 0; h < _heads; h++)
            {
                var weights = new double[t + 1];
                double sum = 0;
                for (var j = 0; j <= t; j++)
                {
                    for (var d = 0; d < size; d++)
                        weights[j] += q[t][h * size + d] * k[j][h * size + d];
                    sum += weights[j] = Math.Exp(weights[j] / Math.Sqrt(size));
                }

                for (var j = 0; j <= t; j++)
                {
                    for (var d = 0; d < size; d++)
                        result[t][h * size + d] += weights[j] / sum * v[j][h * size + d];
                }
            }
        }

        return result;
    }

    // transformers' rotate_half: element i of a head is turned with element i + size / 2.
    private void Rotate(double[] x, int position, int size)
    {
        for (var start = 0; start < x.Length; start += size)
        {
            for (var i = 0; i < size / 2; i++)
            {
                var angle = position / Math.Pow(_theta, 2.0 * i / size);
                var (a, b) = (x[start + i], x[start + size / 2 + i]);
                x[start + i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                x[start + size / 2 + i] = b * Math.Cos(angle) + a * Math.Sin(angle);
            }
        }
    }

    private double[] Norm(double[] x, string name)
    {
        double square = 0;
        foreach (var value in x)
            square += value * value;
        var y = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
            y[i] = x[i] / Math.Sqrt(square / x.Length + _epsilon) * _norms[name][i];
        return y;
    }

    private double[] Times(string name, double[] x)
    {
        var w = _matrices[name];
        var y = new double[w.Length];
        for (var o = 0; o < w.Length; o++)
        {
            for (var i = 0; i < x.Length; i++)
                y[o] += w[o][i] * x[i];
        }

        return y;
    }

    private static void Add(double[] x, double[] y)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] += y[i];
    }
}
