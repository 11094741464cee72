using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Console.Output;
using AiMe.Journal;
using AiMe.Web.View.Bundle;

namespace AiMe.Console.Commands;

/// <summary><c>aime view --bundle</c>: static pages of runs.</summary>
internal static class ViewBundle
{
    /// <exception cref="UsageException">The folder exists, or holds something that no bundle has.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<int> WriteAsync(
        StoreAddress place,
        string[] named,
        string folder,
        bool force,
        CancellationToken cancellationToken
    )
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full))
            throw new UsageException($"--bundle: {folder} is a file, expected a folder");
        if (Directory.Exists(full) && !force)
            throw new UsageException($"--bundle: {folder} exists already; use another name, or --force to replace it");
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any() && !IsBundle(full))
            throw new UsageException($"--bundle: {folder} holds no bundle; --force replaces the folder of an earlier bundle alone");
        if (Path.GetDirectoryName(full) is { } parent && !Directory.Exists(parent))
            throw new UsageException($"--bundle: directory {parent} does not exist");
        await using var store = Stores.OpenReadOnly(place);
        var states =
            named.Length == 0
                ? await StoreLookup.RunsAsync(store, cancellationToken)
                : await StoreLookup.RunsAsync(store, named, cancellationToken);
        if (states.Count == 0)
            throw new UsageException($"the store {place.Place} has no run yet: there is nothing to write");
        ImmutableArray<string> runs = [.. states.Select(s => s.Plan!.Run)];
        var files = await AtomicFiles.WriteFolderAsync(
            full,
            temporary => StaticBundle.WriteAsync(store, runs, temporary, TimeProvider.System, cancellationToken),
            force
        );
        var first = Path.Combine(folder, "index.html");
        await System.Console.Error.WriteLineAsync($"Wrote {Lines.Count(files, "file")} to {folder}. Open {first}.");
        return ExitCode.Done;
    }

    private static bool IsBundle(string folder) =>
        File.Exists(Path.Combine(folder, "index.html")) && File.Exists(Path.Combine(folder, "view.css"));
}
