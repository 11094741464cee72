using System.Globalization;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>Writes a run as logs of Inspect AI: JSON, version 2. Calls no model.</summary>
/// <remarks>A planned instance is an eval, a probe of the identity battery a sample, and a generation an epoch, from 1.</remarks>
public static class InspectExport
{
    private const string Extension = ".json";

    /// <summary>Whether a name at the top of such a folder is an export's own.</summary>
    public static bool IsOwn(string name) => name.EndsWith(Extension, StringComparison.Ordinal) && name.Contains('_');

    /// <summary>Writes a log an instance.</summary>
    /// <param name="run">A run that has started.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>Number of logs; an instance without probes has none.</returns>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async Task<int> WriteAsync(IJournal journal, SupervisorState run, string folder, CancellationToken cancellationToken)
    {
        var (plan, written) = (run.Plan!, 0);
        foreach (var (variant, replicate) in plan.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            var record = await InstanceRecord.ReadAsync(journal, run, name, cancellationToken);
            Probed[] probed = [.. record.Events.Select(e => e.Happened).OfType<Probed>()];
            if (probed.Length == 0)
                continue;
            var times = await InstanceTimes.ReadAsync(journal, plan.Run, name, cancellationToken);
            InspectLog log = new(plan, record, run.Instances[name], probed, times);
            await File.WriteAllBytesAsync(Path.Combine(folder, FileOf(log)), log.ToJson(), cancellationToken);
            written++;
        }

        return written;
    }

    // Inspect's own pattern: time, task, id.
    private static string FileOf(InspectLog log) =>
        log.Created.ToString("yyyy-MM-ddTHH-mm-ss", CultureInfo.InvariantCulture) + $"+00-00_{log.Task}_{log.Id}{Extension}";
}
