using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Faculties.Trainer;

/// <summary>Decides whether a candidate is promoted.</summary>
public static class Gate
{
    /// <summary>
    /// Why the candidate fails, one sentence per bound; empty if it passes. An undefined figure fails its bound.
    /// </summary>
    public static ImmutableArray<string> Objections(GateBounds bounds, GateFigures figures)
    {
        var objections = ImmutableArray.CreateBuilder<string>();
        Check("held-out cross-entropy rose by", Rise(figures.HeldOut, figures.HeldOutBase), bounds.HeldOutRise, "0.0%", objections);
        Check("bare identity drift is", figures.Drift, bounds.Drift, "0.000", objections);
        Check("cross-entropy on anchor data rose by", Rise(figures.Anchor, figures.AnchorBase), bounds.AnchorRise, "0.0%", objections);
        Check("repeated 4-grams are", figures.Repeats, bounds.Repeats, "0.0%", objections);
        return objections.ToImmutable();
    }

    /// <summary>Why a candidate that an outside trainer made is none, whatever the bounds; empty if it is one.</summary>
    public static ImmutableArray<string> NoCandidate(GateFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures.IsBase
            ?
            [
                "the candidate gives fixed texts exactly the log-probabilities of generation 0: the server answers with the base model "
                    + "under the candidate's name. Load the candidate into the server, and check that its adapters are on",
            ]
            : [];
    }

    /// <summary>
    /// The bounds that cannot be checked because the model gives no log-probabilities of text, one sentence per bound.
    /// </summary>
    /// <remarks>If generation 0 has no cross-entropy either, the rise is unknown rather than undefined.</remarks>
    public static ImmutableArray<string> Uncheckable(GateBounds bounds, GateFigures figures)
    {
        var open = ImmutableArray.CreateBuilder<string>();
        Note("held-out cross-entropy", bounds.HeldOutRise, figures.HeldOutBase);
        Note("cross-entropy on anchor data", bounds.AnchorRise, figures.AnchorBase);
        return open.ToImmutable();

        void Note(string what, double? bound, double before)
        {
            if (bound is { } limit && double.IsNaN(before))
                open.Add(
                    $"the rise of {what}, at most {limit.ToString("0.0%", CultureInfo.InvariantCulture)}, was not "
                        + "checked: the model tells no log-probabilities of given text"
                );
        }
    }

    /// <summary>The bounds without those that cannot be checked.</summary>
    public static GateBounds Checkable(GateBounds bounds, GateFigures figures) =>
        bounds with
        {
            HeldOutRise = double.IsNaN(figures.HeldOutBase) ? null : bounds.HeldOutRise,
            AnchorRise = double.IsNaN(figures.AnchorBase) ? null : bounds.AnchorRise,
        };

    private static double Rise(double now, double before) => now / before - 1;

    private static void Check(string what, double figure, double? bound, string format, ImmutableArray<string>.Builder objections)
    {
        if (bound is not { } limit || figure <= limit)
            return;
        var text = double.IsNaN(figure) ? "undefined" : figure.ToString(format, CultureInfo.InvariantCulture);
        objections.Add($"{what} {text}, at most {limit.ToString(format, CultureInfo.InvariantCulture)} is allowed");
    }
}
