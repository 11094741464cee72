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
            if (!await KeepsAsync(path, id, cancellationToken))
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
        if (!File.Exists(path) && RemovedAt(id) is { } removed)
            throw new CorruptBlobException(
                $"The blob {path} was removed by `aime gc` at {removed:yyyy-MM-dd HH:mm:ss} UTC, as a superseded checkpoint: restore "
                    + "it from a copy of the store, or name a checkpoint that is kept."
            );
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

    /// <summary>All blobs with their size and the time of their last writing.</summary>
    public IEnumerable<(BlobId Id, long Bytes, DateTime WrittenUtc)> All() =>
        Directory.Exists(_directory)
            ? new DirectoryInfo(_directory)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(f => f.Name.Length == 64 && f.Name.All(char.IsAsciiHexDigitLower))
                .Select(f => (new BlobId(f.Name), f.Length, f.LastWriteTimeUtc))
            : [];

    /// <summary>Removes a blob, unless it was written again since a moment.</summary>
    /// <param name="leaveMark">Whether <see cref="RemovedAt"/> shall know that it was removed on purpose.</param>
    /// <returns>Whether it was removed.</returns>
    /// <remarks>
    /// A process that is about to refer to the blob has written it, or its time, before. So the file is first put aside:
    /// from then on that process writes a new one. Then its time is looked at again.
    /// </remarks>
    public bool Remove(BlobId id, DateTime unlessWrittenSinceUtc, bool leaveMark)
    {
        var path = PathOf(id);
        var aside = AtomicFiles.Temporary(path);
        if (!File.Exists(path))
            return false;
        if (leaveMark)
            File.WriteAllText(MarkOf(path), ""); // has no meaning as long as the blob exists
        try
        {
            File.Move(path, aside);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        if (File.GetLastWriteTimeUtc(aside) >= unlessWrittenSinceUtc)
        {
            File.Move(aside, path, overwrite: true);
            File.Delete(MarkOf(path));
            return false;
        }

        File.Delete(aside);
        return true;
    }

    /// <summary>The time of the file system's clock, which gives the times of the blobs.</summary>
    public DateTime NowUtc()
    {
        Directory.CreateDirectory(_directory);
        var trial = AtomicFiles.Temporary(Path.Combine(_directory, "clock"));
        File.WriteAllText(trial, "");
        var now = File.GetLastWriteTimeUtc(trial);
        File.Delete(trial);
        return now;
    }

    /// <summary>When a blob was removed on purpose; null if it exists, or was lost.</summary>
    public DateTime? RemovedAt(BlobId id) =>
        PathOf(id) is var path && !File.Exists(path) && new FileInfo(MarkOf(path)) is { Exists: true } mark ? mark.LastWriteTimeUtc : null;

    private static string MarkOf(string path) => $"{path}.removed";

    // The time tells a collector of unused blobs that a process is about to refer to this one.
    private async Task<bool> KeepsAsync(string path, BlobId id, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(path))
                return false;
            File.SetLastWriteTimeUtc(path, NowUtc());
            return Digest(await File.ReadAllBytesAsync(path, cancellationToken)) == id.Sha256;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false; // a file of another user, whose time only that user can change, is replaced
        }
    }

    private async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(parent);
        await AtomicFiles.WriteFileAsync(path, content, cancellationToken);
        File.Delete(MarkOf(path));
        // The names are durable only when the directories that contain them are.
        DirectorySync.Flush(parent);
        DirectorySync.Flush(Path.GetDirectoryName(parent)!);
        DirectorySync.Flush(_directory);
    }

    private static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
