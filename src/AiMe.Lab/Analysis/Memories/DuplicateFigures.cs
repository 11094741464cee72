using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>Memories of the same words, oldest first.</summary>
public sealed record DuplicateGroup(ImmutableArray<MemoryId> Ids, string Text);

/// <summary>A memory that is close to an earlier one.</summary>
/// <param name="Of">The oldest memory that it is close to.</param>
/// <param name="Cosine">Of the journalled embeddings of both.</param>
public sealed record NearDuplicate(MemoryId Id, MemoryId Of, double Cosine);

/// <summary>Duplicates among the memories that are recallable at the end of the record.</summary>
/// <param name="Groups">Memories of the same words, largest group first; ties go to the group that began first.</param>
/// <param name="Near">
/// Memories within <see cref="NearBound"/> of an earlier one, without exact duplicates; default if there are more than
/// <see cref="MostCompared"/> memories.
/// </param>
/// <param name="SameAnswers">
/// Experiences whose answer, of <see cref="PromptEchoes.LeastWords"/> words or more, has the words of an earlier one's, to another
/// question.
/// </param>
public sealed record DuplicateFigures(
    ImmutableArray<DuplicateGroup> Groups,
    ImmutableArray<NearDuplicate> Near,
    ImmutableArray<RepeatedMemory> SameAnswers
)
{
    /// <summary>Least cosine of a near duplicate.</summary>
    public const double NearBound = 0.95;

    /// <summary>Each memory is compared with every earlier one; beyond this number that takes minutes, and is left out.</summary>
    public const int MostCompared = 50_000;

    /// <summary>Memories with the same words as an earlier one.</summary>
    public int Exact => Groups.Sum(g => g.Ids.Length - 1);

    /// <summary>Near duplicates; null if they were not searched for.</summary>
    public int? NearCount => Near.IsDefault ? null : Near.Length;

    /// <summary>The duplicates among these memories, oldest first.</summary>
    public static DuplicateFigures Of(ImmutableArray<AuditedMemory> memories, CancellationToken cancellationToken)
    {
        ImmutableArray<DuplicateGroup> groups =
        [
            .. memories
                .GroupBy(m => PlainWords.KeyOf(m.Text), StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
                .Select(g => new DuplicateGroup([.. g.Select(m => m.Id)], g.First().Text))
                .OrderByDescending(g => g.Ids.Length),
        ];
        var repeated = groups.SelectMany(g => g.Ids.Skip(1)).ToHashSet();
        ImmutableArray<AuditedMemory> originals = [.. memories.Where(m => !repeated.Contains(m.Id))];
        return new(
            groups,
            originals.Length > MostCompared ? default : NearDuplicates.Of(originals, NearBound, cancellationToken),
            [
                .. originals
                    .Where(m => !m.IsInsight && PlainWords.Of(m.Answer).Count >= PromptEchoes.LeastWords)
                    .GroupBy(m => PlainWords.KeyOf(m.Answer), StringComparer.Ordinal)
                    .SelectMany(g => g.Skip(1).Select(m => new RepeatedMemory(m.Id, g.First().Id))),
            ]
        );
    }
}
