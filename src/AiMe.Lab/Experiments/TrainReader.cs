using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Reads <c>train</c>, key by key over a fallback; <c>none</c> is the control arm.</summary>
internal static partial class TrainReader
{
    private const string NotInVariant =
        "a round has one length in the whole run, so that generation g is the same age in every variant; set train.every for the experiment";

    private static readonly string[] DataWords = ["replace", "accumulate", "window(3)"];

    /// <summary>The experiment's own settings, and how many closed experiences make a round.</summary>
    public static (TrainerSettings Settings, int Every) OfExperiment(Field? field)
    {
        if (Open(field, out var none) is not { } s)
            return (Defaults.Train with { Train = !none }, Defaults.Every);
        var every = s.Whole("every", Defaults.Every, 1);
        var settings = Settings(s, Defaults.Train);
        s.Close();
        return (settings, every);
    }

    /// <summary>A variant's settings over the experiment's.</summary>
    public static TrainerSettings OfVariant(Field? field, TrainerSettings fallback)
    {
        if (Open(field, out var none) is not { } s)
            return none ? fallback with { Train = false } : fallback;
        var settings = Settings(s, fallback);
        s.Close(("every", NotInVariant));
        return settings;
    }

    private static Section? Open(Field? field, out bool none)
    {
        none = field?.Node is Scalar { Text: "none" };
        return none ? null : field?.Section("a mapping of keys and values, or none for the control arm");
    }

    private static TrainerSettings Settings(Section s, TrainerSettings fallback)
    {
        var (data, window) = s.Find("data") is { } field ? Data(field, (fallback.Data, fallback.Window)) : (fallback.Data, fallback.Window);
        var (anchor, fresh) = Anchor(s.Find("anchor")?.Section(), (fallback.Anchor, fallback.FreshAnchor));
        return new(
            Train: true,
            data,
            window,
            anchor,
            fresh,
            s.Word("start", Words.Start, fallback.Start),
            s.Whole("epochs", fallback.Epochs, 1, 1000),
            s.Real("learning-rate", fallback.LearningRate, Interval.UnitAboveZero),
            Gate(s.Find("gate")?.Section(), fallback.Gate));
    }

    private static (DataRegime Data, int Window) Data(Field field, (DataRegime, int) fallback)
    {
        var text = field.Node is Scalar scalar ? scalar.Text : "";
        if (text is "replace" or "accumulate")
            return (text == "replace" ? DataRegime.Replace : DataRegime.Accumulate, 1);
        if (WindowForm().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1)
            return (DataRegime.Window, n);
        field.Expected($"replace, accumulate, or window(n) with n rounds, 1 or more{Models.Corpora.Nearest.Hint(text, DataWords)}");
        return fallback;
    }

    private static (double Fraction, bool Fresh) Anchor(Section? s, (double Fraction, bool Fresh) fallback)
    {
        if (s is null)
            return fallback;
        var read = (s.Share("fraction", fallback.Fraction, new(0, 1, OpenHigh: true)), s.Flag("fresh", fallback.Fresh));
        s.Close();
        return read;
    }

    private static GateBounds Gate(Section? s, GateBounds fallback)
    {
        if (s is null)
            return fallback;
        GateBounds read = new(
            Bound(s.Find("heldout-rise"), fallback.HeldOutRise, Interval.NotNegative),
            Bound(s.Find("drift"), fallback.Drift, Interval.Unit),
            Bound(s.Find("anchor-rise"), fallback.AnchorRise, Interval.NotNegative),
            Bound(s.Find("repeats"), fallback.Repeats, Interval.Unit));
        s.Close();
        return read;
    }

    // A variant can lift a bound of the experiment with none.
    private static double? Bound(Field? field, double? fallback, Interval range) =>
        field is null ? fallback : field.Node is Scalar { Text: "none" } ? null : field.Share(fallback ?? 0, range);

    [GeneratedRegex(@"^window\(\s*([0-9]+)\s*\)$")]
    private static partial Regex WindowForm();
}
