using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>What an instance's memory holds and how it was used, from its recorded events. No model is asked.</summary>
/// <param name="Cycle">The last cycle with a stored experience; 0 before the first.</param>
/// <param name="Generation">The last adopted generation; 0 before the first.</param>
/// <param name="Memories">Everything that was stored, oldest first, rejected experiences too.</param>
/// <param name="FailedInsights">Insights that were due and not formed.</param>
/// <param name="SelfModel">Generations to which the self-model changed.</param>
public sealed record MemoryAudit(
    string Run,
    string Instance,
    string Variant,
    int Cycle,
    int Generation,
    ImmutableArray<AuditedMemory> Memories,
    DuplicateFigures Duplicates,
    PromptEchoes Echoes,
    RecallFigures Recall,
    ImmutableArray<AuditedInsight> Insights,
    int FailedInsights,
    ImmutableArray<SelfModelChange> SelfModel,
    JunkMeasure Junk
)
{
    /// <summary>Cycles after which a memory that was neither stored nor recalled is stale, unless another number is given.</summary>
    public const int UsualStaleAfter = 20;

    /// <summary>Stored experiences.</summary>
    public int Experiences => Memories.Count(m => !m.IsInsight);

    /// <summary>Forgotten memories.</summary>
    public int Forgotten => Memories.Count(m => m.IsForgotten);

    /// <summary>Memories that are recallable at the end of the record.</summary>
    public int Recallable => Memories.Count(m => m.IsRecallable);

    /// <summary>Experiences with a final verdict.</summary>
    public int With(Verdict verdict) => Memories.Count(m => m.Verdict == verdict);

    /// <summary>The audit of an instance.</summary>
    /// <param name="staleAfter">See <see cref="RecallFigures.StaleAfter"/>; 1 or more.</param>
    public static MemoryAudit Of(string run, InstanceRecord instance, int staleAfter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentOutOfRangeException.ThrowIfLessThan(staleAfter, 1);
        ImmutableArray<Event> events = [.. instance.Events.Select(e => e.Happened)];
        var ledger = MemoryLedger.Of(events);
        var memories = ledger.Memories;
        ImmutableArray<AuditedMemory> recallable = [.. memories.Where(m => m.IsRecallable)];
        var cycle = events.OfType<Stored>().Select(s => s.Cycle).DefaultIfEmpty(0).Max();
        var (duplicates, echoes) = (DuplicateFigures.Of(recallable, cancellationToken), PromptEchoes.Of(events));
        var changes = SelfModelChange.Of(events);
        return new(
            run,
            instance.Name,
            instance.Variant.Name,
            cycle,
            events.OfType<Adopted>().Select(a => a.Generation).DefaultIfEmpty(0).Max(),
            memories,
            duplicates,
            echoes,
            RecallFigures.Of(ledger, memories, cycle, staleAfter),
            AuditedInsight.Of(memories, changes),
            events.OfType<InsightFormed>().Count(f => f.Insight is null),
            changes,
            JunkMeasure.Of(recallable, duplicates, echoes)
        );
    }

    /// <summary>Reads an instance and audits it.</summary>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    public static async Task<MemoryAudit> ReadAsync(
        IJournal journal,
        Faculties.Supervisor.SupervisorState run,
        string instance,
        int staleAfter,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        return Of(run.Plan!.Run, await InstanceRecord.ReadAsync(journal, run, instance, cancellationToken), staleAfter, cancellationToken);
    }
}
