namespace AiMe.Faculties.Curation;

/// <summary><c>keep-none</c>: rejects everything.</summary>
public sealed record KeepNone : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged) => new("keep-none", double.NaN, Vote.Reject, "nothing is kept");

    /// <inheritdoc />
    public override string ToString() => "keep-none";
}
