using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AiMe.Nano.Checkpoints;

/// <summary>The form of the matrices in an exported file; vectors are always float32.</summary>
public enum NumberForm
{
    /// <summary>float32, which loses nothing.</summary>
    F32,

    /// <summary>IEEE half, half the size; numbers above 65504 are refused.</summary>
    F16,
}

/// <summary>
/// Writes a model as a GGUF file, version 3, which llama.cpp loads. Tensors are streamed: the file is never in memory as
/// a whole.
/// </summary>
/// <remarks>
/// llama.cpp rotates neighbouring pairs of a llama's query and key where Hugging Face's software rotates halves, so their
/// rows are permuted; a qwen2's are not.
/// </remarks>
public static class GgufFile
{
    private const int Alignment = 32,
        Piece = 1 << 18;

    /// <summary>Writes the file.</summary>
    /// <param name="weights">The weights, an adapter merged into them.</param>
    /// <param name="vocabulary">The tokenizer.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="form">Of the matrices.</param>
    /// <exception cref="FormatException">A number does not fit the form, or the vocabulary is larger than the model's.</exception>
    public static void Write(Stream stream, Weights weights, GgufVocabulary vocabulary, string name, NumberForm form)
    {
        var (config, tensors) = (weights.Config, TensorsOf(weights, form));
        var keys = Keys(config, vocabulary, name, form);
        var head = new GgufHead(tensors.Count, keys);
        long at = 0;
        foreach (var tensor in tensors)
        {
            head.Tensor(tensor.Name, tensor.Place.Shape, tensor.Half, at);
            at += Padded(tensor.Bytes);
        }

        stream.Write(head.Bytes());
        Pad(stream, head.Length);
        foreach (var tensor in tensors)
        {
            Write(stream, weights, tensor);
            Pad(stream, tensor.Bytes);
        }
    }

    /// <summary>The length of the file, bytes.</summary>
    public static long Size(Weights weights, GgufVocabulary vocabulary, string name, NumberForm form)
    {
        var tensors = TensorsOf(weights, form);
        var head = new GgufHead(tensors.Count, Keys(weights.Config, vocabulary, name, form));
        foreach (var tensor in tensors)
            head.Tensor(tensor.Name, tensor.Place.Shape, tensor.Half, 0);
        return Padded(head.Length) + tensors.Sum(t => Padded(t.Bytes));
    }

    private static List<(string, object)> Keys(NanoConfig config, GgufVocabulary vocabulary, string name, NumberForm form)
    {
        var family = config.AttentionBias ? "qwen2" : "llama";
        List<(string, object)> keys =
        [
            ("general.architecture", family),
            ("general.name", name),
            ("general.file_type", form == NumberForm.F32 ? 0u : 1u),
            ($"{family}.vocab_size", (uint)config.Vocabulary),
            ($"{family}.context_length", (uint)config.Context),
            ($"{family}.embedding_length", (uint)config.Width),
            ($"{family}.block_count", (uint)config.Layers),
            ($"{family}.feed_forward_length", (uint)config.Hidden),
            ($"{family}.attention.head_count", (uint)config.Heads),
            ($"{family}.attention.head_count_kv", (uint)config.KeyValueHeads),
            ($"{family}.attention.key_length", (uint)config.HeadSize),
            ($"{family}.attention.value_length", (uint)config.HeadSize),
            ($"{family}.attention.layer_norm_rms_epsilon", (float)config.NormEpsilon),
            ($"{family}.rope.dimension_count", (uint)config.HeadSize),
            ($"{family}.rope.freq_base", (float)config.RotaryBase),
        ];
        if (config.RotaryScaling is LinearRotaryScaling linear)
            keys.AddRange([($"{family}.rope.scaling.type", "linear"), ($"{family}.rope.scaling.factor", (float)linear.Factor)]);
        keys.AddRange(vocabulary.Keys(config.Vocabulary));
        return keys;
    }

