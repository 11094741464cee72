using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>What each variant has come to say.</summary>
internal static class SignatureBlock
{
    private const int Shown = 3;

    /// <summary>Writes a line for each variant with a signature; nothing if none has one.</summary>
    /// <param name="all">Whether to write all its n-grams; else the first few.</param>
    public static void Write(IAnsiConsole console, RunComparison comparison, bool all)
    {
        Signature[] signatures = [.. comparison.Signatures.Where(s => !s.Ngrams.IsEmpty || s.Refrain is not null)];
        if (signatures.Length == 0)
            return;
        CompareView.Heading(
            console,
            "Comes to say",
            "more often than generation 0 and than the other variants (the lesser z-score; exploratory)"
        );
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var signature in signatures)
            grid.AddRow(
                new Text(CompareCells.Folded(signature.Variant, console.Profile.Width)),
                new Text(
                    string.Join(
                        '\n',
                        [
                            .. signature.Ngrams.IsEmpty
                                ? Array.Empty<string>()
                                : [string.Join(", ", signature.Ngrams.Take(all ? Signature.Most : Shown).Select(Words))],
                            .. signature.Refrain is { } refrain ? [Words(refrain)] : Array.Empty<string>(),
                        ]
                    )
                )
            );
        console.Write(grid);
    }

    private static string Words(SignaturePhrase phrase) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{phrase.Text}\" ({phrase.Count} times, z {phrase.Z:0.0})");

    private static string Words(Refrain refrain) =>
        $"{refrain.Instance} gives {refrain.Times} of {refrain.Answers} answers in the same words: \"{refrain.Text}\"";
}
