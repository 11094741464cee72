namespace AiMe.Console.Commands;

/// <summary>Where an export goes: standard output, or a file that is there whole or not at all.</summary>
internal static class ExportTarget
{
    /// <param name="write">Writes it, and says what it came to, such as <c>12 lines</c>.</param>
    /// <param name="file">Null for standard output.</param>
    /// <param name="force">Whether a file of that name may be replaced.</param>
    /// <exception cref="UsageException">There is such a file already, or no directory for it.</exception>
    public static async Task WriteAsync(Func<Stream, Task<string>> write, string? file, bool force, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await using var output = System.Console.OpenStandardOutput();
            await BufferedAsync(write, output, cancellationToken);
            return;
        }

        Check(file, force);
        var beside = $"{file}.part-{Environment.ProcessId}";
        try
        {
            string said;
            await using (var output = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                said = await BufferedAsync(write, output, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(beside, file, force);
            await System.Console.Error.WriteLineAsync($"{said} in {file}");
        }
        finally
        {
            File.Delete(beside); // nothing once it has been moved
        }
    }

    /// <summary>Lines one after the other.</summary>
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

    private static void Check(string file, bool force)
    {
        if (Directory.Exists(file))
            throw new UsageException($"--out: {file} is a directory: name a file");
        if (File.Exists(file) && !force)
            throw new UsageException($"--out: {file} exists already: name another file, or replace it with --force");
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory && !Directory.Exists(directory))
            throw new UsageException($"--out: there is no directory {directory}");
    }

    private static async Task<string> BufferedAsync(Func<Stream, Task<string>> write, Stream output, CancellationToken cancellationToken)
    {
        var buffered = new BufferedStream(output, 1 << 16); // flushed below, and not disposed: the stream behind it is its owner's
        var said = await write(buffered);
        await buffered.FlushAsync(cancellationToken);
        return said;
    }
}
