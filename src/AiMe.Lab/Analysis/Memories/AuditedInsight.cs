using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>An experience that an insight cites.</summary>
/// <param name="Fate">What became of it, in a word; <c>missing</c> if the record does not have it.</param>
public sealed record CitedExperience(MemoryId Id, string Fate)
{
    /// <summary>Whether it can still be recalled: it was neither rejected nor forgotten.</summary>
    public bool Stands => Fate is "kept" or "held";
}

/// <summary>An insight and what it rests on.</summary>
/// <param name="Evidence">The cited experiences, the weightiest first.</param>
/// <param name="TakenIn">The cycle in which the self-model took it in; 0 if it never did.</param>
public sealed record AuditedInsight(AuditedMemory Memory, ImmutableArray<CitedExperience> Evidence, int TakenIn)
{
    /// <summary>Cited experiences that were rejected.</summary>
    public int Rejected => Evidence.Count(e => e.Fate == "rejected");

    /// <summary>Cited experiences that were forgotten.</summary>
    public int Forgotten => Evidence.Count(e => e.Fate == "forgotten");

    /// <summary>Whether no cited experience can be recalled any more.</summary>
    public bool IsUnsupported => !Evidence.Any(e => e.Stands);

    /// <summary>The insights among what was stored.</summary>
    internal static ImmutableArray<AuditedInsight> Of(ImmutableArray<AuditedMemory> memories, ImmutableArray<SelfModelChange> changes)
    {
        var fates = memories.ToDictionary(m => m.Id, m => m.Fate);
        var taken = changes.SelectMany(c => c.Insights).GroupBy(i => i.Id).ToDictionary(g => g.Key, g => g.First().Cycle);
        return
        [
            .. memories
                .Where(m => m.IsInsight)
                .Select(m => new AuditedInsight(
                    m,
                    [.. m.Evidence.Select(e => new CitedExperience(e, fates.GetValueOrDefault(e, "missing")))],
                    taken.GetValueOrDefault(m.Id)
                )),
        ];
    }
}
