namespace AiMe.Nano;

/// <summary>
/// The shape of a nano transformer: Llama's architecture with full attention heads and tied embeddings.
/// </summary>
/// <param name="Vocabulary">Token ids, at least 2.</param>
/// <param name="Width">
/// Size of the residual stream; <c>Width / Heads</c> must be a multiple of 16, the kernels' lanes.
/// </param>
/// <param name="Layers">Transformer blocks, at least 1.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Width"/>.</param>
/// <param name="Hidden">Inner size of the SwiGLU block, a multiple of 16.</param>
/// <param name="Context">Longest sequence in tokens, at least 1.</param>
/// <remarks>Source: Touvron et al. (2023), LLaMA. Rotary base 10000, RMSNorm epsilon 1e-5, no biases.</remarks>
public sealed record NanoConfig(int Vocabulary, int Width, int Layers, int Heads, int Hidden, int Context)
{
    /// <summary>Added to the mean square under RMSNorm's root.</summary>
    internal const float NormEpsilon = 1e-5f;

    /// <summary>The rotary positions' base frequency.</summary>
    internal const double RotaryBase = 10000;

    /// <summary>149,824 parameters: learns a small corpus in seconds.</summary>
    public static NanoConfig Tiny { get; } = new(Vocabulary: 768, Width: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 256);

    /// <summary>1,066,112 parameters.</summary>
    public static NanoConfig Small { get; } = new(Vocabulary: 2048, Width: 128, Layers: 4, Heads: 4, Hidden: 352, Context: 256);

    /// <summary>4,984,064 parameters.</summary>
    public static NanoConfig Base { get; } = new(Vocabulary: 4096, Width: 256, Layers: 6, Heads: 8, Hidden: 512, Context: 256);

    /// <summary>Dimensions of one attention head.</summary>
    public int HeadSize => Width / Heads;

    /// <summary>Number of trainable parameters; the tied embedding counts once.</summary>
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
        Require(Heads >= 1 && Width >= 1 && Width % Heads == 0, "Width must be a multiple of Heads", Width);
        Require(HeadSize % 16 == 0, "Width / Heads must be a multiple of 16", Width);
        Require(Hidden >= 16 && Hidden % 16 == 0, "Hidden must be a multiple of 16", Hidden);
        Int128 width = Width; // wide enough for any four sizes
        var parameters = width * Vocabulary + Layers * width * (2 + 4 * width + 3 * (Int128)Hidden) + width;
        if (parameters > Array.MaxLength)
            throw new ArgumentException($"a model's parameters lie in one array of {Array.MaxLength} at most; got {parameters}");
    }

    private static void Require(bool holds, string rule, int value)
    {
        if (!holds)
            throw new ArgumentException($"{rule}; got {value}");
    }
}
