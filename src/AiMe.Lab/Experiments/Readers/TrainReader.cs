using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>
/// Reads <c>train</c> key by key; missing keys keep the fallback, and <c>none</c> is the control arm.
/// </summary>
internal static partial class TrainReader
{
    public const string How =
        "how an instance is fine-tuned after each round on what its curator kept; none for the control arm, which is never trained";

    private const string Starts =
        "where a training starts: the current model, that of generation 0, or random weights of its size, the same in every round";

    private const string None = "none";
    private const int MostExamples = 1_000_000;

    private const string DataPattern = @"^window\(\s*(0*[1-9][0-9]{0,5})\s*\)$";

    private const string NotInVariant =
        "all variants of a run have the same round length, so that generations are comparable; set train.every " + "for the experiment";

    // A model whose cross-entropy rises a thousandfold has long been ruined.
    private static readonly NumberRange Rises = NumberRange.UpTo(1000);

    private static readonly string[] DataWords = ["replace", "accumulate", "window(3)"];

    /// <summary>The experiment's own settings, and the number of closed experiences in a round.</summary>
    /// <param name="usual">The method if the experiment names none.</param>
    /// <param name="epochs">The epochs if the experiment names no length.</param>
    public static (TrainerSettings Settings, int Every) OfExperiment(FieldReader? field, TrainingMethod? usual, int epochs)
    {
        var fallback = Defaults.Train with { Method = usual, LearningRate = Defaults.LearningRate(usual), Epochs = epochs };
        if (Open(field, out var none) is not { } s)
            return (fallback with { Train = !none }, Defaults.Every);
        var every = s.Whole(
            "every",
            Defaults.Every,
            1,
            PlanLimits.Stimuli,
            "experiences in a round, drives included; the same for all variants"
        );
        var settings = Settings(s, fallback);
        s.Close();
        return (settings, every);
    }

    /// <summary>The settings of a variant.</summary>
    public static TrainerSettings OfVariant(FieldReader? field, TrainerSettings fallback)
    {
        if (Open(field, out var none) is not { } s)
            return none ? fallback with { Train = false } : fallback;
        var settings = Settings(s, fallback);
        s.Close(("every", NotInVariant));
        return settings;
    }

    private static Section? Open(FieldReader? field, out bool none)
    {
        none = field?.Is(None) ?? false;
        return none ? null : field?.Section("a mapping of keys and values, or none for the control arm", or: None);
    }

    private static TrainerSettings Settings(Section s, TrainerSettings fallback)
    {
        var backend = BackendReader.Read(s, fallback.Backend);
        var method = MethodReader.Read(s, fallback.Method, backend);
        var (data, window) = s.Find(
            "data",
            "the rounds that a training uses: all of them, only the last, or a window of n rounds",
            Text(fallback.Data, fallback.Window)
        )
            is { } field
            ? Data(field, (fallback.Data, fallback.Window))
            : (fallback.Data, fallback.Window);
        // Anchor text comes from the corpus, which an externally trained model does not have; for dpo the reference
        // model is the anchor.
        var text = s.Find(
            "anchor",
            "corpus text in the training set, which prevents model collapse. None under method dpo, whose "
                + "reference model has that role"
        );
        var (anchor, fresh) = Anchor(
            text?.Section(),
            (backend is null && method is not TrainingMethod.Dpo ? Anchor(fallback) : 0, fallback.FreshAnchor)
        );
        if (method is TrainingMethod.Dpo && anchor > 0)
            text?.Fail(
                "anchor text has no rejected answer, and under dpo the reference model is the "
                    + "anchor; expected a fraction of 0, or remove the key"
            );
        var real = s.Find(
            "real-examples",
            "examples of the corpus that join the first round's set, and under accumulate all later ones; none by default"
        );
        var realExamples = real is null ? fallback.RealExamples : (int)real.Whole(1, 1, MostExamples);
        if (real is not null && (backend is not null || method is TrainingMethod.Dpo))
            real.Fail("they come from the corpus of the embedded model, and have no rejected answer under dpo; remove the key");
        var draw = s.Find("draw", "number of examples that each training draws from its rounds' set, without replacement; all by default");
        var drawn = draw is null ? fallback.Draw : (int)draw.Whole(1, 1, MostExamples);
        if (draw is not null && (backend is not null || method is TrainingMethod.Dpo))
            draw.Fail("only a training of the embedded model on kept answers draws from its set; remove the key");
        var start = s.Word("start", Keywords.Start, fallback.Start, Starts);
        if (start == StartFrom.Untrained && (backend is not null || method is not null))
            s.Find("start")?.Fail("random weights are trained as a whole, in this process; expected method full, without a backend");
        var (epochs, budget) = LengthReader.Read(s, (fallback.Epochs, fallback.Budget), backend, fallback.Backend);
        return new(
            Train: true,
            data,
            window,
            anchor,
            fresh,
            start,
            epochs,
            LearningRate(
                s,
                MethodReader.Of(method) == MethodReader.Of(fallback.Method) ? fallback.LearningRate : Defaults.LearningRate(method),
                backend
            ),
            Gate(
                s.Find("gate", "bounds for a candidate; one that exceeds a bound is rolled back. No bounds by default; none removes all"),
                fallback.Gate
            ),
            backend,
            method,
            budget,
            backend is null && method is not TrainingMethod.Dpo ? realExamples : null,
            backend is null && method is not TrainingMethod.Dpo ? drawn : null
        );
    }

