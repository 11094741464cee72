using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>
/// Horizontal lines of hyphens, for consoles without Unicode: Spectre.Console has no fallback for them.
/// </summary>
internal sealed class PlainLines : TableBorder
{
    /// <summary>The only instance.</summary>
    public static TableBorder Border { get; } = new PlainLines();

    /// <inheritdoc />
    public override string GetPart(TableBorderPart part) => Horizontal.GetPart(part).Replace('─', '-');
}
