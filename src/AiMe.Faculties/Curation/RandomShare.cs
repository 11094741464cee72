using System.Globalization;

namespace AiMe.Faculties.Curation;

/// <summary><c>random(p)</c>: keeps a random share, regardless of content; the size-matched control.</summary>
/// <param name="P">Probability of keeping, in [0, 1].</param>
public sealed record RandomShare(double P) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var drawn = judged.Dice.Unit();
        var text = string.Create(CultureInfo.InvariantCulture, $"drew {drawn:0.00} against {P:0.00}");
        return new("random", drawn, drawn < P ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"random {P}");
}
