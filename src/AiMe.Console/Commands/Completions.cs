using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands;

/// <summary>Completions for the tab key, beyond the names of commands and options.</summary>
internal static class Completions
{
    private static ImmutableArray<string> _runs = [],
        _instances = [],
        _checkpoints = [];

    /// <summary>
    /// Reads the names in the store of a command line. A completion source cannot wait for a journal, so this runs
    /// first.
    /// </summary>
    /// <param name="arguments">Arguments of the process: the directive and the line so far.</param>
    public static async Task PrepareAsync(RootCommand root, string[] arguments)
    {
        if (arguments is not [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], var line])
            return;
        var parsed = root.Parse(line);
        if (parsed.CommandResult.Command.Options.OfType<Option<StoreAddress>>().FirstOrDefault(o => o.Name == "--store") is not { } store)
            return;
        try
        {
            await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
            var runs = await StoreLookup.RunsAsync(opened, CancellationToken.None);
            var experiments = runs.GroupBy(r => RunPlan.ExperimentOf(r.Plan!.Run), StringComparer.Ordinal);
            _runs = [.. experiments.Where(e => e.Count() > 1).Select(e => e.Key), .. runs.Select(r => r.Plan!.Run)];
            var instances = runs.SelectMany(r => r.Instances.Keys.Select(i => (Instance: i, Run: r.Plan!.Run)))
                .ToLookup(x => x.Instance, StringComparer.Ordinal);
            _instances =
            [
                .. instances
                    .SelectMany(l => l.Count() == 1 ? [l.Key] : l.Select(x => $"{x.Run}/{x.Instance}"))
                    .Order(StringComparer.Ordinal),
            ];
            if (parsed.CommandResult.Command.Arguments.Any(a => a.Name.StartsWith("checkpoint", StringComparison.Ordinal)))
                _checkpoints =
                [
                    .. await CheckpointsAsync(
                        opened,
                        runs,
                        instances.Where(l => l.Count() > 1).Select(l => l.Key).ToHashSet(StringComparer.Ordinal)
                    ),
                ];
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            // Without a readable store there is nothing to propose, and a tab key must not print a message.
        }
    }

    /// <summary>The runs of the store, and the experiments with several runs.</summary>
    public static IEnumerable<CompletionItem> Runs(CompletionContext context) => Items(_runs);

    /// <summary>The instances of the store, prefixed with their run if the name is not unique.</summary>
    public static IEnumerable<CompletionItem> Instances(CompletionContext context) => Items(_instances);

    /// <summary>
    /// The checkpoints of the store, as <c>instance@round</c>, prefixed with their run if the instance's name is not
    /// unique.
    /// </summary>
    public static IEnumerable<CompletionItem> Checkpoints(CompletionContext context) => Items(_checkpoints);

    private static async Task<IEnumerable<string>> CheckpointsAsync(
        EventStore store,
        IReadOnlyList<SupervisorState> runs,
        HashSet<string> ambiguous
    )
    {
        List<string> checkpoints = ["base"];
        foreach (var run in runs)
        {
            foreach (var instance in await LineageReader.ReadAsync(store.Journal, run, CancellationToken.None))
                checkpoints.AddRange(
                    instance.Checkpoints.Select(c => ambiguous.Contains(instance.Instance) ? $"{instance.Run}/{c.Place}" : c.Place)
                );
        }

        return checkpoints;
    }

    /// <summary>Shipped experiments, YAML files, and folders.</summary>
    public static IEnumerable<CompletionItem> Experiments(CompletionContext context) =>
        Items([
            .. BundledFiles.Names,
            .. Below(context.WordToComplete, Directory.EnumerateFiles).Where(f => Path.GetExtension(f) is ".yaml" or ".yml"),
            .. Folders(context),
        ]);

    /// <summary>Folders.</summary>
    public static IEnumerable<CompletionItem> Directories(CompletionContext context) => Items(Folders(context));

    private static IEnumerable<string> Folders(CompletionContext context) =>
        Below(context.WordToComplete, Directory.EnumerateDirectories).Select(d => d + "/");

    // Entries of the folder of a half-written path, written as the user writes it; hidden names only if the user typed
    // a dot.
    private static IEnumerable<string> Below(string word, Func<string, IEnumerable<string>> list)
    {
        var written = word[..(word.LastIndexOf('/') + 1)];
        return Directory.Exists(written.Length == 0 ? "." : written)
            ? list(written.Length == 0 ? "." : written)
                .Select(p => Path.GetFileName(p)!)
                .Where(n => n[0] != '.' || word[written.Length..].StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .Select(n => written + n)
            : [];
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> words) => words.Select(w => new CompletionItem(w));
}