    // The 0 of dpo is not a choice of the user: a variant with another method starts from the default, as with the
    // learning rate.
    private static double Anchor(TrainerSettings fallback) =>
        fallback.Method is TrainingMethod.Dpo ? Defaults.Train.Anchor : fallback.Anchor;

    // The fine-tuning API takes a multiplier, not a rate.
    private static double LearningRate(Section s, double fallback, ExternalTraining? backend)
    {
        var field = s.Find("learning-rate", "learning rate; 0.005 by default under method lora", SchemaShape.Of(fallback));
        if (backend is ExternalTraining.FineTuningApi)
            field?.Fail("the server sets the learning rate; expected learning-rate-multiplier");
        return field?.Real(fallback, NumberRange.UnitAboveZero) ?? fallback;
    }

    private static (DataRegime Data, int Window) Data(FieldReader field, (DataRegime, int) fallback)
    {
        field.Asked?.Word(["accumulate", "replace"]);
        field.Asked?.Or().Form(DataPattern);
        var text = field.Node is ScalarNode scalar ? scalar.Text : "";
        if (text is "replace" or "accumulate")
            return (text == "replace" ? DataRegime.Replace : DataRegime.Accumulate, 1);
        if (
            WindowForm().Match(text) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n >= 1
        )
            return (DataRegime.Window, n);
        field.Expected($"replace, accumulate, or window(n) with n rounds from 1 to 999999{Corpora.Nearest.Hint(text, DataWords)}");
        return fallback;
    }

    private static (double Fraction, bool Fresh) Anchor(Section? s, (double Fraction, bool Fresh) fallback)
    {
        if (s is null)
            return fallback;
        var read = (
            s.Share(
                "fraction",
                fallback.Fraction,
                NumberRange.Unit,
                "fraction of the training set that is anchor text; at 1 as many examples as were kept take their place"
            ),
            s.Flag("fresh", fallback.Fresh, "whether new anchor text is drawn each round")
        );
        s.Close();
        return read;
    }

    private static GateBounds Gate(FieldReader? field, GateBounds fallback)
    {
        if (field?.Is(None) == true)
            return Defaults.NoBounds;
        if (field?.Section("a mapping of bounds, or none for no bounds", or: None) is not { } s)
            return fallback;
        GateBounds read = new(
            Bound(
                s.Find("heldout-rise", "increase of held-out cross-entropy since generation 0, as a fraction; none removes a bound"),
                fallback.HeldOutRise,
                Rises
            ),
            Bound(s.Find("drift", "bare identity drift since generation 0, bits"), fallback.Drift, NumberRange.Unit),
            Bound(
                s.Find("anchor-rise", "increase of cross-entropy on corpus text since generation 0, as a fraction"),
                fallback.AnchorRise,
                Rises
            ),
            Bound(s.Find("repeats", "share of repeated 4-grams in the candidate's own samples"), fallback.Repeats, NumberRange.Unit)
        );
        s.Close();
        return read;
    }

    // A variant can remove a bound of the experiment with none.
    private static double? Bound(FieldReader? field, double? fallback, NumberRange range) =>
        field is null ? fallback
        : field.Is(None) ? null
        : field.Share(fallback ?? 0, range, or: None);

    /// <summary>The text form in a file.</summary>
    public static string Text(DataRegime data, int window) =>
        data == DataRegime.Window ? $"window({window})"
        : data == DataRegime.Replace ? "replace"
        : "accumulate";

    [GeneratedRegex(DataPattern)]
    private static partial Regex WindowForm();
}
