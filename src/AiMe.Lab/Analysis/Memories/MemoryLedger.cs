using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>Folds the events of an instance into the list of what it stored, with the recalls of each.</summary>
internal sealed class MemoryLedger
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<MemoryId, Entry> _byId = [];
    private int _cycle;
    private int _recallable;
    private int _recalls;
    private int _searches;
    private double _even;

    /// <summary>Reads the events in their order.</summary>
    public static MemoryLedger Of(ImmutableArray<Event> events)
    {
        var ledger = new MemoryLedger();
        foreach (var happened in events)
            ledger.Note(happened);
        // a draw at the end of a round precedes the round's last experience, so final verdicts are known only now
        foreach (var settled in SettledVerdicts.Of(events))
            ledger._byId[settled.Id].Verdict = settled.Verdict;
        return ledger;
    }

    /// <summary>Memories recalled in all cycles.</summary>
    public int Recalls => _recalls;

    /// <summary>Cycles in which something could be recalled.</summary>
    public int Searches => _searches;

    /// <summary>What was stored, oldest first.</summary>
    public ImmutableArray<AuditedMemory> Memories => [.. _entries.Select(Settle)];

    private void Note(Event happened)
    {
        switch (happened)
        {
            case Heard h:
                _cycle = h.Cycle;
                break;
            case Stored s:
                Add(new(s.Id, s.Cycle, MemoryDecider.TextOf(s.Input, s.Output), s.Output, s.Embedding, [], s.Verdict));
                break;
            case InsightStored i:
                Add(new(i.Insight.Id, _cycle, i.Insight.Statement, i.Insight.Statement, i.Embedding, i.Insight.Evidence, null));
                break;
            case Forgot f:
                foreach (var id in f.Ids)
                {
                    Remove(id);
                    _byId[id].IsForgotten = true;
                }

                break;
            case HeldSettled h:
                foreach (var rejected in h.Settled.Where(r => r.Verdict == Verdict.Reject))
                    Remove(rejected.Id);
                break;
            case Recalled { For.Touches: true } r:
                Recall(r);
                break;
        }
    }

    private void Add(Entry entry)
    {
        _entries.Add(entry);
        _byId[entry.Id] = entry;
        if (entry.Verdict == Verdict.Reject)
            return;
        entry.IsRecallable = entry.WasRecallable = true;
        (entry.SearchesBefore, entry.EvenBefore) = (_searches, _even);
        _recallable++;
    }

    private void Remove(MemoryId id)
    {
        if (!_byId.TryGetValue(id, out var entry) || !entry.IsRecallable)
            return; // forgotten before people rejected it
        entry.IsRecallable = false;
        (entry.SearchesAfter, entry.EvenAfter) = (_searches, _even);
        _recallable--;
    }

    private void Recall(Recalled recalled)
    {
        MemoryId[] found = [.. recalled.Hits.SelectMany(hits => hits).Select(hit => hit.Id).Distinct()];
        if (_recallable == 0)
            return;
        foreach (var id in found)
        {
            _byId[id].Recalls++;
            _byId[id].LastRecall = recalled.For.Number;
        }

        _recalls += found.Length;
        _searches++;
        _even += (double)found.Length / _recallable;
    }

    private AuditedMemory Settle(Entry e) =>
        new(e.Id, e.Cycle, e.Text, e.Answer, e.Embedding)
        {
            Verdict = e.Verdict,
            Evidence = e.Evidence,
            WasRecallable = e.WasRecallable,
            IsRecallable = e.IsRecallable,
            IsForgotten = e.IsForgotten,
            Recalls = e.Recalls,
            LastRecall = e.LastRecall,
            Chances = e.WasRecallable ? (e.IsRecallable ? _searches : e.SearchesAfter) - e.SearchesBefore : 0,
            EvenRecalls = e.WasRecallable ? (e.IsRecallable ? _even : e.EvenAfter) - e.EvenBefore : 0,
        };

    private sealed class Entry(
        MemoryId id,
        int cycle,
        string text,
        string answer,
        Embedding embedding,
        ImmutableArray<MemoryId> evidence,
        Verdict? verdict
    )
    {
        public MemoryId Id => id;
        public int Cycle => cycle;
        public string Text => text;
        public string Answer => answer;
        public Embedding Embedding => embedding;
        public ImmutableArray<MemoryId> Evidence => evidence;
        public Verdict? Verdict { get; set; } = verdict;
        public bool WasRecallable { get; set; }
        public bool IsRecallable { get; set; }
        public bool IsForgotten { get; set; }
        public int Recalls { get; set; }
        public int LastRecall { get; set; }
        public int SearchesBefore { get; set; }
        public int SearchesAfter { get; set; }
        public double EvenBefore { get; set; }
        public double EvenAfter { get; set; }
    }
}
