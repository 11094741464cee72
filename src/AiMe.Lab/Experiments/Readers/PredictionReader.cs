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
        var rejections = s.Find(
            "rejections",
            "two variants that differ by chance alone; the number is the share of tests of them that reject, each of groups-of replicates"
        );
        var groupsOf = s.Find("groups-of", "of rejections: replicates of a test", SchemaShape.Of(8));
        var test = s.Find("test", "of rejections: the two-sided, unadjusted test of paired differences; by default t");
        var least = s.Find("least", "of rejections: the least share that is predicted");
        var most = s.Find("most", "of rejections: the greatest share that is predicted");
        var times = s.Find("times", "of level with than, and of contrast: the second value is multiplied by this", SchemaShape.Of(1.0));
        var than = s.Find("than", "of level and contrast: the measure of the second value; the same by default");
        var to = s.Find(
            "to",
            "of response: the measure on which the change depends, such as selectionGap; of correlation: the other measure"
        );
        var direction = s.Find("direction", "where the mean is predicted to be: higher or lower than the bound");
        var beyond = s.Find("beyond", "the bound, in the unit of the number", SchemaShape.Of(0.0));
        var within = s.Find(
            "within",
            "in place of direction: the mean is predicted to be nearer to 0 than this; with equals, nearer to it than this share of it"
        );
        var equals = s.Find("equals", "of level with within: the number that the mean is predicted to be near; by default 0");
        var from = s.Find("from", "of trend of one variant: the first generation on the line", SchemaShape.Of(0));
        var at = s.Find("at", "the generation; of step by default each, else the last");
        var secondary = s.Flag("secondary", fallback: false, "whether the prediction says nothing on the result");
        s.Rule(() => SchemaRules.OneOf("level", "step", "contrast", "trend", "response", "correlation", "rejections"));
        s.Rule(() => SchemaRules.OneOf("direction", "within", "most"));
        s.Close();

        FieldReader?[] given = [level, step, contrast, trend, response, correlation, rejections];
        if (given.Count(g => g is not null) != 1)
            s.Problems.Fail(
                s.At,
                s.Path,
                $"found {given.Count(g => g is not null)} of level, step, contrast, trend, response, correlation and "
                    + $"rejections, expected one: {Example}"
            );
        if (rejections is null)
        {
            if (direction is null == within is null)
                s.Problems.Fail(
                    s.At,
                    s.Path,
                    $"found {(within is null ? "neither" : "both")} of direction and within, expected one of them"
                );
            foreach (var key in new[] { groupsOf, test, least, most })
                key?.Fail("it is of rejections alone; remove the key");
        }
        else
        {
            foreach (var key in new[] { direction, beyond, within, equals, times, than })
                key?.Fail("it is not of rejections, which have a least and a most share; remove the key");
            if (least is null || most is null)
                s.Problems.Fail(s.At, s.Path, "found no least or no most, expected both shares, such as least: 1%, most: 10%");
        }

        if (from is not null && trend?.Node is not ScalarNode)
            from.Fail("it is of trend of one variant; remove the key");
        if ((times is not null || than is not null) && contrast is null && (level is null || than is null))
            (times ?? than)!.Fail("there is no second value to apply it to; expected contrast, or level with than");
        var related = response ?? correlation;
        if (to is not null && related is null)
            to.Fail("it is of response and correlation alone; remove the key");
        if (related is not null && to is null)
            s.Problems.Fail(s.At, $"{s.Path}.to", "the key is missing, expected a measure, such as selectionGap");
        if (equals is not null && (level is null || than is not null || within is null))
            equals.Fail("it is of level with within, such as {measure: meanError, level: a, equals: 0.5, within: 10%}");
        if (within is not null && beyond is not null)
            beyond.Fail("within is a bound itself; remove one of the two keys");

        if (rejections is not null)
            return Rejections(rejections, groupsOf, test, (least, most), measure, At(at, of: null), secondary);
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
                            ? Trend(trend, from)
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
        var around = equals is null ? 0 : Around(equals, measure);
        var bound = Bound(within, beyond, measure, equals is null ? null : around);
        var generation = At(at, of);
        return measure is null || of is null || bound is not { } limit || around is not { } center
            ? null
            : new(measure.Key, of, side, limit, generation, secondary, center);
    }

    private static double? Around(FieldReader equals, Measure? measure)
    {
        var problems = equals.Problems.All.Length;
        var around = OutcomeReader.Number(equals, measure, _ => s_any, s_any);
        if (around == 0 && equals.Problems.All.Length == problems)
            equals.Fail("within is a share of this number, and nothing is within a share of 0; expected a number other than 0");
        return around;
    }

    private static double? Bound(FieldReader? within, FieldReader? beyond, Measure? measure, double? around)
    {
        if (within is null)
            return OutcomeReader.Number(beyond, measure, _ => s_any, s_any) ?? 0;
        return around is { } number
            ? within.Share(0, NumberRange.UnitAboveZero) * Math.Abs(number)
            : OutcomeReader.Number(within, measure, _ => NumberRange.AboveZeroTo(Greatest), NumberRange.AboveZeroTo(Greatest));
    }

    private Prediction? Rejections(
        FieldReader pair,
        FieldReader? groupsOf,
        FieldReader? test,
        (FieldReader? Least, FieldReader? Most) share,
        Measure? measure,
        int? generation,
        bool secondary
    )
    {
        var size = (int?)groupsOf?.Whole(8, 2, PlanLimits.Replicates) ?? 8;
        var by = test?.Word(Keywords.NullTests, NullTest.StudentT) ?? NullTest.StudentT;
        var (low, high) = (share.Least?.Share(0, NumberRange.Unit), share.Most?.Share(0, NumberRange.Unit));
        if (low >= high)
            share.Most!.Fail("it is not above least; expected a greater share");
        return measure is null || _names.Pair(pair) is not var (a, b) || low is not { } from || high is not { } to
            ? null
            : new(
                measure.Key,
                new PredictedNumber.RejectionsOf(a, b, size, by),
                PredictedSide.Within,
                (to - from) / 2,
                generation,
                secondary,
                (to + from) / 2
            );
    }

    private PredictedNumber? Trend(FieldReader trend, FieldReader? from)
    {
        if (trend.Node is ScalarNode { IsNothing: false })
            return _names.One(trend) is { } one
                ? new PredictedNumber.GrowthOf(one, (int?)from?.Whole(0, 0, PlanLimits.Rounds - 1) ?? 0)
                : null;
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
