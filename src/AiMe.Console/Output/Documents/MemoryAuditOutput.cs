using System.Text.Json.Serialization;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Analysis.Memories;

namespace AiMe.Console.Output.Documents;

/// <summary>The audit of what an instance remembers.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Cycle">The last cycle with a stored experience; 0 before the first.</param>
/// <param name="Generation">The last adopted generation; 0 before the first.</param>
/// <param name="Totals">Its figures.</param>
/// <param name="Recalls">Memories recalled, over all cycles.</param>
/// <param name="EvenGini">Gini coefficient if each recall had drawn evenly from what was recallable; null without a recall.</param>
/// <param name="StaleAfter">A memory is stale after so many cycles without being recalled.</param>
/// <param name="Histogram">How many memories were recalled how often.</param>
/// <param name="MostRecalled">Memories that were recalled, the most recalled first; with --top so many, as in the next lists.</param>
/// <param name="StaleMemories">Stale memories, oldest first.</param>
/// <param name="DuplicateGroups">Memories of the same words, the largest group first.</param>
/// <param name="NearDuplicates">Memories close to an earlier one; null if there are too many to search.</param>
/// <param name="Repeats">Experiences whose answer has all words of a memory that was in its prompt.</param>
/// <param name="Restating">Memories with a sentence of the charter's stem or the self-model.</param>
/// <param name="Insights">Insights and what they rest on, oldest first.</param>
/// <param name="FailedInsights">Insights that were due and not formed.</param>
/// <param name="SelfModel">Changes of the self-model from generation to generation, oldest first.</param>
/// <param name="Junk">Each category of junk, in the order in which a memory is counted.</param>
internal sealed record MemoryAuditOutput(
    string Run,
    string Instance,
    string Variant,
    int Cycle,
    int Generation,
    MemoryTotalsOutput Totals,
    int Recalls,
    double? EvenGini,
    int StaleAfter,
    IReadOnlyList<RecallBucketOutput> Histogram,
    IReadOnlyList<AuditedMemoryOutput> MostRecalled,
    IReadOnlyList<string> StaleMemories,
    IReadOnlyList<DuplicateGroupOutput> DuplicateGroups,
    IReadOnlyList<NearDuplicateOutput>? NearDuplicates,
    IReadOnlyList<RepeatedMemoryOutput> Repeats,
    IReadOnlyList<string> Restating,
    IReadOnlyList<AuditedInsightOutput> Insights,
    int FailedInsights,
    IReadOnlyList<SelfModelChangeOutput> SelfModel,
    IReadOnlyList<JunkCountOutput> Junk
) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "instance";

    /// <param name="top">Rows of each list of memories.</param>
    public static MemoryAuditOutput Of(MemoryAudit a, int top) =>
        new(
            a.Run,
            a.Instance,
            a.Variant,
            a.Cycle,
            a.Generation,
            MemoryTotalsOutput.Of(MemoryTotals.Of(a)),
            a.Recall.Recalls,
            a.Recall.EvenGini,
            a.Recall.StaleAfter,
            [.. a.Recall.Histogram.Select(b => new RecallBucketOutput(b.Least, b.Most, b.Memories))],
            [.. a.Recall.Reachable.Where(m => m.Recalls > 0).Take(top).Select(AuditedMemoryOutput.Of)],
            [.. a.Recall.Stale.Take(top).Select(m => m.Id.Value)],
            [.. a.Duplicates.Groups.Take(top).Select(g => new DuplicateGroupOutput([.. g.Ids.Select(i => i.Value)], g.Text))],
            a.Duplicates.Near.IsDefault
                ? null
                : [.. a.Duplicates.Near.Take(top).Select(n => new NearDuplicateOutput(n.Id.Value, n.Of.Value, n.Cosine))],
            [.. a.Echoes.Repeats.Take(top).Select(r => new RepeatedMemoryOutput(r.Id.Value, r.Of.Value))],
            [.. a.Echoes.Restating.Take(top).Select(i => i.Value)],
            [.. a.Insights.Take(top).Select(AuditedInsightOutput.Of)],
            a.FailedInsights,
            [.. a.SelfModel.Select(SelfModelChangeOutput.Of)],
            [.. a.Junk.Counts.Select(c => new JunkCountOutput(c.Kind, c.Count))]
        );
}

