using System.Text.Json;

namespace AiMe.Nano.Checkpoints;

/// <summary>The safetensors files of a checkpoint, and which of them has which tensor.</summary>
internal sealed class TensorFiles : IDisposable
{
    private const string Single = "model.safetensors",
        Index = "model.safetensors.index.json";

    private readonly Dictionary<string, TensorFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorFile> _fileOf = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">A file is missing, or their tensors are not those of the shape.</exception>
    public TensorFiles(string directory, NanoConfig config)
    {
        try
        {
            foreach (var name in NamesIn(directory))
            {
                var file = TensorFile.Open(CheckpointFolder.Existing(directory, name));
                _files.Add(name, file);
                foreach (var tensor in file.Names)
                {
                    if (!_fileOf.TryAdd(tensor, file))
                        throw new FormatException($"{name}: the tensor {tensor} is in another file too");
                }
            }

            Check(config);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads rows of a tensor.</summary>
    /// <exception cref="FormatException">A number is not finite.</exception>
    public void Read(TensorPlace place, int row, Span<float> into)
    {
        var file = _fileOf[place.Name];
        file.Read(file.Find(place.Name)!, (long)row * place.Columns, into);
        foreach (var value in into)
        {
            if (!float.IsFinite(value))
                throw new FormatException($"expected finite numbers; one of {place.Name} is {value}");
        }
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    /// <summary>The files that hold the weights, and the index that names them.</summary>
    /// <exception cref="FormatException">They are missing, or the index is damaged.</exception>
    public static IEnumerable<string> NamesWithIndex(string directory) =>
        File.Exists(Path.Combine(directory, Index)) ? [Index, .. NamesIn(directory)] : NamesIn(directory);

    private static IEnumerable<string> NamesIn(string directory)
    {
        if (!File.Exists(Path.Combine(directory, Index)))
        {
            if (!File.Exists(Path.Combine(directory, Single)))
                throw new FormatException($"expected {Single} or {Index} in {directory}; both are missing");
            return [Single];
        }

        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, Index)));
            string[] names =
            [
                .. index.RootElement.GetProperty("weight_map").EnumerateObject().Select(t => t.Value.GetString()!).Distinct(),
            ];
            // a name that is a path could read any file
            return names.FirstOrDefault(n => n != Path.GetFileName(n)) is { } path
                ? throw new FormatException($"{Index}: expected names of files in its own folder; one is {path}")
                : names;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{Index}: expected an object with weight_map: {e.Message}", e);
        }
    }

    private void Check(NanoConfig config)
    {
        var layout = new WeightLayout(config);
        foreach (var place in layout.Tensors)
        {
            var expected = string.Join(", ", place.Shape);
            if (!_fileOf.TryGetValue(place.Name, out var file))
                throw new FormatException($"expected the tensor {place.Name} [{expected}]; it is in no file");
            var found = string.Join(", ", file.Find(place.Name)!.Shape);
            if (found != expected)
                throw new FormatException($"expected {place.Name} to be [{expected}]; it is [{found}]");
        }

        var known = layout.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        if (_fileOf.Keys.FirstOrDefault(n => !known.Contains(n) && !Unused(n, config)) is { } foreign)
            throw new FormatException($"the tensor {foreign} is not part of this model; nano would leave it out of the computation");
    }

    // Hugging Face's software ignores both too: a tied unembedding is the embedding, and frequencies come from config.json.
    private static bool Unused(string name, NanoConfig config) =>
        name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || (name == "lm_head.weight" && config.TiedEmbedding);
}
