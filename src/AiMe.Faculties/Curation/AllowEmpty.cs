namespace AiMe.Faculties.Curation;

/// <summary><c>allow-empty</c>: answers without text are judged by the other rules; without it they are rejected.</summary>
public sealed record AllowEmpty : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged) => new("allow-empty", double.NaN, Vote.Pass, "answers without text may be kept");

    /// <inheritdoc />
    public override string ToString() => "allow-empty";
}
