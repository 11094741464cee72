using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Diff;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>An insight that came into the self-model.</summary>
/// <param name="Cycle">The cycle in whose recall it was brought.</param>
public sealed record TakenInsight(MemoryId Id, int Cycle);

/// <summary>How the self-model changed from one generation to the next.</summary>
/// <param name="Generation">The later generation, which ends the round of the same number.</param>
/// <param name="IsReached">Whether that generation was reached; else the change is of the round in progress.</param>
/// <param name="Insights">The insights that came in, in order; only the last is in the text.</param>
/// <param name="Edits">The way from one text to the other, word by word.</param>
public sealed record SelfModelChange(
    int Generation,
    bool IsReached,
    ImmutableArray<TakenInsight> Insights,
    string Before,
    string After,
    ImmutableArray<WordEdit> Edits
)
{
    /// <summary>The changes in the events of an instance; generations without a change are left out.</summary>
    public static ImmutableArray<SelfModelChange> Of(IEnumerable<Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var changes = ImmutableArray.CreateBuilder<SelfModelChange>();
        List<TakenInsight> taken = [];
        var (before, now, cycle, generation) = ("", "", 0, 0);
        foreach (var happened in events)
        {
            switch (happened)
            {
                case SelfBegan b:
                    before = now = b.Spec.Charter.SelfModel;
                    break;
                case Heard h:
                    cycle = h.Cycle;
                    break;
                case SelfModelRevised r:
                    taken.Add(new(r.Because, cycle));
                    now = r.Text;
                    break;
                case Adopted a:
                    generation = a.Generation;
                    break;
                case Probed p when generation == p.Generation:
                    Close(p.Generation, isReached: true);
                    break;
            }
        }

        Close(generation + 1, isReached: false);
        return changes.DrainToImmutable();

        void Close(int number, bool isReached)
        {
            if (taken.Count > 0)
                changes.Add(new(number, isReached, [.. taken], before, now, WordEdit.Between(before, now)));
            taken.Clear();
            before = now;
        }
    }
}
