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

    private const string Example = PredictionKeys.Example;
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
        PredictionKeys keys = new(s);
        keys.Check();
        if (keys.Rejections is not null)
            return Rejections(keys, keys.Rejections);
        var of = NumberOf(keys);
        var side = keys.Within is not null
            ? PredictedSide.Within
            : keys.Direction?.Word(Keywords.PredictedSides, PredictedSide.Higher) ?? PredictedSide.Higher;
        var around = keys.EqualTo is null ? 0 : Around(keys.EqualTo, keys.Measure);
        var bound = Bound(keys, keys.EqualTo is null ? null : around);
        var generation = At(keys.At, of);
        return keys.Measure is null || of is null || bound is not { } limit || around is not { } center
            ? null
            : new(keys.Measure.Key, of, side, limit, generation, keys.IsSecondary, center);
    }

    private PredictedNumber? NumberOf(PredictionKeys keys)
    {
        var factor = keys.Times?.Real(1, NumberRange.AboveZeroTo(Greatest)) ?? 1;
        var second = OutcomeReader.MeasureOf(keys.Than)?.Key;
        if (keys.Level is not null && _names.One(keys.Level) is { } one)
            return second is null ? new PredictedNumber.LevelOf(one) : new PredictedNumber.ContrastOf(one, one, factor, second);
        if (keys.Step is not null && _names.One(keys.Step) is { } stepping)
            return new PredictedNumber.StepOf(stepping);
        if (keys.Contrast is not null && _names.Pair(keys.Contrast) is var (a, b))
            return new PredictedNumber.ContrastOf(a, b, factor, second);
        if (keys.Trend is not null)
            return Trend(keys.Trend, keys.From);
        if (
            keys.Related is null
            || _names.Several(keys.Related, least: 1) is not { Length: > 0 } variants
            || OutcomeReader.MeasureOf(keys.To) is not { } other
        )
            return null;
        return keys.Response is not null
            ? new PredictedNumber.ResponseOf(variants, other.Key)
            : new PredictedNumber.CorrelationOf(variants, other.Key);
    }

    private static double? Around(FieldReader equals, Measure? measure)
    {
        var problems = equals.Problems.All.Length;
        var around = OutcomeReader.Number(equals, measure, _ => s_any, s_any);
        if (around == 0 && equals.Problems.All.Length == problems)
            equals.Fail("within is a share of this number, and nothing is within a share of 0; expected a number other than 0");
        return around;
    }

    private static double? Bound(PredictionKeys keys, double? around)
    {
        if (keys.Within is null)
            return OutcomeReader.Number(keys.Beyond, keys.Measure, _ => s_any, s_any) ?? 0;
        return around is { } number
            ? keys.Within.Share(0, NumberRange.UnitAboveZero) * Math.Abs(number)
            : OutcomeReader.Number(keys.Within, keys.Measure, _ => NumberRange.AboveZeroTo(Greatest), NumberRange.AboveZeroTo(Greatest));
    }

    private Prediction? Rejections(PredictionKeys keys, FieldReader pair)
    {
        var size = (int?)keys.GroupsOf?.Whole(8, 2, PlanLimits.Replicates) ?? 8;
        var test = keys.Test?.Word(Keywords.NullTests, NullTest.StudentT) ?? NullTest.StudentT;
        var (least, most) = (keys.Least?.Share(0, NumberRange.Unit), keys.Most?.Share(0, NumberRange.Unit));
        if (least >= most)
            keys.Most!.Fail("it is not above least; expected a greater share");
        if (keys.Measure is null || _names.Pair(pair) is not var (a, b) || least is not { } from || most is not { } to)
            return null;
        PredictedNumber of = new PredictedNumber.RejectionsOf(a, b, size, test);
        return new(keys.Measure.Key, of, PredictedSide.Within, (to - from) / 2, At(keys.At, of), keys.IsSecondary, (to + from) / 2);
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

    /// <summary>Checks what only the whole experiment says: that a prediction's generations and groups exist.</summary>
    public static void Check(Experiment experiment, Section root)
    {
        if (experiment.Analysis is not { Declared: { IsEmpty: false } declared })
            return;
        var items = root.Find("analysis")!.Section()!.Find("predict")!.Items("").ToArray();
        foreach (var (item, prediction) in items.Zip(declared))
        {
            if (Fault(prediction, experiment) is { } fault)
                item.Fail(fault);
        }
    }

    private static string? Fault(Prediction prediction, Experiment experiment)
    {
        var rounds = experiment.Size.Rounds;
        var (least, at) = (LeastGeneration(prediction.Of), prediction.At ?? rounds);
        return prediction.At > rounds
                ? $"it is of generation {prediction.At}, but an instance has {Count(rounds, "round")}; expected a generation up to {rounds}"
            : at < least
                ? $"it needs generation {least} or a later one, and is of generation {at} of {rounds}; expected a later generation, an "
                    + "earlier from, or more rounds"
            : prediction.Of is PredictedNumber.RejectionsOf r && experiment.Plan(default, origin: null).Units.Count < r.GroupsOf
                ? $"its tests are of groups of {r.GroupsOf} replicates, and {Count(experiment.Replicates, "replicate")} make none; "
                    + $"expected at least {r.GroupsOf} replicates"
            : null;
    }

    // With fewer generations the number has no value.
    private static int LeastGeneration(PredictedNumber number) =>
        number switch
        {
            PredictedNumber.StepOf or PredictedNumber.CorrelationOf => 1,
            PredictedNumber.ResponseOf => 2,
            PredictedNumber.GrowthOf growth => growth.From + 1,
            _ => 0,
        };

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
