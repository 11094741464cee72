using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>A text that an instance stored: an experience or an insight.</summary>
/// <param name="Cycle">The cycle in which it was stored.</param>
/// <param name="Text">The text as it appears in a prompt: question and answer of an experience, or the statement of an insight.</param>
/// <param name="Answer">The answer alone; of an insight, its statement.</param>
public sealed record AuditedMemory(MemoryId Id, int Cycle, string Text, string Answer, Embedding Embedding)
{
    /// <summary>The final verdict on an experience; null for an insight.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The experiences that an insight cites; empty for an experience.</summary>
    public ImmutableArray<MemoryId> Evidence { get; init; } = [];

    /// <summary>Whether it is an insight.</summary>
    public bool IsInsight => Verdict is null;

    /// <summary>Whether it was recallable at some time: it was not rejected when it was stored.</summary>
    public bool WasRecallable { get; init; }

    /// <summary>Whether it is recallable at the end of the record.</summary>
    public bool IsRecallable { get; init; }

    /// <summary>Whether it was forgotten because the capacity was exceeded.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>Cycles in which it was recalled. Recalls for probes do not count.</summary>
    public int Recalls { get; init; }

    /// <summary>The last cycle in which it was recalled; 0 if it never was.</summary>
    public int LastRecall { get; init; }

    /// <summary>Recalls for which it was among the recallable memories.</summary>
    public int Chances { get; init; }

    /// <summary>Expected number of its recalls if each recall had drawn evenly from the memories that were recallable then.</summary>
    public double EvenRecalls { get; init; }

    /// <summary>What became of it, in a word.</summary>
    public string Fate =>
        IsForgotten ? "forgotten"
        : IsInsight ? "insight"
        : Verdict switch
        {
            Faculties.Verdict.Keep => "kept",
            Faculties.Verdict.Hold => "held",
            Faculties.Verdict.Reject => "rejected",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
