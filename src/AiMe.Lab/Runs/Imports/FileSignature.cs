using System.Collections.Immutable;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Recognises files that are no text by their first bytes.</summary>
internal static class FileSignature
{
    private static readonly ImmutableArray<(byte[] Start, string What)> All =
    [
        ([.. "PK\x03\x04"u8], "a ZIP archive; unpack it and import the file in it"),
        ([.. "PK\x05\x06"u8], "an empty ZIP archive"),
        ([0x1F, 0x8B], "a gzip file; unpack it first: gunzip --keep FILE"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file; unpack it first: unzstd FILE"),
        ([.. "BZh"u8], "a bzip2 file; unpack it first: bunzip2 --keep FILE"),
        ([0xFD, .. "7zXZ"u8], "an xz file; unpack it first: unxz --keep FILE"),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7-Zip archive; unpack it first"),
        ([.. "PAR1"u8], "a Parquet file; write its rows as JSON Lines first"),
        ([.. "ARROW1"u8], "an Arrow file; write its rows as JSON Lines first"),
        ([.. "SQLite format 3\0"u8], "a SQLite database; a store is named with --store, not imported"),
        ([.. "%PDF"u8], "a PDF document"),
        ([0x89, .. "PNG"u8], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([.. "GIF8"u8], "a GIF image"),
        ([.. "RIFF"u8], "a RIFF file: sound, an image or a film"),
        ([.. "GGUF"u8], "a model in GGUF"),
        ([0x89, .. "HDF"u8], "an HDF5 file"),
        ([0x7F, .. "ELF"u8], "a program"),
    ];

    /// <summary>What the file is, or null if its first bytes are none of those known.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, what) in All)
        {
            if (bytes.StartsWith(start))
                return what;
        }

        return null;
    }
}
