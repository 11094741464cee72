using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>A memory that repeats another.</summary>
/// <param name="Of">The memory that it repeats.</param>
public sealed record RepeatedMemory(MemoryId Id, MemoryId Of);

/// <summary>What went from prompts into what was stored.</summary>
/// <param name="Checked">Experiences looked at.</param>
/// <param name="StoredAgain">
/// Experiences in which the loop itself stored recalled text: their stored prompt has a recalled memory or a self-model, or their
/// input is not the stimulus that was heard. 0 by construction.
/// </param>
/// <param name="Repeats">
/// Experiences whose answer has all words of a memory that was in its prompt, of <see cref="LeastWords"/> words or more: the model
/// itself said it again.
/// </param>
/// <param name="Restating">
/// Experiences and insights with a whole sentence of <see cref="LeastWords"/> words or more of the charter's stem or of the
/// self-model at that time.
/// </param>
public sealed record PromptEchoes(
    int Checked,
    ImmutableArray<MemoryId> StoredAgain,
    ImmutableArray<RepeatedMemory> Repeats,
    ImmutableArray<MemoryId> Restating
)
{
    /// <summary>The fewest words of a text whose repetition counts: shorter ones are repeated by chance.</summary>
    public const int LeastWords = 5;

    /// <summary>The echoes in the events of an instance.</summary>
    public static PromptEchoes Of(IEnumerable<Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var fold = new Fold();
        foreach (var happened in events)
            fold.Note(happened);
        return new(fold.Checked, [.. fold.StoredAgain], [.. fold.Repeats], [.. fold.Restating]);
    }

    private sealed class Fold
    {
        private readonly Dictionary<MemoryId, PlainWords> _answers = [];
        private readonly Dictionary<int, string> _heard = [];
        private ImmutableArray<PlainWords> _stem = [];
        private ImmutableArray<PlainWords> _selfModel = [];

        public int Checked { get; private set; }
        public List<MemoryId> StoredAgain { get; } = [];
        public List<RepeatedMemory> Repeats { get; } = [];
        public List<MemoryId> Restating { get; } = [];

        public void Note(Event happened)
        {
            switch (happened)
            {
                case SelfBegan b:
                    _stem = Sentences(b.Spec.Charter.Stem);
                    _selfModel = Sentences(b.Spec.Charter.SelfModel);
                    break;
                case SelfModelRevised r:
                    _selfModel = Sentences(r.Text);
                    break;
                case Heard h:
                    _heard[h.Cycle] = h.Stimulus.Text;
                    break;
                case InsightStored i:
                    Add(i.Insight.Id, PlainWords.Of(i.Insight.Statement));
                    break;
                case Stored s:
                    Look(s);
                    break;
            }
        }

        private void Look(Stored s)
        {
            Checked++;
            if (
                s.Bare.Parts.Any(p => p.Kind is PartKind.Recalled or PartKind.SelfModel)
                || _heard.Remove(s.Cycle, out var heard) && heard != s.Input
            )
                StoredAgain.Add(s.Id);
            var answer = PlainWords.Of(s.Output);
            foreach (var recalled in s.Recalled)
            {
                if (!_answers.TryGetValue(recalled, out var earlier) || !answer.Contain(earlier, LeastWords))
                    continue;
                Repeats.Add(new(s.Id, recalled));
                break;
            }

            Add(s.Id, answer);
        }

        private void Add(MemoryId id, PlainWords answer)
        {
            _answers[id] = answer;
            if (_stem.Concat(_selfModel).Any(sentence => answer.Contain(sentence, LeastWords)))
                Restating.Add(id);
        }

        private static ImmutableArray<PlainWords> Sentences(string text) => [.. WordTokenizer.Sentences(text).Select(PlainWords.Of)];
    }
}
