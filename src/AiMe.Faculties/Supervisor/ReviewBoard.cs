using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>A person's answer on an experience, or its withdrawal.</summary>
/// <param name="By">The name that the person chose.</param>
/// <param name="Verdict">To keep or to reject; null, and not written, to withdraw the person's earlier answer.</param>
/// <param name="Note">In the person's words; null for none, and then not written.</param>
public sealed record ReviewAnswer(
    MemoryId Experience,
    string By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Verdict? Verdict = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null
);

/// <summary>The reviews of an instance whose round is not sealed.</summary>
/// <param name="Answers">The last answer of each person on each experience, by cycle, then by name in ordinal order.</param>
/// <param name="Awaited">The complete round that waits for verdicts; null if none does, and then not written.</param>
/// <param name="Settled">The last round with verdicts; null for none, and then not written.</param>
public sealed record ReviewBoard(
    ImmutableArray<ReviewAnswer> Answers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewsAwaited? Awaited = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewsSettled? Settled = null
)
{
    /// <summary>Without a review.</summary>
    public static readonly ReviewBoard Empty = new([]);

    /// <summary>The answers on an experience of an open round, in ordinal order of name.</summary>
    public ImmutableArray<ReviewOpinion> On(MemoryId experience) =>
        [.. Answers.Where(a => a.Experience == experience).Select(a => new ReviewOpinion(a.By, a.Verdict!.Value, a.Note))];

    /// <summary>The experiences of the awaited round that have no verdict yet; none if no round is awaited.</summary>
    [JsonIgnore]
    public ImmutableArray<MemoryId> Open =>
        Awaited is { } round ? [.. round.Held.Where(id => round.Terms.Settle(On(id)) == Verdict.Hold)] : [];

    /// <summary>Whether an answer on an experience changes nothing any more: its round has its verdicts, or does not hold it.</summary>
    public bool IsTooLate(MemoryId experience) =>
        experience.IsOfCycleUpTo(Settled?.Cycle ?? 0)
        || Awaited is { } round && experience.IsOfCycleUpTo(round.Cycle) && !round.Held.Contains(experience);

    internal ReviewBoard With(ReviewReceived received) => received.TooLate ? this : With(received.Answer);

    /// <summary>The board with another answer, which replaces an earlier one of the same person.</summary>
    public ReviewBoard With(ReviewAnswer answer)
    {
        var others = Answers.RemoveAll(a => (a.Experience, a.By) == (answer.Experience, answer.By));
        return this with { Answers = answer.Verdict is null ? others : Sorted(others.Add(answer)) };
    }

    internal ReviewBoard With(ReviewsSettled settled) =>
        new(Answers.RemoveAll(a => a.Experience.IsOfCycleUpTo(settled.Cycle)), Awaited: null, settled);

    /// <summary>The verdicts on a round by the answers up to now.</summary>
    internal ImmutableArray<SettledReview> SettledBy(ImmutableArray<MemoryId> held, ReviewTerms terms) =>
        [.. held.Select(id => new SettledReview(id, terms.Settle(On(id)), On(id)))];

    /// <summary>The board of a fork: people have answered on what it shares with its parent.</summary>
    /// <param name="cycle">The last experience that both have.</param>
    /// <param name="generation">The fork's generation: later rounds of the parent are open in the fork.</param>
    internal ReviewBoard? Fork(int cycle, int generation)
    {
        var settled = Settled is { } s && s.Round > generation ? s : null;
        var again = settled?.Settled.SelectMany(r => r.Answers.Select(a => new ReviewAnswer(r.Id, a.By, a.Verdict, a.Note))) ?? [];
        ReviewBoard board = new(
            Sorted([.. Answers.Concat(again).Where(a => a.Experience.IsOfCycleUpTo(cycle))]),
            Awaited: null,
            settled is null ? Settled : null
        );
        return board is { Answers.IsEmpty: true, Settled: null } ? null : board;
    }

    private static ImmutableArray<ReviewAnswer> Sorted(ImmutableArray<ReviewAnswer> answers) =>
        [
            .. answers
                .OrderBy(a => a.Experience.Value.Length)
                .ThenBy(a => a.Experience.Value, StringComparer.Ordinal)
                .ThenBy(a => a.By, StringComparer.Ordinal),
        ];
}
