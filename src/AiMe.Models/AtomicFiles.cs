namespace AiMe.Models;

/// <summary>A folder that is there whole or not at all: it is written beside its place, and moved there by the caller.</summary>
public static class AtomicFiles
{
    /// <summary>Writes the files beside the folder, under a name of this process' own, and gives that name.</summary>
    /// <param name="directory">Where it is to be moved.</param>
    /// <param name="files">By their path in the folder.</param>
    /// <remarks>
    /// What a process of the same number left there is removed first. The files are on the disk before the folder can be
    /// moved: after a power loss its name may be
    /// missing, but what bears it is whole.
    /// </remarks>
    public static async Task<string> WriteAsync(
        string directory,
        IEnumerable<(string Path, byte[] Content)> files,
        CancellationToken cancellationToken
    )
    {
        var beside = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))}.part-{Environment.ProcessId}";
        Remove(beside);
        try
        {
            foreach (var (path, content) in files)
                await PutAsync(Path.Combine(beside, path), content, cancellationToken);
        }
        catch
        {
            Remove(beside);
            throw;
        }

        return beside;
    }

    /// <summary>Removes a folder with what is in it, where there is one.</summary>
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
