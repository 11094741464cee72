using System.Collections.Immutable;
using System.CommandLine;

namespace AiMe.Console.Commands;

/// <summary>The charts that <c>aime plot</c> can draw, beside the measures of <c>--measure</c>.</summary>
internal sealed class PlotKinds
{
    private readonly ImmutableArray<(PlotKind Kind, Option<bool> Option)> _kinds =
    [
        (PlotKind.Variants, Flag("--variants", "A forest plot of the variants by bare drift, or by each measure of --measure")),
        (PlotKind.Contrasts, Flag("--contrasts", "A forest plot of the declared contrasts of each measure")),
        (PlotKind.Survival, Flag("--survival", "The survival curves of each declared outcome, with the numbers at risk")),
        (PlotKind.Acceptance, Flag("--acceptance", "What the curation of each variant kept, and the rules that decided against the rest")),
        (PlotKind.Identity, Flag("--identity", "Each instance's way through identity space")),
        (PlotKind.Lineage, Flag("--lineage", "The models of each trained instance, with the gate's results")),
    ];

    /// <summary>All options, in the order of the help and of the panels.</summary>
    public IEnumerable<Option> All => _kinds.Select(k => k.Option);

    /// <summary>The kinds that are asked for, in order.</summary>
    public ImmutableArray<PlotKind> Read(ParseResult parsed) => [.. _kinds.Where(k => parsed.GetValue(k.Option)).Select(k => k.Kind)];

    private static Option<bool> Flag(string name, string what) => new(name) { Description = what };
}

/// <summary>Kinds of charts.</summary>
internal enum PlotKind
{
    /// <summary>The variants by a measure.</summary>
    Variants,

    /// <summary>The declared contrasts.</summary>
    Contrasts,

    /// <summary>Survival curves.</summary>
    Survival,

    /// <summary>Kept and rejected shares.</summary>
    Acceptance,

    /// <summary>Ways through identity space.</summary>
    Identity,

    /// <summary>Trees of models.</summary>
    Lineage,
}

/// <summary>What <c>aime plot</c> is asked for.</summary>
/// <param name="Kinds">Charts beside those of selected measures.</param>
/// <param name="Form">svg, png or pdf.</param>
/// <param name="Width">As typed.</param>
/// <param name="Font">A font file, or null.</param>
internal sealed record PlotRequest(ImmutableArray<PlotKind> Kinds, string Form, string Width, bool IsDark, string? Font);
