using AiMe.Lab.Analysis.Memories;

namespace AiMe.Console.Output.Documents;

/// <summary>Figures of memories; docs/MEMORY.md defines each.</summary>
/// <param name="Name">Name of the instance, or of the variant.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Kept">Those that were kept.</param>
/// <param name="Held">Those that are held.</param>
/// <param name="Rejected">Those that were rejected.</param>
/// <param name="Insights">Stored insights.</param>
/// <param name="Forgotten">Memories forgotten because the capacity was exceeded.</param>
/// <param name="Recallable">Memories recallable at the end of the record.</param>
/// <param name="ExactDuplicates">Recallable memories with the same words as an earlier one.</param>
/// <param name="NearDuplicates">
/// Other recallable memories with a cosine of .95 or more to an earlier one; null if there are too many to search.
/// </param>
/// <param name="SameAnswers">Other recallable experiences whose answer, of five words or more, has the words of an earlier one's.</param>
/// <param name="StoredAgain">Experiences in which the loop stored recalled text again; 0 by construction.</param>
/// <param name="Repeats">Experiences whose answer has all words of a memory that was in its prompt.</param>
/// <param name="NeverRecalled">Memories that could be recalled and never were.</param>
/// <param name="Reachable">Memories that could be recalled in at least one cycle.</param>
/// <param name="Stale">Recallable memories that were neither stored nor recalled in the last cycles.</param>
/// <param name="Gini">Gini coefficient of the recalls, in [0, 1); of a variant the mean; null without a recall.</param>
/// <param name="TopShare">Share of the recalls of the most recalled tenth, in [0, 1]; of a variant the mean; null without a recall.</param>
/// <param name="Junk">Recallable memories of any category of junk that a program can judge.</param>
/// <param name="JunkShare">Their share of the recallable memories, in [0, 1]; null without a memory.</param>
internal sealed record MemoryTotalsOutput(
    string Name,
    int Instances,
    int Experiences,
    int Kept,
    int Held,
    int Rejected,
    int Insights,
    int Forgotten,
    int Recallable,
    int ExactDuplicates,
    int? NearDuplicates,
    int SameAnswers,
    int StoredAgain,
    int Repeats,
    int NeverRecalled,
    int Reachable,
    int Stale,
    double? Gini,
    double? TopShare,
    int Junk,
    double? JunkShare
)
{
    public static MemoryTotalsOutput Of(MemoryTotals t) =>
        new(
            t.Name,
            t.Instances,
            t.Experiences,
            t.Kept,
            t.Held,
            t.Rejected,
            t.Insights,
            t.Forgotten,
            t.Recallable,
            t.Exact,
            t.Near,
            t.SameAnswers,
            t.StoredAgain,
            t.Repeats,
            t.Never,
            t.Reachable,
            t.Stale,
            t.Gini,
            t.TopShare,
            t.Junk,
            t.JunkShare
        );
}
