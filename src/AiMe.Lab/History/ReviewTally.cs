using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.History;

/// <summary>How people decided on the held experiences of an instance, or of several.</summary>
/// <param name="Held">Experiences held for people.</param>
/// <param name="Kept">Of them, kept by people; likewise the next.</param>
/// <param name="LeftOut">Of them, those whose round was sealed without a verdict.</param>
/// <param name="By">Answers that verdicts rest on, by the name of the person.</param>
public sealed record ReviewTally(int Held, int Kept, int Rejected, int LeftOut, ImmutableSortedDictionary<string, int> By)
{
    /// <summary>Nothing was held.</summary>
    public static readonly ReviewTally Nothing = new(0, 0, 0, 0, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>Those without a verdict, whose round is not sealed.</summary>
    public int Open => Held - Kept - Rejected - LeftOut;

    /// <summary>Counts the events of an instance.</summary>
    public static ReviewTally Of(IEnumerable<Event> events)
    {
        var tally = Nothing;
        foreach (var settled in SettledVerdicts.WithReviews(events).Where(s => s.Stored.Review is not null))
        {
            tally = tally with { Held = tally.Held + 1 };
            if (settled.Review is { } review)
                tally = tally with
                {
                    Kept = tally.Kept + (review.Verdict == Verdict.Keep ? 1 : 0),
                    Rejected = tally.Rejected + (review.Verdict == Verdict.Reject ? 1 : 0),
                    LeftOut = tally.LeftOut + (review.Verdict == Verdict.Hold ? 1 : 0),
                    By = review.Answers.Aggregate(tally.By, (by, a) => by.SetItem(a.By, by.GetValueOrDefault(a.By) + 1)),
                };
        }

        return tally;
    }

    /// <summary>The sum of two.</summary>
    public static ReviewTally operator +(ReviewTally one, ReviewTally other) =>
        new(
            one.Held + other.Held,
            one.Kept + other.Kept,
            one.Rejected + other.Rejected,
            one.LeftOut + other.LeftOut,
            other.By.Aggregate(one.By, (by, b) => by.SetItem(b.Key, by.GetValueOrDefault(b.Key) + b.Value))
        );
}
