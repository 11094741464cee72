using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Reviews;

/// <summary>What a person sees before answering: the experience, without scores, columns, or what others answered.</summary>
/// <param name="Recalled">The memories in the prompt, best first.</param>
public sealed record ReviewSheet(
    string Topic,
    bool IsDrive,
    string Input,
    ImmutableArray<string> Recalled,
    string Output,
    string Reflection
);

/// <summary>What a person sees after answering.</summary>
/// <param name="Suggestion">What the rules other than review would have decided, in order; null if all pass.</param>
/// <param name="Columns">Every rule's column.</param>
/// <param name="Others">The other people's answers.</param>
public sealed record ReviewDisclosure(
    HeldExperience Experience,
    RuleColumn? Suggestion,
    ImmutableArray<RuleColumn> Columns,
    ImmutableArray<ReviewOpinion> Others
);

/// <summary>Reads what belongs to one held experience, by single rows.</summary>
public sealed class ReviewSheets(EventStore store, string run)
{
    /// <summary>The experience as a person sees it before answering.</summary>
    public async Task<ReviewSheet> ReadAsync(HeldExperience held, CancellationToken cancellationToken)
    {
        var stored = held.Stored;
        var recalled = stored.Recalled.IsEmpty ? [] : await RecalledAsync(held, cancellationToken);
        return new ReviewSheet(stored.Topic, stored.Internal, stored.Input, recalled, stored.Output, stored.Reflection);
    }

    /// <summary>The machine's part and the other answers; null if the person has not answered.</summary>
    public async Task<ReviewDisclosure?> DiscloseAsync(HeldExperience held, string reviewer, CancellationToken cancellationToken)
    {
        if (held.By(reviewer) is null)
            return null;
        var curator = PersistenceId.Of(run, new FacultyAddress(held.Instance, Loop.Curator));
        var columns = ImmutableArray<RuleColumn>.Empty;
        // Every cycle has at least one row here, so the judgement is not before the row of its number.
        await foreach (var row in store.Journal.ReadAsync(curator, held.Stored.Cycle, long.MaxValue, cancellationToken))
        {
            if (JournalRows.Read<CuratorEvent>(row) is not Judged judged || judged.Cycle < held.Stored.Cycle)
                continue;
            columns = judged.Judgement.Columns;
            break;
        }

        return new ReviewDisclosure(
            held,
            columns.FirstOrDefault(c => c.Rule != Review.Name && c.Vote != Vote.Pass),
            columns,
            [.. held.Answers.Where(a => a.By != reviewer)]
        );
    }

    private async Task<ImmutableArray<string>> RecalledAsync(HeldExperience held, CancellationToken cancellationToken)
    {
        var memory = PersistenceId.Of(run, new FacultyAddress(held.Instance, Loop.Memory));
        // A cycle has at least a recall and an experience here; failed searches and what was forgotten come on top.
        foreach (var row in await store.Glance.AfterAsync(memory, 2L * (held.Stored.Cycle - 1), "memory.recalled", cancellationToken))
        {
            var found = JournalRows.Read<Recalled>(row);
            if (found.For == RecallFor.OfCycle(held.Stored.Cycle))
                return [.. found.Hits[0].Where(h => held.Stored.Recalled.Contains(h.Id)).Select(h => h.Text)];
        }

        return [];
    }
}
