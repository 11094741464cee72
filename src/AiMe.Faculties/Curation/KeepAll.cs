namespace AiMe.Faculties.Curation;

/// <summary><c>keep-all</c>: keeps everything.</summary>
public sealed record KeepAll : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged) => new("keep-all", double.NaN, Vote.Keep, "everything is kept");

    /// <inheritdoc />
    public override string ToString() => "keep-all";
}
