using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Mind;

/// <summary>Decides whether a candidate is promoted.</summary>
public static class Gate
{
    /// <summary>Why the candidate fails, one sentence a bound; empty when it passes. An undefined figure fails its bound.</summary>
    public static ImmutableArray<string> Objections(GateBounds bounds, GateFigures figures)
    {
        var objections = ImmutableArray.CreateBuilder<string>();
        Check("held-out cross-entropy rose by", Rise(figures.HeldOut, figures.HeldOutBase), bounds.HeldOutRise, "0.0%", objections);
        Check("bare identity drift is", figures.Drift, bounds.Drift, "0.000", objections);
        Check("cross-entropy on anchor data rose by", Rise(figures.Anchor, figures.AnchorBase), bounds.AnchorRise, "0.0%", objections);
        Check("repeated 4-grams are", figures.Repeats, bounds.Repeats, "0.0%", objections);
        return objections.ToImmutable();
    }

    private static double Rise(double now, double before) => now / before - 1;

    private static void Check(string what, double figure, double? bound, string format, ImmutableArray<string>.Builder objections)
    {
        if (bound is not { } limit || figure <= limit)
            return;
        var text = double.IsNaN(figure) ? "undefined" : figure.ToString(format, CultureInfo.InvariantCulture);
        objections.Add($"{what} {text}, at most {limit.ToString(format, CultureInfo.InvariantCulture)} is allowed");
    }
}
