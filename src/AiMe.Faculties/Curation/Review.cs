using System.Collections.Immutable;

namespace AiMe.Faculties.Curation;

/// <summary><c>review(when)</c>: holds what a condition names for a person, who decides at the latest at the end of the round.</summary>
/// <remarks>
/// A policy has at most one. It sees what the rules before it passed: to show people what a later rule would reject, it stands
/// before that rule. A person's verdict is final, whatever the rules after it vote.
/// </remarks>
/// <param name="When">The conditions, at least one; an experience that meets any of them is held.</param>
/// <param name="Terms">How the answers become a verdict.</param>
public sealed record Review(ImmutableArray<ReviewCondition> When, ReviewTerms Terms) : Rule
{
    /// <summary>The rule's name, also in its columns.</summary>
    public const string Name = "review";

    /// <summary>The rule in a policy, or null.</summary>
    public static Review? In(ImmutableArray<Rule> policy) => policy.OfType<Review>().FirstOrDefault();

    /// <summary>The terms under which a policy holds an experience for a person; null if it does not.</summary>
    public static ReviewTerms? TermsOf(ImmutableArray<Rule> policy, Judgement judgement) =>
        judgement.AwaitsReview ? In(policy)?.Terms : null;

    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var first = When[0].Look(judged);
        foreach (var condition in When)
        {
            var look = condition.Look(judged);
            if (look.Holds)
                return new(Name, look.Score, Vote.Hold, look.Reason);
        }

        return new(Name, first.Score, Vote.Pass, first.Reason);
    }

    /// <inheritdoc />
    public bool Equals(Review? other) => other is not null && Terms == other.Terms && When.SequenceEqual(other.When);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Terms, When.Length);

    /// <inheritdoc />
    public override string ToString() => $"review {string.Join(" or ", When)}{Terms}";
}
