using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>Writes a run as Parquet files, one table a grain. Calls no model.</summary>
/// <remarks>
/// One instance is in memory at a time, and of the whole run only the figures that a comparison needs. Every chain is
/// checked while it is read.
/// </remarks>
public static class ParquetExport
{
    /// <summary>The files of an export.</summary>
    public static ImmutableArray<string> Files { get; } =
    [.. new[] { "runs", "instances", "generations", "experiences", "probes", "contrasts", "events" }.Select(n => n + TableSet.Extension)];

    /// <summary>Writes the tables into a folder.</summary>
    /// <param name="run">A run that has started.</param>
    /// <param name="unplanned">Whether to include forks, injected turns and imported experiences.</param>
    /// <param name="leftOut">Called for each experience that is left out because it is not planned.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>Number of rows of all tables.</returns>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async Task<long> WriteAsync(
        IJournal journal,
        SupervisorState run,
        bool unplanned,
        Action leftOut,
        string folder,
        CancellationToken cancellationToken
    )
    {
        await using var tables = await TableSet.CreateAsync(folder, cancellationToken);
        var reader = new RunTables(journal, run, unplanned, leftOut, tables);
        List<ExportedInstance> instances = [];
        foreach (var name in InstanceOrder.Of(run).Where(n => unplanned || run.Instances[n].Parent is null))
            instances.Add(await reader.WriteInstanceAsync(name, cancellationToken));
        await reader.WriteSupervisorsAsync(cancellationToken);
        await tables.FinishAsync(cancellationToken);
        var comparison = RunComparison.Of(run, [.. instances.Where(i => i.Progress.Parent is null).Select(i => i.Summary)]);
        var generations = instances.SelectMany(i =>
            Enumerable.Range(0, i.Summary.Reached + 1).Select(g => new GenerationRow(i, g, comparison.WordBudget))
        );
        return tables.Experiences.Rows
            + tables.Probes.Rows
            + tables.Events.Rows
            + await tables.WriteAsync("instances", InstanceColumns.All, instances, cancellationToken)
            + await tables.WriteAsync("generations", GenerationColumns.All, generations, cancellationToken)
            + await tables.WriteAsync("contrasts", ContrastColumns.All, ContrastRow.All(comparison), cancellationToken)
            + await tables.WriteAsync("runs", RunColumns.All, [new RunRow(comparison, tables.Events.Rows)], cancellationToken);
    }
}
