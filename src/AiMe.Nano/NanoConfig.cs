namespace AiMe.Nano;

/// <summary>
/// The shape of a transformer of Llama's family. The presets have full attention heads and tied embeddings; a checkpoint
/// of others' may share key and value heads, have an unembedding of its own, or biases.
/// </summary>
/// <param name="Vocabulary">Token ids, at least 2.</param>
/// <param name="Width">
/// Size of the residual stream, a multiple of 16, the kernels' lanes.
/// </param>
/// <param name="Layers">Transformer blocks, at least 1.</param>
/// <param name="Heads">Attention heads, at least 1.</param>
/// <param name="Hidden">Inner size of the SwiGLU block, a multiple of 16.</param>
/// <param name="Context">Longest sequence in tokens, at least 1.</param>
/// <remarks>
/// Sources: Touvron et al. (2023), LLaMA; Ainslie et al. (2023), GQA, for shared key and value heads; Qwen Team (2024),
/// Qwen2.5, for the biases of query, key and value.
/// </remarks>
public sealed record NanoConfig(int Vocabulary, int Width, int Layers, int Heads, int Hidden, int Context)
{
    /// <summary>149,824 parameters: learns a small corpus in seconds.</summary>
    public static NanoConfig Tiny { get; } = new(Vocabulary: 768, Width: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 256);

    /// <summary>1,066,112 parameters.</summary>
    public static NanoConfig Small { get; } = new(Vocabulary: 2048, Width: 128, Layers: 4, Heads: 4, Hidden: 352, Context: 256);

    /// <summary>4,984,064 parameters.</summary>
    public static NanoConfig Base { get; } = new(Vocabulary: 4096, Width: 256, Layers: 6, Heads: 8, Hidden: 512, Context: 256);

    /// <summary>
    /// Heads of keys and values, each shared by <c>Heads / KeyValueHeads</c> heads of queries; divides Heads. Default
    /// Heads.
    /// </summary>
    public int KeyValueHeads { get; init; } = Heads;

    /// <summary>Dimensions of one attention head, a multiple of 16. Default Width / Heads.</summary>
    public int HeadSize { get; init; } = Heads > 0 && Width % Heads == 0 ? Width / Heads : 0;

    /// <summary>Base of the rotary positions' frequencies, above 0. Default 10000.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>How the frequencies are stretched for long contexts; null for not at all.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>Added to the mean square under RMSNorm's root; above 0. Default 1e-5.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether the embedding is also the unembedding. Default true.</summary>
    public bool TiedEmbedding { get; init; } = true;

    /// <summary>Whether queries, keys and values have biases. Default false.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Length of all heads' queries, side by side.</summary>
    internal int QueryWidth => Heads * HeadSize;

    /// <summary>Length of all heads' keys, side by side, which is that of the values.</summary>
    internal int KeyWidth => KeyValueHeads * HeadSize;

    /// <summary>Length of queries, keys and values, side by side.</summary>
    internal int QueryKeyValueWidth => QueryWidth + 2 * KeyWidth;

    /// <summary>Number of trainable parameters; a tied embedding counts once.</summary>
    public int Parameters => new WeightLayout(this).Length;

    /// <summary>The preset of that name.</summary>
    /// <param name="name">tiny, small or base.</param>
    /// <exception cref="ArgumentException">No preset has that name.</exception>
    public static NanoConfig Preset(string name) =>
        name switch
        {
            "tiny" => Tiny,
            "small" => Small,
            "base" => Base,
            _ => throw new ArgumentException($"there is no nano preset \"{name}\"; presets are tiny, small and base"),
        };

    /// <summary>The text of Hugging Face's config.json for a Llama model of this shape, UTF-8.</summary>
    public byte[] ToJson() => ConfigJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">
    /// It is not the config.json of a model that nano can run; the message says what was expected.
    /// </exception>
    public static NanoConfig FromJson(ReadOnlySpan<byte> json) => ConfigJson.Read(json);

    /// <summary>Checks that the kernels can run the shape.</summary>
    /// <exception cref="ArgumentException">A size is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Require(Vocabulary >= 2, "Vocabulary must be at least 2", Vocabulary);
        Require(Layers >= 1, "Layers must be at least 1", Layers);
        Require(Context >= 1, "Context must be at least 1", Context);
        Require(Heads >= 1, "Heads must be at least 1", Heads);
        Require(KeyValueHeads >= 1 && Heads % KeyValueHeads == 0, "KeyValueHeads must divide Heads", KeyValueHeads);
        Require(Width >= 16 && Width % 16 == 0, "Width must be a multiple of 16", Width);
        Require(
            HeadSize >= 16 && HeadSize % 16 == 0,
            "HeadSize, which is Width / Heads unless it is given, must be a multiple of 16",
            HeadSize
        );
        Require(Hidden >= 16 && Hidden % 16 == 0, "Hidden must be a multiple of 16", Hidden);
        if (!(RotaryBase > 0) || !double.IsFinite(RotaryBase))
            throw new ArgumentException($"RotaryBase must be above 0; got {RotaryBase}");
        if (!(NormEpsilon > 0) || !double.IsFinite(NormEpsilon))
            throw new ArgumentException($"NormEpsilon must be above 0; got {NormEpsilon}");
        RotaryScaling?.Validate();
        var parameters = Sizes();
        if (parameters > Array.MaxLength)
            throw new ArgumentException($"a model's parameters lie in one array of {Array.MaxLength} at most; got {parameters}");
    }

    // Wide enough for any sizes: the layout's own sums could overflow.
    private Int128 Sizes()
    {
        Int128 width = Width,
            attention = (Int128)HeadSize * (2 * (Int128)Heads + 2 * (Int128)KeyValueHeads),
            bias = AttentionBias ? HeadSize * ((Int128)Heads + 2 * (Int128)KeyValueHeads) : 0;
        var layer = width * (2 + attention + 3 * (Int128)Hidden) + bias;
        return width * Vocabulary * (TiedEmbedding ? 1 : 2) + Layers * layer + width;
    }

    private static void Require(bool holds, string rule, int value)
    {
        if (!holds)
            throw new ArgumentException($"{rule}; got {value}");
    }
}
