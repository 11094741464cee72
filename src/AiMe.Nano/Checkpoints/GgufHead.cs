using System.Text;

namespace AiMe.Nano.Checkpoints;

/// <summary>What stands before the tensors in a GGUF file: keys with values, then the tensors' names, shapes and places.</summary>
internal sealed class GgufHead
{
    private const uint Version = 3;
    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer; // little-endian everywhere

    public GgufHead(int tensors, IReadOnlyCollection<(string Key, object Value)> keys)
    {
        _writer = new BinaryWriter(_stream);
        _writer.Write("GGUF"u8);
        _writer.Write(Version);
        _writer.Write((ulong)tensors);
        _writer.Write((ulong)keys.Count);
        foreach (var (key, value) in keys)
        {
            Text(key);
            _writer.Write(TypeOf(value));
            Value(value);
        }
    }

    public long Length => _stream.Length;

    public byte[] Bytes() => _stream.ToArray();

    /// <param name="shape">Rows, then columns; or a vector's length.</param>
    /// <param name="at">Offset of its numbers after the head.</param>
    public void Tensor(string name, int[] shape, bool half, long at)
    {
        Text(name);
        _writer.Write((uint)shape.Length);
        foreach (var size in shape.Reverse()) // the fastest first
            _writer.Write((ulong)size);
        _writer.Write(half ? 1u : 0u);
        _writer.Write((ulong)at);
    }

    private static uint TypeOf(object value) =>
        value switch
        {
            uint => 4,
            int => 5,
            float => 6,
            bool => 7,
            string => 8,
            string[] or int[] => 9,
            _ => throw new System.Diagnostics.UnreachableException(value.GetType().Name),
        };

    private void Value(object value)
    {
        switch (value)
        {
            case uint number:
                _writer.Write(number);
                break;
            case float number:
                _writer.Write(number);
                break;
            case bool flag:
                _writer.Write(flag);
                break;
            case string text:
                Text(text);
                break;
            case int[] numbers:
                _writer.Write(TypeOf(0));
                _writer.Write((ulong)numbers.Length);
                foreach (var number in numbers)
                    _writer.Write(number);
                break;
            case string[] texts:
                _writer.Write(TypeOf(""));
                _writer.Write((ulong)texts.Length);
                foreach (var text in texts)
                    Text(text);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(value.GetType().Name);
        }
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _writer.Write((ulong)bytes.Length);
        _writer.Write(bytes);
    }
}
