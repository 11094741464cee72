using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>How a variant is drawn, the same in every chart: colour, dash and marker, so that no difference rests on colour.</summary>
/// <param name="Index">0-based position of the variant in the plan.</param>
public sealed record SeriesStyle(int Index)
{
    /// <summary>Number of colours; after these they repeat with other dashes and markers.</summary>
    public const int Colours = 6;

    private static readonly ImmutableArray<string> s_dashes = ["", "7 3", "2 3", "9 3 2 3", "4 4", "12 4"];

    /// <summary>The colour, as a custom property of the theme.</summary>
    public string Colour => $"var(--s{Index % Colours})";

    /// <summary>The dash array of a line; null for a solid one.</summary>
    public string? Dash => s_dashes[(Index + Index / Colours) % s_dashes.Length] is { Length: > 0 } dash ? dash : null;

    /// <summary>The shape of a point.</summary>
    public MarkerShape Marker => (MarkerShape)((Index + Index / Colours) % Enum.GetValues<MarkerShape>().Length);

    /// <summary>The style of each variant, by its place in the plan.</summary>
    public static ImmutableDictionary<string, SeriesStyle> Of(IEnumerable<string> variants) =>
        variants.Select((name, i) => (name, i)).ToImmutableDictionary(v => v.name, v => new SeriesStyle(v.i), StringComparer.Ordinal);
}

/// <summary>Shapes of a point.</summary>
public enum MarkerShape
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle that points up.</summary>
    Up,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle that points down.</summary>
    Down,

    /// <summary>A cross.</summary>
    Cross,
}
