using System.Buffers.Binary;

namespace AiMe.Web.Plot;

/// <summary>Tells the size of a picture's dots, so that a text program places it at its true width.</summary>
internal static class PngDensity
{
    private const int AfterHeader = 8 + 25;
    private const uint Polynomial = 0xEDB88320;

    /// <summary>The same picture with a pHYs chunk after its header.</summary>
    /// <param name="png">Encoded without one.</param>
    /// <remarks>Source: PNG specification, third edition, 11.3.4.3 and annex D (CRC-32).</remarks>
    public static byte[] Of(byte[] png, double dpi)
    {
        var chunk = new byte[4 + 4 + 9 + 4];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, 9);
        "pHYs"u8.CopyTo(chunk.AsSpan(4));
        var perMetre = (uint)Math.Round(dpi / 0.0254);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8), perMetre);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(12), perMetre);
        chunk[16] = 1; // metres
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(17), Crc(chunk.AsSpan(4, 13)));
        return [.. png.AsSpan(0, AfterHeader), .. chunk, .. png.AsSpan(AfterHeader)];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? crc >> 1 ^ Polynomial : crc >> 1;
        }

        return ~crc;
    }
}
