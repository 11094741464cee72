using System.Security.Cryptography;

namespace AiMe;

/// <summary>Writes files and folders atomically: next to their final place, from where they are moved there.</summary>
/// <remarks>
/// Content is flushed to disk before it is moved: after a power failure it may be missing, but is never incomplete.
/// Several processes may write one place at the same time; in containers they may even have the same process id.
/// </remarks>
internal static class AtomicFiles
{
    /// <summary>In the name of an unfinished file or folder; the process id follows.</summary>
    public const string Mark = ".part-";

    /// <summary>Writes a file.</summary>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="IOException">It cannot be written, or it exists and must not be replaced.</exception>
    public static async Task<T> WriteFileAsync<T>(string path, Func<Stream, Task<T>> write, bool overwrite)
    {
        var temporary = Temporary(path);
        try
        {
            T answer;
            await using (var file = Create(temporary))
            {
                answer = await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
            return answer;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file, and replaces an existing one.</summary>
    public static Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteFileAsync(
            path,
            async file =>
            {
                await file.WriteAsync(content, cancellationToken);
                return path;
            },
            overwrite: true
        );

    /// <summary>Writes the files of a folder under a temporary name, and returns it; the caller moves the folder.</summary>
    /// <param name="directory">The final place.</param>
    /// <param name="files">By their path in the folder.</param>
    public static async Task<string> WriteFolderAsync(
        string directory,
        IEnumerable<(string Path, byte[] Content)> files,
        CancellationToken cancellationToken
    )
    {
        var temporary = Temporary(directory);
        try
        {
            foreach (var (path, content) in files)
            {
                var full = Path.Combine(temporary, path);
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                await using var file = Create(full);
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }
        }
        catch
        {
            RemoveFolder(temporary);
            throw;
        }

        return temporary;
    }

    /// <summary>Writes a folder: under a temporary name, from where it is moved to its final place.</summary>
    /// <param name="directory">The final place.</param>
    /// <param name="write">Writes into the folder that it is given, durably.</param>
    /// <param name="overwrite">Whether an existing folder is replaced, with all that is in it.</param>
    /// <exception cref="IOException">It cannot be written, or it exists and must not be replaced.</exception>
    public static async Task<T> WriteFolderAsync<T>(string directory, Func<string, Task<T>> write, bool overwrite)
    {
        var (temporary, former) = (Temporary(directory), Temporary(directory));
        try
        {
            Directory.CreateDirectory(temporary);
            var answer = await write(temporary);
            if (overwrite && Directory.Exists(directory))
                Directory.Move(directory, former);
            Directory.Move(temporary, directory);
            RemoveFolder(former);
            return answer;
        }
        catch
        {
            RemoveFolder(temporary);
            if (Directory.Exists(former) && !Directory.Exists(directory))
                Directory.Move(former, directory);
            throw;
        }
    }

    /// <summary>Removes a folder with its content, if it exists.</summary>
    public static void RemoveFolder(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    /// <summary>An unused name beside a place, on the same file system.</summary>
    public static string Temporary(string place) =>
        $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}"
        + $"{Mark}{Environment.ProcessId}";

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
}
