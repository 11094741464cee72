using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>The keys of a prediction, and which of them go together.</summary>
internal sealed class PredictionKeys(Section s)
{
    public const string Example = "{measure: heldOutRise, contrast: [a, b], direction: higher, beyond: 5%}";

    public Measure? Measure { get; } = OutcomeReader.MeasureOf(s.Need("measure", "a measure, named as in compare"));

    public FieldReader? Level { get; } = s.Find("level", "the number is the value of this variant");

    public FieldReader? Step { get; } = s.Find("step", "the number is the value of this variant minus its value one generation before");

    public FieldReader? Contrast { get; } =
        s.Find("contrast", "two variants; the number is the value of the first minus that of the second");

    public FieldReader? Trend { get; } =
        s.Find(
            "trend",
            "the number is a slope of least squares: of one variant over its generations, or of a list of three variants or more over "
                + "their places in the list"
        );

    public FieldReader? Response { get; } =
        s.Find(
            "response",
            "a list of variants; the number is the slope of the measure's change, from one generation to the next, on the measure in to"
        );

    public FieldReader? Correlation { get; } =
        s.Find(
            "correlation",
            "a list of variants; the number is the rank correlation of the measure with the measure in to, over their generations"
        );

    public FieldReader? Rejections { get; } =
        s.Find(
            "rejections",
            "two variants that differ by chance alone; the number is the share of tests of them that reject, each of groups-of replicates"
        );

    public FieldReader? GroupsOf { get; } = s.Find("groups-of", "of rejections: replicates of a test", SchemaShape.Of(8));

    public FieldReader? Test { get; } = s.Find("test", "of rejections: the two-sided, unadjusted test of paired differences; by default t");

    public FieldReader? Least { get; } = s.Find("least", "of rejections: the least share that is predicted");

    public FieldReader? Most { get; } = s.Find("most", "of rejections: the greatest share that is predicted");

    public FieldReader? Times { get; } =
        s.Find("times", "of level with than, and of contrast: the second value is multiplied by this", SchemaShape.Of(1.0));

    public FieldReader? Than { get; } = s.Find("than", "of level and contrast: the measure of the second value; the same by default");

    public FieldReader? To { get; } =
        s.Find("to", "of response: the measure on which the change depends, such as selectionGap; of correlation: the other measure");

    public FieldReader? Direction { get; } = s.Find("direction", "where the mean is predicted to be: higher or lower than the bound");

    public FieldReader? Beyond { get; } = s.Find("beyond", "the bound, in the unit of the number", SchemaShape.Of(0.0));

    public FieldReader? Within { get; } =
        s.Find(
            "within",
            "in place of direction: the mean is predicted to be nearer to 0 than this; with equals, nearer to it than this share of it"
        );

    public FieldReader? EqualTo { get; } =
        s.Find("equals", "of level with within: the number that the mean is predicted to be near; by default 0");

    public FieldReader? From { get; } = s.Find("from", "of trend of one variant: the first generation on the line", SchemaShape.Of(0));

    public FieldReader? At { get; } = s.Find("at", "the generation; of step by default each, else the last");

    public bool IsSecondary { get; } = s.Flag("secondary", fallback: false, "whether the prediction says nothing on the result");

    /// <summary>The variants of response or correlation.</summary>
    public FieldReader? Related => Response ?? Correlation;

    /// <summary>Says every key that is missing, unknown, or without effect beside another.</summary>
    public void Check()
    {
        s.Rule(() => SchemaRules.OneOf("level", "step", "contrast", "trend", "response", "correlation", "rejections"));
        s.Rule(() => SchemaRules.OneOf("direction", "within", "most"));
        s.Close();

        CheckNumber();
        if (Rejections is null)
            CheckBound();
        else
            CheckShares(Rejections);
    }

    private void CheckNumber()
    {
        FieldReader?[] given = [Level, Step, Contrast, Trend, Response, Correlation, Rejections];
        if (given.Count(g => g is not null) != 1)
            s.Problems.Fail(
                s.At,
                s.Path,
                $"found {given.Count(g => g is not null)} of level, step, contrast, trend, response, correlation and rejections, expected "
                    + $"one: {Example}"
            );
        if (From is not null && Trend?.Node is not ScalarNode)
            From.Fail("it is of trend of one variant; remove the key");
        if ((Times is not null || Than is not null) && Contrast is null && (Level is null || Than is null))
            (Times ?? Than)!.Fail("there is no second value to apply it to; expected contrast, or level with than");
        if (To is not null && Related is null)
            To.Fail("it is of response and correlation alone; remove the key");
        if (Related is not null && To is null)
            s.Problems.Fail(s.At, $"{s.Path}.to", "the key is missing, expected a measure, such as selectionGap");
    }

    private void CheckBound()
    {
        if (Direction is null == Within is null)
            s.Problems.Fail(s.At, s.Path, $"found {(Within is null ? "neither" : "both")} of direction and within, expected one of them");
        if (EqualTo is not null && (Level is null || Than is not null || Within is null))
            EqualTo.Fail("it is of level with within, such as {measure: meanError, level: a, equals: 0.5, within: 10%}");
        if (Within is not null && Beyond is not null)
            Beyond.Fail("within is a bound itself; remove one of the two keys");
        foreach (var key in new[] { GroupsOf, Test, Least, Most })
            key?.Fail("it is of rejections alone; remove the key");
    }

    private void CheckShares(FieldReader rejections)
    {
        if (Least is null || Most is null)
            rejections.Fail("found no least or no most, expected both shares, such as least: 1%, most: 10%");
        foreach (var key in new[] { Direction, Beyond, Within, EqualTo })
            key?.Fail("it is not of rejections, which have a least and a most share; remove the key");
    }
}
