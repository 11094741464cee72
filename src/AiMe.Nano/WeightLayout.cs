namespace AiMe.Nano;

/// <summary>Where a tensor is in the flat array of weights.</summary>
/// <param name="Name">Llama's key, for example <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Rows">Outputs of a matrix; 1 for a vector.</param>
/// <param name="Columns">Inputs of a matrix; the length of a vector.</param>
/// <param name="Offset">Index of the first element.</param>
public sealed record TensorPlace(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Elements in all.</summary>
    public int Length => Rows * Columns;

    /// <summary>A norm's weights, which begin at 1.</summary>
    public bool IsNorm => Name.EndsWith("norm.weight", StringComparison.Ordinal);

    /// <summary>Norms and biases are vectors; every other tensor is a matrix (outputs, inputs).</summary>
    public bool IsVector => IsNorm || Name.EndsWith(".bias", StringComparison.Ordinal);

    internal int[] Shape => IsVector ? [Columns] : [Rows, Columns];
}

/// <summary>
/// The order of the tensors. Query, key and value are adjacent, as are gate and up, so that each group is one matrix
/// product.
/// </summary>
internal sealed class WeightLayout
{
    private readonly NanoConfig _config;
    private readonly int _layer,
        _first;

    public WeightLayout(NanoConfig config)
    {
        config.Validate();
        _config = config;
        _first = config.Vocabulary * config.Width;
        _layer = Down(0) + config.Width * config.Hidden - AttentionNorm(0);
        FinalNorm = _first + config.Layers * _layer;
        Unembedding = config.TiedEmbedding ? Embedding : FinalNorm + config.Width;
        Length = FinalNorm + config.Width + (config.TiedEmbedding ? 0 : _first);
        Tensors = [.. List()];
    }

    public int Length { get; }

    public IReadOnlyList<TensorPlace> Tensors { get; }

    public static int Embedding => 0; // (vocabulary, width)

    public int FinalNorm { get; }

    public int Unembedding { get; } // (vocabulary, width): the embedding if it is tied

    public int AttentionNorm(int layer) => _first + layer * _layer;

    public int QueryKeyValue(int layer) => AttentionNorm(layer) + _config.Width; // (QueryKeyValueWidth, width)

    public int Bias(int layer) => QueryKeyValue(layer) + _config.QueryKeyValueWidth * _config.Width; // (QueryKeyValueWidth) or none

    public int Output(int layer) => Bias(layer) + (_config.AttentionBias ? _config.QueryKeyValueWidth : 0); // (width, QueryWidth)

    public int MlpNorm(int layer) => Output(layer) + _config.QueryWidth * _config.Width;

    public int GateUp(int layer) => MlpNorm(layer) + _config.Width; // (2 hidden, width)

    public int Down(int layer) => GateUp(layer) + 2 * _config.Hidden * _config.Width; // (width, hidden)

    private IEnumerable<TensorPlace> List()
    {
        var (c, h, q, k) = (_config.Width, _config.Hidden, _config.QueryWidth, _config.KeyWidth);
        yield return new("model.embed_tokens.weight", _config.Vocabulary, c, Embedding);
        for (var l = 0; l < _config.Layers; l++)
        {
            var p = $"model.layers.{l}.";
            yield return new(p + "input_layernorm.weight", 1, c, AttentionNorm(l));
            yield return new(p + "self_attn.q_proj.weight", q, c, QueryKeyValue(l));
            yield return new(p + "self_attn.k_proj.weight", k, c, QueryKeyValue(l) + q * c);
            yield return new(p + "self_attn.v_proj.weight", k, c, QueryKeyValue(l) + (q + k) * c);
            if (_config.AttentionBias)
            {
                yield return new(p + "self_attn.q_proj.bias", 1, q, Bias(l));
                yield return new(p + "self_attn.k_proj.bias", 1, k, Bias(l) + q);
                yield return new(p + "self_attn.v_proj.bias", 1, k, Bias(l) + q + k);
            }

            yield return new(p + "self_attn.o_proj.weight", c, q, Output(l));
            yield return new(p + "post_attention_layernorm.weight", 1, c, MlpNorm(l));
            yield return new(p + "mlp.gate_proj.weight", h, c, GateUp(l));
            yield return new(p + "mlp.up_proj.weight", h, c, GateUp(l) + h * c);
            yield return new(p + "mlp.down_proj.weight", c, h, Down(l));
        }

        yield return new("model.norm.weight", 1, c, FinalNorm);
        if (!_config.TiedEmbedding)
            yield return new("lm_head.weight", _config.Vocabulary, c, Unembedding);
    }
}
