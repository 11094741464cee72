using AiMe.Lab;

namespace AiMe.Console;

/// <summary>Where an export goes: standard output, or a file that is there whole or not at all.</summary>
internal static class ExportTarget
{
    /// <param name="file">Null for standard output.</param>
    /// <param name="force">Whether a file of that name may be replaced.</param>
    /// <exception cref="UsageException">There is such a file already, or no directory for it.</exception>
    public static async Task WriteAsync(IAsyncEnumerable<Lived> lives, ExportForm form, string? file, bool force, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await using var output = System.Console.OpenStandardOutput();
            await CopyAsync(lives, form, output, cancellationToken);
            return;
        }

        Check(file, force);
        var beside = $"{file}.part-{Environment.ProcessId}";
        try
        {
            long lines;
            await using (var output = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                lines = await CopyAsync(lives, form, output, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(beside, file, force);
            await System.Console.Error.WriteLineAsync($"{Views.Lines.Count(lines, "line")} in {file}");
        }
        finally
        {
            File.Delete(beside); // nothing once it has been moved
        }
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

    private static async Task<long> CopyAsync(IAsyncEnumerable<Lived> lives, ExportForm form, Stream output, CancellationToken cancellationToken)
    {
        var buffered = new BufferedStream(output, 1 << 16); // flushed below, and not disposed: the stream behind it is its owner's
        long lines = 0;
        await foreach (var lived in lives.WithCancellation(cancellationToken))
        {
            await buffered.WriteAsync(ExportLine.Of(lived, form), cancellationToken);
            lines++;
        }

        await buffered.FlushAsync(cancellationToken);
        return lines;
    }
}