    private static List<GgufTensor> TensorsOf(Weights weights, NumberForm form)
    {
        var config = weights.Config;
        List<GgufTensor> tensors = [];
        foreach (var place in weights.Tensors)
        {
            var permuted = !config.AttentionBias && place.Name.EndsWith("q_proj.weight", StringComparison.Ordinal);
            permuted |= !config.AttentionBias && place.Name.EndsWith("k_proj.weight", StringComparison.Ordinal);
            tensors.Add(
                new GgufTensor(NameOf(place.Name), place, form == NumberForm.F16 && !place.IsVector, permuted ? config.HeadSize : 0)
            );
        }

        // llama.cpp has no key for this scaling: it reads what each frequency is divided by.
        if (config.RotaryScaling is Llama3RotaryScaling scaling)
        {
            var half = config.HeadSize / 2;
            var divisors = new float[half];
            for (var i = 0; i < half; i++)
            {
                var frequency = StrictMath.Pow(config.RotaryBase, -(double)i / half);
                divisors[i] = (float)(frequency / scaling.Stretch(frequency));
            }

            tensors.Add(
                new GgufTensor("rope_freqs.weight", new TensorPlace("rope_freqs.bias", 1, half, 0), Half: false, 0) { Own = divisors }
            );
        }

        return tensors;
    }

    private static string NameOf(string name)
    {
        if (!name.StartsWith("model.layers.", StringComparison.Ordinal))
            return name switch
            {
                "model.embed_tokens.weight" => "token_embd.weight",
                "model.norm.weight" => "output_norm.weight",
                "lm_head.weight" => "output.weight",
                _ => throw new System.Diagnostics.UnreachableException(name),
            };
        var parts = name.Split('.'); // model, layers, number, then the tensor's own name
        var own = string.Join('.', parts[3..^1]) switch
        {
            "input_layernorm" => "attn_norm",
            "self_attn.q_proj" => "attn_q",
            "self_attn.k_proj" => "attn_k",
            "self_attn.v_proj" => "attn_v",
            "self_attn.o_proj" => "attn_output",
            "post_attention_layernorm" => "ffn_norm",
            "mlp.gate_proj" => "ffn_gate",
            "mlp.up_proj" => "ffn_up",
            "mlp.down_proj" => "ffn_down",
            _ => throw new System.Diagnostics.UnreachableException(name),
        };
        return $"blk.{parts[2]}.{own}.{parts[^1]}";
    }

    private static void Write(Stream stream, Weights weights, GgufTensor tensor)
    {
        var place = tensor.Place;
        var values = tensor.Own ?? weights.Values.Span.Slice(place.Offset, place.Length);
        if (tensor.HeadSize > 0)
        {
            var half = tensor.HeadSize / 2;
            for (var row = 0; row < place.Rows; row++)
            {
                var (head, within) = (row / tensor.HeadSize * tensor.HeadSize, row % tensor.HeadSize);
                var from = head + within % 2 * half + within / 2;
                WriteNumbers(stream, values.Slice(from * place.Columns, place.Columns), tensor);
            }

            return;
        }

        for (var from = 0; from < values.Length; from += Piece)
            WriteNumbers(stream, values[from..Math.Min(values.Length, from + Piece)], tensor);
    }

    private static void WriteNumbers(Stream stream, ReadOnlySpan<float> values, GgufTensor tensor)
    {
        var bytes = new byte[values.Length * (tensor.Half ? 2 : 4)];
        for (var i = 0; i < values.Length; i++)
        {
            if (!tensor.Half)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
            else if (Math.Abs(values[i]) > 65504)
                throw new FormatException($"{tensor.Place.Name} has the number {values[i]}, which is too large for f16: export in f32");
            else
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        }

        stream.Write(bytes);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Pad(Stream stream, long length) => stream.Write(new byte[Padded(length) - length]);

    /// <param name="HeadSize">Of a tensor whose rows are permuted within each head; else 0.</param>
    private sealed record GgufTensor(string Name, TensorPlace Place, bool Half, int HeadSize)
    {
        public float[]? Own { get; init; }

        public long Bytes => (long)Place.Length * (Half ? 2 : 4);
    }
}
