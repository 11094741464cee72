namespace AiMe.Nano;

/// <summary>Where a tensor is in the flat array of weights.</summary>
/// <param name="Name">Llama's key, for example <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Rows">Outputs of a matrix; 1 for a norm.</param>
/// <param name="Columns">Inputs of a matrix; the length of a norm.</param>
/// <param name="Offset">Index of the first element.</param>
public sealed record TensorPlace(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Elements in all.</summary>
    public int Length => Rows * Columns;

    /// <summary>Norms are vectors; every other tensor is a matrix (outputs, inputs).</summary>
    public bool IsNorm => Name.EndsWith("norm.weight", StringComparison.Ordinal);

    internal int[] Shape => IsNorm ? [Columns] : [Rows, Columns];
}

/// <summary>
/// The order of the tensors. Query, key and value are adjacent, as are gate and up, so that each group is one matrix
/// product.
/// </summary>
internal sealed class WeightLayout
{
    private readonly int _width,
        _hidden,
        _layer,
        _first;

    public WeightLayout(NanoConfig config)
    {
        config.Validate();
        (_width, _hidden) = (config.Width, config.Hidden);
        _first = config.Vocabulary * _width;
        _layer = _width + 4 * _width * _width + _width + 3 * _width * _hidden;
        FinalNorm = _first + config.Layers * _layer;
        Length = FinalNorm + _width;
        Tensors = [.. List(config)];
    }

    public int Length { get; }

    public IReadOnlyList<TensorPlace> Tensors { get; }

    public static int Embedding => 0; // (vocabulary, width)

    public int FinalNorm { get; }

    public int AttentionNorm(int layer) => _first + layer * _layer;

    public int QueryKeyValue(int layer) => AttentionNorm(layer) + _width; // (3 width, width)

    public int Output(int layer) => QueryKeyValue(layer) + 3 * _width * _width; // (width, width)

    public int MlpNorm(int layer) => Output(layer) + _width * _width;

    public int GateUp(int layer) => MlpNorm(layer) + _width; // (2 hidden, width)

    public int Down(int layer) => GateUp(layer) + 2 * _hidden * _width; // (width, hidden)

    private IEnumerable<TensorPlace> List(NanoConfig config)
    {
        var (c, h) = (_width, _hidden);
        yield return new("model.embed_tokens.weight", config.Vocabulary, c, Embedding);
        for (var l = 0; l < config.Layers; l++)
        {
            var p = $"model.layers.{l}.";
            yield return new(p + "input_layernorm.weight", 1, c, AttentionNorm(l));
            yield return new(p + "self_attn.q_proj.weight", c, c, QueryKeyValue(l));
            yield return new(p + "self_attn.k_proj.weight", c, c, QueryKeyValue(l) + c * c);
            yield return new(p + "self_attn.v_proj.weight", c, c, QueryKeyValue(l) + 2 * c * c);
            yield return new(p + "self_attn.o_proj.weight", c, c, Output(l));
            yield return new(p + "post_attention_layernorm.weight", 1, c, MlpNorm(l));
            yield return new(p + "mlp.gate_proj.weight", h, c, GateUp(l));
            yield return new(p + "mlp.up_proj.weight", h, c, GateUp(l) + h * c);
            yield return new(p + "mlp.down_proj.weight", c, h, Down(l));
        }

        yield return new("model.norm.weight", 1, c, FinalNorm);
    }
}
