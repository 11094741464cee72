using System.Text;
using System.Text.Json;

namespace AiMe.Nano.Tests.Independent;

/// <summary>A safetensors file, read from its description and from nothing of ours.</summary>
internal sealed class TensorFile
{
    private readonly Dictionary<string, double[]> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _shapes = new(StringComparer.Ordinal);

    public TensorFile(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var length = reader.ReadInt64();
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(reader.ReadBytes((int)length)));
        var data = reader.ReadBytes((int)(reader.BaseStream.Length - 8 - length));
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
                continue;
            entry.Value.GetProperty("dtype").GetString().ShouldBe("F32");
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            var (from, to) = (entry.Value.GetProperty("data_offsets")[0].GetInt32(), entry.Value.GetProperty("data_offsets")[1].GetInt32());
            var values = new double[shape.Aggregate(1, (a, b) => a * b)];
            (to - from).ShouldBe(4 * values.Length);
            for (var i = 0; i < values.Length; i++)
                values[i] = BitConverter.ToSingle(data, from + 4 * i);
            (_values[entry.Name], _shapes[entry.Name]) = (values, shape);
        }
    }

    public IEnumerable<string> Names => _values.Keys;

    public double[] Vector(string name, int length)
    {
        _shapes[name].ShouldBe([length]);
        return _values[name];
    }

    public double[][] Matrix(string name, int rows, int columns)
    {
        _shapes[name].ShouldBe([rows, columns]);
        return [.. _values[name].Chunk(columns)];
    }
}
