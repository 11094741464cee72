using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Turns offsets of a UTF-8 text, in ascending order, into lines and columns.</summary>
internal ref struct TextPosition(ReadOnlySpan<byte> utf8, Place start)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private Place _at = start;
    private int _offset;

    /// <summary>The place of an offset; that of the last one asked for if it is before it.</summary>
    public Place At(int offset)
    {
        for (var end = Math.Min(offset, _utf8.Length); _offset < end; _offset++)
        {
            if (_utf8[_offset] == (byte)'\n')
                _at = _at with { Line = _at.Line + 1, Column = 1 };
            else if ((_utf8[_offset] & 0xC0) != 0x80) // the following bytes of a character have no column of their own
                _at = _at with { Column = _at.Column + (_utf8[_offset] >= 0xF0 ? 2 : 1) };
        }

        return _at;
    }
}
