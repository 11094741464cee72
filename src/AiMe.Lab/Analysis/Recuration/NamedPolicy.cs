using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>A policy by which a recorded life is judged anew.</summary>
/// <param name="Name">As it was asked for, or <see cref="Own"/>.</param>
/// <param name="Rules">Null for each life's own, as it was recorded.</param>
public sealed record NamedPolicy(string Name, ImmutableArray<Rule>? Rules)
{
    /// <summary>The reference: what each life was judged by when it was lived.</summary>
    public static NamedPolicy Own { get; } = new("as it was", Rules: null);

    /// <summary>Scores that its rules go by.</summary>
    public ImmutableArray<ScoreName> Scores =>
        [
            .. (Rules ?? [])
                .Select(r =>
                    r switch
                    {
                        Minimum m => m.Score,
                        Top t => t.Score,
                        _ => (ScoreName?)null,
                    }
                )
                .OfType<ScoreName>()
                .Distinct(),
        ];
}