/// <summary>Memories with a number of recalls within bounds.</summary>
/// <param name="Least">Fewest recalls.</param>
/// <param name="Most">Most recalls.</param>
/// <param name="Memories">Number of such memories.</param>
internal sealed record RecallBucketOutput(int Least, int Most, int Memories);

/// <summary>Memories of the same words.</summary>
/// <param name="Ids">Oldest first.</param>
/// <param name="Text">The text of the oldest.</param>
internal sealed record DuplicateGroupOutput(IReadOnlyList<string> Ids, string Text);

/// <summary>A memory close to an earlier one.</summary>
/// <param name="Id">Id of the memory.</param>
/// <param name="Of">The oldest memory that it is close to.</param>
/// <param name="Cosine">Of both embeddings.</param>
internal sealed record NearDuplicateOutput(string Id, string Of, double Cosine);

/// <summary>An experience that repeats a memory of its prompt.</summary>
/// <param name="Id">Id of the experience.</param>
/// <param name="Of">The memory that it repeats.</param>
internal sealed record RepeatedMemoryOutput(string Id, string Of);

/// <summary>An insight and what it rests on.</summary>
/// <param name="Insight">The insight.</param>
/// <param name="Evidence">The experiences that it cites, the weightiest first.</param>
/// <param name="TakenIn">The cycle in which the self-model took it in; 0 if it never did.</param>
/// <param name="Unsupported">Whether no cited experience can be recalled any more.</param>
internal sealed record AuditedInsightOutput(
    AuditedMemoryOutput Insight,
    IReadOnlyList<CitedExperienceOutput> Evidence,
    int TakenIn,
    bool Unsupported
)
{
    public static AuditedInsightOutput Of(AuditedInsight i) =>
        new(
            AuditedMemoryOutput.Of(i.Memory),
            [.. i.Evidence.Select(e => new CitedExperienceOutput(e.Id.Value, e.Fate))],
            i.TakenIn,
            i.IsUnsupported
        );
}

/// <summary>An experience that an insight cites.</summary>
/// <param name="Id">Id of the experience.</param>
/// <param name="Fate"><c>kept</c>, <c>held</c>, <c>rejected</c>, <c>forgotten</c>, or <c>missing</c> if it is not recorded.</param>
internal sealed record CitedExperienceOutput(string Id, string Fate);

/// <summary>A change of the self-model.</summary>
/// <param name="Generation">The later generation.</param>
/// <param name="Reached">Whether it was reached; else the round is in progress.</param>
/// <param name="Insights">Ids of the insights that came in, in order; only the last is in the text.</param>
/// <param name="Before">The text at the generation before.</param>
/// <param name="After">The text at this generation.</param>
/// <param name="Edits">The way from one to the other, word by word.</param>
internal sealed record SelfModelChangeOutput(
    int Generation,
    bool Reached,
    IReadOnlyList<TakenInsightOutput> Insights,
    string Before,
    string After,
    IReadOnlyList<WordEditOutput> Edits
)
{
    public static SelfModelChangeOutput Of(SelfModelChange c) =>
        new(
            c.Generation,
            c.IsReached,
            [.. c.Insights.Select(i => new TakenInsightOutput(i.Id.Value, i.Cycle))],
            c.Before,
            c.After,
            [.. c.Edits.Select(e => new WordEditOutput(e.Kind, e.Text))]
        );
}

/// <summary>An insight that came into the self-model.</summary>
/// <param name="Id">Id of the insight.</param>
/// <param name="Cycle">The cycle in which it came.</param>
internal sealed record TakenInsightOutput(string Id, int Cycle);

/// <summary>Words in a row.</summary>
/// <param name="Kind">Whether they stay, go or come.</param>
/// <param name="Text">The words.</param>
internal sealed record WordEditOutput(EditKind Kind, string Text);

/// <summary>A category of junk.</summary>
/// <param name="Kind">The category.</param>
/// <param name="Count">Memories of it and of no category before it; null if they were not searched for.</param>
internal sealed record JunkCountOutput(JunkKind Kind, int? Count);
