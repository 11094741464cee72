namespace AiMe.Faculties.Curation;

/// <summary><c>verified</c>: rejects an answer to a checkable problem that is not correct.</summary>
/// <param name="PassesUncheckable">Whether an answer that cannot be checked passes; else it is rejected.</param>
public sealed record Verified(bool PassesUncheckable) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged) =>
        judged.Scores.Correctness switch
        {
            >= 1 => new("verified", 1, Vote.Pass, "the answer is correct"),
            < 1 => new("verified", 0, Vote.Reject, "the answer is not correct"),
            _ => new("verified", double.NaN, PassesUncheckable ? Vote.Pass : Vote.Reject, "the stimulus has no answer to check against"),
        };

    /// <inheritdoc />
    public override string ToString() => PassesUncheckable ? "verified, or not checkable" : "verified";
}
