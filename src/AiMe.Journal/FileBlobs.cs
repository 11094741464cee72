using System.Security.Cryptography;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Blobs as files named by their digest: <c>ab/cd/abcd...</c> under a directory.</summary>
/// <param name="directory">The directory; created with the first blob.</param>
/// <remarks>
/// A file appears under its name complete and synced, or not at all, so any number of processes may share a directory.
/// </remarks>
public sealed class FileBlobs(string directory) : IBlobs
{
    private readonly string _directory = Path.GetFullPath(directory);
    private readonly SemaphoreSlim _writing = new(4); // more concurrent writes only make the disk seek

    /// <inheritdoc />
    /// <remarks>A damaged file of the same name is replaced.</remarks>
    /// <exception cref="JournalException">The directory cannot be written, or the disk is full.</exception>
    public async Task<BlobId> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = new BlobId(Digest(content.Span));
        var path = PathOf(id);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(path) || Digest(await File.ReadAllBytesAsync(path, cancellationToken)) != id.Sha256)
                await WriteAsync(path, content, cancellationToken);
            return id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The blob {path} cannot be written ({e.Message}): make the directory writable or free some space, then "
                    + "run the same command again.",
                e
            );
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc />
    public async Task<byte[]> GetAsync(BlobId id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        if (!File.Exists(path))
            throw new CorruptBlobException(
                $"The blob {path} is missing: expected a file with SHA-256 {id}, found none. Restore it from a copy of the store."
            );
        var content = await File.ReadAllBytesAsync(path, cancellationToken);
        var actual = Digest(content);
        return actual == id.Sha256
            ? content
            : throw new CorruptBlobException(
                $"The blob {path} is damaged: expected SHA-256 {id}, found {actual} over {content.Length} bytes. Restore "
                    + "it from a copy of the store."
            );
    }

    /// <inheritdoc />
    public bool Has(BlobId id) => File.Exists(PathOf(id));

    /// <summary>The path of a blob's file, whether or not it exists.</summary>
    /// <exception cref="ArgumentException">The id is not 64 lower-case hexadecimal digits.</exception>
    public string PathOf(BlobId id) =>
        id.Sha256 is { Length: 64 } digits && digits.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(_directory, digits[..2], digits[2..4], digits)
            : throw new ArgumentException($"A blob's id is 64 lower-case hexadecimal digits, not '{id.Sha256}'.");

    private async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(parent);
        await AtomicFiles.WriteFileAsync(path, content, cancellationToken);
        // The names are durable only when the directories that contain them are.
        DirectorySync.Flush(parent);
        DirectorySync.Flush(Path.GetDirectoryName(parent)!);
        DirectorySync.Flush(_directory);
    }

    private static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
