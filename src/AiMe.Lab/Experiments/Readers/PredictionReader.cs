using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>analysis.predict</c>: predictions with a bound, of which a result is reproduced or not.</summary>
internal sealed class PredictionReader(Design? design)
{
    public const string How =
        "predictions, each a number of every replicate and a bound: the run bears a prediction out if the adjusted interval of its mean "
        + "lies beyond the bound. With predictions alone, without primary outcomes and contrasts, nothing else is tested";

    private const string Example = "{measure: heldOutRise, contrast: [a, b], direction: higher, beyond: 5%}";
    private const double Greatest = 1_000_000;

    private static readonly NumberRange s_any = new(-Greatest, Greatest);

    private readonly VariantNames _names = new(design);

    /// <summary>The predictions of a list.</summary>
    public ImmutableArray<Prediction> Read(FieldReader field) =>
        [.. field.Items($"a list of predictions, such as {Example}").Select(ReadItem).OfType<Prediction>()];

    private Prediction? ReadItem(FieldReader item)
    {
        if (item.Asked is { } asked)
        {
            Read(new Section(item.Path, new MappingNode(Place.Of(""), []), new Problems(), asked.Section()));
            return null;
        }

        return item.Section($"a prediction, such as {Example}") is { } s ? Read(s) : null;
    }

    private Prediction? Read(Section s)
    {
        var measure = OutcomeReader.MeasureOf(s.Need("measure", "a measure, named as in compare"));
        var level = s.Find("level", "the number is the value of this variant");
        var step = s.Find("step", "the number is the value of this variant minus its value one generation before");
        var contrast = s.Find("contrast", "two variants; the number is the value of the first minus that of the second");
        var trend = s.Find(
            "trend",
            "the number is a slope of least squares: of one variant over its generations, or of a list of three variants or more over "
                + "their places in the list"
        );
        var response = s.Find(
            "response",
            "a list of variants; the number is the slope of the measure's change, from one generation to the next, on the measure in to"
        );
        var correlation = s.Find(
            "correlation",
            "a list of variants; the number is the rank correlation of the measure with the measure in to, over their generations"
        );
        var times = s.Find("times", "of level with than, and of contrast: the second value is multiplied by this", SchemaShape.Of(1.0));
        var than = s.Find("than", "of level and contrast: the measure of the second value; the same by default");
        var to = s.Find(
            "to",
            "of response: the measure on which the change depends, such as selectionGap; of correlation: the other measure"
        );
        var direction = s.Find("direction", "where the mean is predicted to be: higher or lower than the bound");
        var beyond = s.Find("beyond", "the bound, in the unit of the number", SchemaShape.Of(0.0));
        var within = s.Find("within", "in place of direction: the mean is predicted to be nearer to 0 than this");
        var at = s.Find("at", "the generation; of step by default each, else the last");
        var secondary = s.Flag("secondary", fallback: false, "whether the prediction says nothing on the result");
        s.Rule(() => SchemaRules.OneOf("level", "step", "contrast", "trend", "response", "correlation"));
        s.Rule(() => SchemaRules.OneOf("direction", "within"));
        s.Close();

        FieldReader?[] given = [level, step, contrast, trend, response, correlation];
        if (given.Count(g => g is not null) != 1)
            s.Problems.Fail(
                s.At,
                s.Path,
                $"found {given.Count(g => g is not null)} of level, step, contrast, trend, response and correlation, "
                    + $"expected one: {Example}"
            );
        if (direction is null == within is null)
            s.Problems.Fail(s.At, s.Path, $"found {(within is null ? "neither" : "both")} of direction and within, expected one of them");
        if ((times is not null || than is not null) && contrast is null && (level is null || than is null))
            (times ?? than)!.Fail("there is no second value to apply it to; expected contrast, or level with than");
        var related = response ?? correlation;
        if (to is not null && related is null)
            to.Fail("it is of response and correlation alone; remove the key");
        if (related is not null && to is null)
            s.Problems.Fail(s.At, $"{s.Path}.to", "the key is missing, expected a measure, such as selectionGap");
        if (within is not null && beyond is not null)
            beyond.Fail("within is a bound itself; remove one of the two keys");

        var factor = times?.Real(1, NumberRange.AboveZeroTo(Greatest)) ?? 1;
        var second = OutcomeReader.MeasureOf(than)?.Key;
        PredictedNumber? of =
            level is not null && _names.One(level) is { } one
                ? second is null
                    ? new PredictedNumber.LevelOf(one)
                    : new PredictedNumber.ContrastOf(one, one, factor, second)
                : step is not null && _names.One(step) is { } stepping
                    ? new PredictedNumber.StepOf(stepping)
                    : contrast is not null && _names.Pair(contrast) is var (a, b)
                        ? new PredictedNumber.ContrastOf(a, b, factor, second)
                        : trend is not null
                            ? Trend(trend)
                            : related is not null
                            && _names.Several(related, least: 1) is { Length: > 0 } variants
                            && OutcomeReader.MeasureOf(to) is { } other
                                ? response is not null
                                    ? new PredictedNumber.ResponseOf(variants, other.Key)
                                    : new PredictedNumber.CorrelationOf(variants, other.Key)
                                : null;
        var side = within is not null
            ? PredictedSide.Within
            : direction?.Word(Keywords.PredictedSides, PredictedSide.Higher) ?? PredictedSide.Higher;
        var bound = within is not null
            ? OutcomeReader.Number(within, measure, _ => NumberRange.AboveZeroTo(Greatest), NumberRange.AboveZeroTo(Greatest))
            : OutcomeReader.Number(beyond, measure, _ => s_any, s_any) ?? 0;
        var generation = At(at, of);
        return measure is null || of is null || bound is not { } limit ? null : new(measure.Key, of, side, limit, generation, secondary);
    }

    private PredictedNumber? Trend(FieldReader trend)
    {
        if (trend.Node is ScalarNode { IsNothing: false })
            return _names.One(trend) is { } one ? new PredictedNumber.GrowthOf(one) : null;
        var several = _names.Several(trend, least: 3);
        trend.Asked?.Or().Text();
        return several.Length >= 3 ? new PredictedNumber.OrderOf(several) : null;
    }

    private static int? At(FieldReader? at, PredictedNumber? of)
    {
        if (at is null)
            return null;
        if (at.Asked is null && at.Is("each"))
        {
            if (of is not null and not PredictedNumber.StepOf)
                at.Expected("a generation; each is of step alone");
            return null;
        }

        var generation = (int)at.Whole(1, 0, PlanLimits.Rounds);
        at.Asked?.Or().Word(["each"]);
        return generation;
    }

    /// <summary>Checks what only the whole experiment says: that no prediction is of a generation beyond the last.</summary>
    public static void Check(Experiment experiment, Section root)
    {
        var rounds = experiment.Size.Rounds;
        if (experiment.Analysis is not { } analysis || analysis.Declared.All(p => p.At is null || p.At <= rounds))
            return;
        var items = root.Find("analysis")!.Section()!.Find("predict")!.Items("").ToArray();
        foreach (var (item, prediction) in items.Zip(analysis.Declared).Where(x => x.Second.At > rounds))
            item.Fail(
                $"it is of generation {prediction.At}, but an instance has {rounds} {(rounds == 1 ? "round" : "rounds")}; expected a "
                    + $"generation up to {rounds}"
            );
    }
}
