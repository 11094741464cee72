namespace AiMe.Console.Commands;

/// <summary>Destination of an export: standard output, or a file that is replaced atomically.</summary>
internal static class ExportTarget
{
    /// <param name="write">Writes the export and returns a summary, such as <c>12 lines</c>.</param>
    /// <param name="file">Null for standard output.</param>
    /// <param name="force">Whether an existing file may be replaced.</param>
    /// <exception cref="UsageException">The file exists already, or its directory does not.</exception>
    public static async Task WriteAsync(Func<Stream, Task<string>> write, string? file, bool force, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await using var output = System.Console.OpenStandardOutput();
            await BufferedAsync(write, output, cancellationToken);
            return;
        }

        Check(file, force);
        var said = await AtomicFiles.WriteFileAsync(file, output => BufferedAsync(write, output, cancellationToken), force);
        await System.Console.Error.WriteLineAsync($"Wrote {said} to {file}.");
    }

    /// <summary>Writes lines and returns their count.</summary>
    public static async Task<string> LinesAsync(IAsyncEnumerable<byte[]> lines, Stream output, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            await output.WriteAsync(line, cancellationToken);
            count++;
        }

        return Output.Lines.Count(count, "line");
    }

    /// <summary>Refuses a place that cannot be written, before the work is done.</summary>
    /// <exception cref="UsageException">The file exists already, or its directory does not.</exception>
    public static void Check(string file, bool force)
    {
        if (Directory.Exists(file))
            throw new UsageException($"--out: {file} is a directory, expected a file");
        if (File.Exists(file) && !force)
            throw new UsageException($"--out: {file} exists already; use another name, or --force to replace it");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory && !Directory.Exists(directory))
            throw new UsageException($"--out: the folder {directory} does not exist: create it, or choose another");
    }

    private static async Task<string> BufferedAsync(Func<Stream, Task<string>> write, Stream output, CancellationToken cancellationToken)
    {
        var buffered = new BufferedStream(output, 1 << 16); // flushed below, not disposed: the caller owns the inner stream
        var said = await write(buffered);
        await buffered.FlushAsync(cancellationToken);
        return said;
    }
}
