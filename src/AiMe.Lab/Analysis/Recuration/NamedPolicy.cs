using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>A policy for judging a recorded instance again.</summary>
/// <param name="Name">As given on the command line, or <see cref="Own"/>.</param>
/// <param name="Rules">Null for each instance's own recorded policy.</param>
public sealed record NamedPolicy(string Name, ImmutableArray<Rule>? Rules)
{
    /// <summary>The reference: the recorded policy of each instance.</summary>
    public static NamedPolicy Own { get; } = new("as it was", Rules: null);

    /// <summary>Scores that the rules use.</summary>
    public ImmutableArray<ScoreName> Scores =>
        [
            .. Policy
                .RulesOf(Rules ?? [])
                .Select(r =>
                    r switch
                    {
                        Minimum m => m.Score,
                        Top t => t.Score,
                        PerplexityBand p => p.Score,
                        SelfReferenceBand => ScoreName.SelfReference,
                        Verified { PassesUncheckable: false } => ScoreName.Correctness,
                        _ => (ScoreName?)null,
                    }
                )
                .OfType<ScoreName>()
                .Distinct(),
        ];
}
