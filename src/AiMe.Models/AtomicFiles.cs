namespace AiMe.Models;

/// <summary>
/// Writes folders atomically: a folder is written beside its final place, and the caller moves it there.
/// </summary>
public static class AtomicFiles
{
    /// <summary>Writes the files to a temporary folder beside the final place, and returns its path.</summary>
    /// <param name="directory">The final place.</param>
    /// <param name="files">By their path in the folder.</param>
    /// <remarks>
    /// The temporary name contains the process id; what an earlier process with the same id left there is removed
    /// first. The files are flushed to disk before the folder can be moved: after a power failure the folder may be
    /// missing, but is never incomplete.
    /// </remarks>
    public static async Task<string> WriteAsync(
        string directory,
        IEnumerable<(string Path, byte[] Content)> files,
        CancellationToken cancellationToken
    )
    {
        var temporary = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))}.part-{Environment.ProcessId}";
        Remove(temporary);
        try
        {
            foreach (var (path, content) in files)
                await PutAsync(Path.Combine(temporary, path), content, cancellationToken);
        }
        catch
        {
            Remove(temporary);
            throw;
        }

        return temporary;
    }

    /// <summary>Removes a folder with its content, if it exists.</summary>
    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static async Task PutAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        await file.WriteAsync(content, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
