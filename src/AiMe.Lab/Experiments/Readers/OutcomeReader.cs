using System.Collections.Immutable;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads declared outcomes: a measure, a measure with its smallest effect of interest, or a survival.</summary>
internal sealed class OutcomeReader
{
    /// <summary>The primary outcome if the file names none.</summary>
    public static DeclaredOutcome Default { get; } = new DeclaredOutcome.Value(Measure.BareDrift.Key);

    private const string Forms = "a measure, {measure: heldOutRise, smallest-effect: 5%} or {survival: distinct2, below: 0.3}";

    private const string Percentages = @"^-?([0-9]{1,8}(\.[0-9]*)?|\.[0-9]+)\s*%$";

    // For measures without an upper bound.
    private const double Greatest = 1_000_000;

    private readonly Dictionary<DeclaredOutcome, Place> _read = [];
    private bool _isDefault;

    /// <summary>The outcomes of a list. An outcome that was read before, from this list or another, is reported.</summary>
    public ImmutableArray<DeclaredOutcome> Read(FieldReader field, int atLeast)
    {
        var all = ImmutableArray.CreateBuilder<DeclaredOutcome>();
        foreach (var item in field.Items("a list of measures, such as [heldOutRise]", atLeast))
        {
            if (Read(item) is not { } outcome)
                continue;
            // Two bounds are two outcomes; two smallest effects of one measure are not.
            var key = outcome is DeclaredOutcome.Value value ? value with { SmallestEffect = null } : outcome;
            if (_read.TryAdd(key, item.At))
                all.Add(outcome);
            else
                item.Fail(
                    _isDefault && key == Default
                        ? $"{Default.Measure} is the primary outcome already, because none is named; name the primary outcomes"
                        : $"{Text(outcome)} is declared twice, expected once; its first place is {_read[key]}"
                );
        }

        return all.ToImmutable();
    }

    /// <summary>The default outcome; declared again, it is reported.</summary>
    /// <param name="at">The place of the section that names no outcome.</param>
    public DeclaredOutcome ReadDefault(Place at)
    {
        _read.Add(Default, at);
        _isDefault = true;
        return Default;
    }

    /// <summary>The measure of a name, or null if there is none.</summary>
    public static Measure? MeasureOf(FieldReader? field)
    {
        if (field is null)
            return null;
        field.Asked?.Word(Measure.All.Select(m => m.Key));
        field.Asked?.Or().Text(); // case, spaces and hyphens are ignored, and the title of a measure is taken too
        if (field.Node is not ScalarNode { IsNothing: false } name)
            field.Expected($"a measure: {Measure.Names}");
        else if (Measure.Find(name.Text) is { } measure)
            return measure;
        else
            field.Expected($"a measure: {Measure.Names}{Nearest.Hint(name.Text, Measure.All.SelectMany(m => (string[])[m.Key, m.Title]))}");
        return null;
    }

    /// <summary>An outcome in words.</summary>
    public static string Text(DeclaredOutcome outcome) =>
        outcome switch
        {
            DeclaredOutcome.Value v => v.Measure,
            DeclaredOutcome.Survival s => string.Create(
                CultureInfo.InvariantCulture,
                $"survival of {s.Measure} {(s.Above ? "above" : "below")} {s.Bound}"
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static DeclaredOutcome? Read(FieldReader item)
    {
        if (item.Asked is { } asked)
            Describe(item, asked);
        if (item.Node is ScalarNode { IsNothing: false })
            return MeasureOf(item) is { } measure ? new DeclaredOutcome.Value(measure.Key) : null;
        if (item.Node is not MappingNode mapping || item.Section() is not { } s)
        {
            item.Expected(Forms);
            return null;
        }

        var survives = mapping.Entries.Any(e => e.Key == "survival");
        if (!survives && mapping.Entries.All(e => e.Key != "measure"))
        {
            item.Fail($"found neither measure nor survival, expected {Forms}");
            return null;
        }

        DeclaredOutcome? outcome = survives ? Survival(s) : Value(s);
        s.Close(("measure", "a survival has its measure as its value: {survival: distinct2, below: 0.3}"));
        return outcome;
    }

    private static DeclaredOutcome.Value? Value(Section s)
    {
        var measure = MeasureOf(s.Need("measure", "a measure, named as in compare"));
        var effect = s.Find(
            "smallest-effect",
            "the smallest difference of interest, in the unit of the measure; the bound of an equivalence"
        );
        var smallest = Number(
            effect,
            measure,
            m => new(0, Math.Min(m.Most - m.Least, Greatest), OpenLow: true),
            NumberRange.AboveZeroTo(Greatest)
        );
        return measure is null ? null : new(measure.Key, smallest);
    }

    private static DeclaredOutcome.Survival? Survival(Section s)
    {
        var measure = MeasureOf(
            s.Need("survival", "the measure that crosses a bound: the outcome is the generation of the first crossing")
        );
        var above = s.Find("above", "for survival: the bound, crossed by a value above it");
        var below = s.Find("below", "for survival: the bound, crossed by a value below it");
        s.Rule(() => SchemaRules.OneOf("above", "below"));
        NumberRange any = new(-Greatest, Greatest);
        var high = Number(above, measure, m => Bounds(m) with { OpenHigh = double.IsFinite(m.Most) }, any);
        var low = Number(below, measure, m => Bounds(m) with { OpenLow = double.IsFinite(m.Least) }, any);
        if (above is null == below is null)
            s.Problems.Fail(
                s.At,
                s.Path,
                $"found {(above is null ? "neither above nor below" : "both above and below")}, expected one of them"
            );
        return measure is not null && (high ?? low) is { } bound ? new(measure.Key, above is not null, bound) : null;
    }

    private static NumberRange Bounds(Measure m) => new(Math.Max(m.Least, -Greatest), Math.Min(m.Most, Greatest));

    /// <summary>A number in the unit of the measure. A measure that is shown as a percentage takes 5% and 0.05.</summary>
    /// <param name="any">The range if there is no measure, for editors.</param>
    public static double? Number(FieldReader? field, Measure? measure, Func<Measure, NumberRange> range, NumberRange any)
    {
        field?.Asked?.Real(any);
        field?.Asked?.Or().Form(Percentages);
        if (field is null || measure is null)
            return null;
        if (measure.Percent)
            return field.Share(0, range(measure));
        if (field.Node is ScalarNode { Text: var text } && text.EndsWith('%'))
            field.Fail($"found '{text}', but {measure.Key} is not a percentage; expected a number{range(measure)}");
        else
            return field.Real(0, range(measure));
        return null;
    }

    private static void Describe(FieldReader item, SchemaShape asked)
    {
        MeasureOf(item);
        foreach (var read in (Func<Section, DeclaredOutcome?>[])[Value, Survival])
        {
            Section form = new(item.Path, new MappingNode(Place.Of(""), []), new Problems(), asked.Or().Section());
            read(form);
            form.Close();
        }
    }
}
