using System.Buffers;
using System.Text;

namespace AiMe.Lab.Upkeep;

/// <summary>
/// Finds the SHA-256 digests in the text of a row. Every text of 64 hexadecimal digits counts, whatever its meaning, so
/// that no reference of any build is overlooked.
/// </summary>
internal static class RowDigests
{
    private const int Length = 64;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Adds the digests in a row to a set.</summary>
    public static void AddTo(HashSet<string> found, ReadOnlySpan<byte> message)
    {
        while (message.IndexOfAny(Digits) is var start and >= 0)
        {
            message = message[start..];
            var length = message.IndexOfAnyExcept(Digits) is var end and >= 0 ? end : message.Length;
            for (var i = 0; i + Length <= length; i++)
                found.Add(Encoding.ASCII.GetString(message.Slice(i, Length)));
            message = message[length..];
        }
    }
}
