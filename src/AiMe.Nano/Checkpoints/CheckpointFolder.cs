namespace AiMe.Nano.Checkpoints;

/// <summary>
/// A folder with a model of Llama's family as Hugging Face's software stores it: config.json, and
/// <c>model.safetensors</c> or several files under <c>model.safetensors.index.json</c>, in bf16, f16 or f32.
/// </summary>
/// <remarks>Weights are streamed: at no time is a file in memory as a whole.</remarks>
public sealed class CheckpointFolder
{
    private const int Piece = 1 << 20; // numbers that are read at a time
    private readonly string _directory;

    private CheckpointFolder(string directory, NanoConfig config) => (_directory, Config) = (directory, config);

    /// <summary>The shape.</summary>
    public NanoConfig Config { get; }

    /// <summary>Reads the shape.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="context">
    /// The longest sequence in tokens, at least 1 and at most what the checkpoint was trained for; null for that.
    /// </param>
    /// <exception cref="FormatException">
    /// The folder or a file is missing, or nano cannot run the model; the message names the key that is the reason.
    /// </exception>
    public static CheckpointFolder Open(string directory, int? context = null)
    {
        if (!Directory.Exists(directory))
            throw new FormatException($"there is no folder {directory}");
        var config = NanoConfig.FromJson(File.ReadAllBytes(Existing(directory, "config.json")));
        if (context is { } wanted && (wanted < 1 || wanted > config.Context))
            throw new FormatException($"expected a context from 1 to {config.Context}, the model's max_position_embeddings; got {wanted}");
        return new CheckpointFolder(directory, config with { Context = context ?? config.Context });
    }

    /// <summary>Loads the model. Of a large one the weights are in memory once.</summary>
    /// <param name="progress">Receives the share that was read, in [0, 1]; null for none.</param>
    /// <exception cref="FormatException">
    /// A file is missing or truncated, a tensor is missing, unknown or of another shape, or a number is not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Model Load(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var files = new TensorFiles(_directory, Config);
        using var digest = new WeightsDigest(new WeightLayout(Config));
        var inRows = Config.Parameters <= PackedWeights.LargestInRows;
        var packed = inRows ? null : new PackedWeights(Config, inRows);
        var values = inRows ? new float[Config.Parameters] : [];
        var buffer = new float[Piece];
        long done = 0;
        foreach (var place in new WeightLayout(Config).Tensors)
        {
            var rows = Math.Clamp(Piece / place.Columns, 1, place.Rows);
            if (buffer.Length < rows * place.Columns)
                buffer = new float[rows * place.Columns];
            for (var row = 0; row < place.Rows; row += rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var piece = buffer.AsSpan(0, Math.Min(rows, place.Rows - row) * place.Columns);
                files.Read(place, row, piece);
                digest.Add(piece);
                if (packed is null)
                    piece.CopyTo(values.AsSpan(place.Offset + row * place.Columns));
                else
                    packed.Put(place, row, piece);
                done += piece.Length;
                progress?.Report((double)done / Config.Parameters);
            }
        }

        var id = digest.Finish();
        return packed is null ? new Model(new Weights(Config, values, id)) : new Model(packed, id);
    }

    /// <summary>Names of the files that hold the weights, and of the index that names them.</summary>
    /// <exception cref="FormatException">They are missing, or the index is damaged.</exception>
    public static IEnumerable<string> WeightFiles(string directory) => TensorFiles.NamesWithIndex(directory);

    /// <summary>The path of a file of the folder.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    internal static string Existing(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        return File.Exists(path) ? path : throw new FormatException($"expected {name} in {directory}; it is missing");
    }
}
