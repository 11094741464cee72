using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Curation;

/// <summary>How people's answers on a held experience become a verdict.</summary>
/// <param name="OnOpen">What the end of a round does with experiences without a verdict.</param>
/// <param name="Reviewers">Answers that a verdict needs, at least 1.</param>
public sealed record ReviewTerms(OnOpen OnOpen, int Reviewers)
{
    /// <summary>
    /// The verdict: that of the majority, once enough have answered; <see cref="Verdict.Hold"/> before that, and for a tie, which one
    /// more answer decides.
    /// </summary>
    public Verdict Settle(ImmutableArray<ReviewOpinion> answers)
    {
        var keeps = answers.Count(a => a.Verdict == Verdict.Keep);
        var rejects = answers.Length - keeps;
        return answers.Length < Reviewers || keeps == rejects ? Verdict.Hold
            : keeps > rejects ? Verdict.Keep
            : Verdict.Reject;
    }

    /// <summary>Whether enough have answered, and as many keep as reject.</summary>
    public bool IsTie(ImmutableArray<ReviewOpinion> answers) => answers.Length >= Reviewers && Settle(answers) == Verdict.Hold;

    /// <inheritdoc />
    public override string ToString() =>
        $"{(Reviewers > 1 ? $" by {Reviewers}" : "")}"
        + OnOpen switch
        {
            OnOpen.Wait => "",
            OnOpen.LeaveOut => ", open ones left out",
            _ => throw new UnreachableException(),
        };
}

/// <summary>What the end of a round does with held experiences without a verdict.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnOpen>))]
public enum OnOpen
{
    /// <summary>The round is not sealed until each has a verdict.</summary>
    [JsonStringEnumMemberName("wait")]
    Wait,

    /// <summary>The round is sealed without them.</summary>
    [JsonStringEnumMemberName("leave-out")]
    LeaveOut,
}

/// <summary>One person's answer on a held experience.</summary>
/// <param name="By">The name that the person chose.</param>
/// <param name="Verdict">To keep or to reject.</param>
/// <param name="Note">In the person's words; null for none, and then not written.</param>
public sealed record ReviewOpinion(
    string By,
    Verdict Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null
);

/// <summary>What became of a held experience at the end of its round.</summary>
/// <param name="Verdict"><see cref="Verdict.Hold"/> if it was left out.</param>
/// <param name="Answers">The answers that it rests on, in ordinal order of name.</param>
public sealed record SettledReview(MemoryId Id, Verdict Verdict, ImmutableArray<ReviewOpinion> Answers);
