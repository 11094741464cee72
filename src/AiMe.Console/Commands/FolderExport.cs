using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Exports.Columnar;
using AiMe.Lab.Analysis.Exports.Trackers;

namespace AiMe.Console.Commands;

/// <summary>The exports of <c>aime export</c> that are a folder of a whole run.</summary>
internal static class FolderExport
{
    private const string Parquet = "parquet",
        Mlflow = "mlflow",
        Inspect = "inspect";

    /// <summary>Their values of <c>--as</c>.</summary>
    public static ImmutableArray<string> Forms { get; } = [Parquet, Mlflow, Inspect];

    /// <summary>Whether a form has the planned instances and nothing else.</summary>
    public static bool IsOfThePlan(string form) => form is Mlflow or Inspect;

    /// <summary>Refuses a place that cannot be written.</summary>
    /// <returns>The folder to write; null if the form is not a folder.</returns>
    /// <exception cref="UsageException">
    /// The folder is missing, exists already, or holds something that no export wrote.
    /// </exception>
    public static string? Check(string form, string? folder, bool force)
    {
        if (!Forms.Contains(form, StringComparer.Ordinal))
            return null;
        if (folder is null)
            throw new UsageException($"--as {form} writes a folder: expected --out <folder>");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full))
            throw new UsageException($"--out: {folder} is a file, expected a folder");
        if (Directory.Exists(full) && !force)
            throw new UsageException($"--out: {folder} exists already; use another name, or --force to replace it");
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).FirstOrDefault(e => !IsOwn(form, e)) is { } other)
            throw new UsageException(
                $"--out: {folder} holds {Path.GetFileName(other)}, which no export --as {form} wrote; --force replaces the folder of an "
                    + "earlier export alone"
            );
        if (Path.GetDirectoryName(full) is { } parent && !Directory.Exists(parent))
            throw new UsageException($"--out: directory {parent} does not exist");
        return full;
    }

    /// <summary>Writes the folder, whole or not at all.</summary>
    /// <param name="folder">A place that <see cref="Check"/> has admitted.</param>
    public static async Task WriteAsync(
        string form,
        EventStore store,
        SupervisorState run,
        bool unplanned,
        string folder,
        bool force,
        CancellationToken cancellationToken
    )
    {
        var leftOut = 0;
        var said = await AtomicFiles.WriteFolderAsync(
            folder,
            async temporary =>
                form switch
                {
                    Parquet => Lines.Count(
                        await ParquetExport.WriteAsync(store.Journal, run, unplanned, () => leftOut++, temporary, cancellationToken),
                        "row"
                    ),
                    Mlflow => Lines.Count(
                        await MlflowExport.WriteAsync(store.Journal, run, CompareJson, temporary, folder, cancellationToken),
                        "instance"
                    ),
                    Inspect => Lines.Count(await InspectExport.WriteAsync(store.Journal, run, temporary, cancellationToken), "log"),
                    _ => throw new UnreachableException(),
                },
            force
        );
        if (leftOut > 0)
            await System.Console.Error.WriteLineAsync(
                $"{Lines.Count(leftOut, "experience")} outside the plan left out; --with-unplanned includes them"
            );
        await System.Console.Error.WriteLineAsync($"Wrote {said} to {folder}.");
    }

    private static byte[] CompareJson(RunComparison comparison) =>
        System.Text.Encoding.UTF8.GetBytes($"{CompareOutput.Of(comparison).ToLine()}\n");

    // What an export of this form may have written at the top of its folder.
    private static bool IsOwn(string form, string entry) =>
        form switch
        {
            Parquet => ParquetExport.Files.Contains(Path.GetFileName(entry), StringComparer.Ordinal),
            Mlflow => MlflowExport.IsOwn(Path.GetFileName(entry)),
            Inspect => InspectExport.IsOwn(Path.GetFileName(entry)),
            _ => throw new UnreachableException(),
        };
}
