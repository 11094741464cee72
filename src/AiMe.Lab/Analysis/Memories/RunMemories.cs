using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>The audits of the planned instances of a run.</summary>
public static class RunMemories
{
    /// <summary>Reads and audits the planned instances, in the order of the plan. Forks, which begin as copies, are left out.</summary>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    public static async Task<ImmutableArray<MemoryAudit>> ReadAsync(
        IJournal journal,
        SupervisorState run,
        int staleAfter,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        string[] names = [.. run.Plan!.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))];
        var audits = new MemoryAudit[names.Length];
        await Parallel.ForAsync(0, names.Length, cancellationToken, async (i, token) =>
            audits[i] = await MemoryAudit.ReadAsync(journal, run, names[i], staleAfter, token)
        );
        return ImmutableCollectionsMarshal.AsImmutableArray(audits);
    }
}
