using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads declared contrasts, and expands those that name several. Holds the table of their forms.</summary>
/// <param name="outcomes">The declared outcomes, primary and secondary.</param>
internal sealed class ContrastReader(Design? design, ImmutableArray<DeclaredOutcome> outcomes)
{
    public const string AllPairs = "all-pairs";

    private const string Trained = "trained";

    /// <summary>Every form by its key. To add a form, add a line.</summary>
    private static readonly ImmutableArray<ContrastForm> Table =
    [
        new("pair", "{pair: [a, b]}", "two variants: the first minus the second", null, (r, f, direction) =>
            r.Names.Pair(f) is var (a, b) ? [new DeclaredContrast.Pair(a, b, direction)] : []
        ),
        new("against", "{against: a}", "a variant: every other one minus this one", null, (r, f, direction) =>
            r.Names.Against(f, direction)
        ),
        new(
            "ordered",
            "{ordered: [a, b, c]}",
            "three variants or more, in order; or a setting of the matrix: its values in order, for each combination of the others",
            null,
            (r, f, direction) => r.Names.Ordered(f, direction)
        ),
        new(
            "equivalent",
            "{equivalent: [a, b]}",
            "two variants that are claimed to differ by less than the smallest effect",
            "an equivalence has no direction; remove the key",
            (r, f, _) => r.Names.Pair(f) is var (a, b) ? [new DeclaredContrast.Equivalent(a, b)] : []
        ),
        new(
            AllPairs,
            AllPairs,
            "trained: all pairs of trained variants, in the order of the file; also as one word, all-pairs",
            "the pairs have the order of the file, so no direction fits all; declare a pair with its direction",
            (r, f, _) => r.Names.AllPairs(f)
        ),
    ];

    private readonly Dictionary<string, Place> _tests = new(StringComparer.Ordinal);

    private VariantNames Names { get; } = new(design);

    private static string Forms => string.Join(", ", Table.Select(f => f.Example));

    /// <summary>The contrasts of a list.</summary>
    public ImmutableArray<DeclaredContrast> Read(FieldReader field)
    {
        var all = ImmutableArray.CreateBuilder<DeclaredContrast>();
        foreach (var item in field.Items($"a list of contrasts: {Forms}"))
        {
            var read = ReadItem(item);
            foreach (var contrast in read)
                CheckEffect(contrast, item);
            if (read.Select(c => SeenBefore(c, item.At)).FirstOrDefault(t => t is not null) is { } told)
                item.Fail(told);
            all.AddRange(read);
        }

        return all.ToImmutable();
    }

    /// <summary>The contrasts if the file names none.</summary>
    public ImmutableArray<DeclaredContrast> Default(Section analysis) =>
        design is null
            ? []
            : Names.AllPairs(new FieldReader(analysis.Path, new ScalarNode(analysis.At, Trained, Plain: true), analysis.Problems));

    private ImmutableArray<DeclaredContrast> ReadItem(FieldReader item)
    {
        if (item.Asked is not null)
            Describe(item);
        if (item.Node is ScalarNode { IsNothing: false } word)
        {
            if (word.Text == AllPairs)
                return Names.AllPairs(new FieldReader(item.Path, word with { Text = Trained }, item.Problems));
            item.Expected($"a contrast: {Forms}{Nearest.Hint(word.Text, Table.Select(f => f.Key))}");
            return [];
        }

        if (item.Node is not MappingNode mapping || item.Section() is not { } s)
        {
            item.Expected($"a contrast: {Forms}");
            return [];
        }

        var named = Table.Where(f => mapping.Entries.Any(e => e.Key == f.Key)).ToArray();
        if (named is [var form])
            return Read(form, s);
        item.Fail(
            named.Length > 0
                ? $"found {string.Join(" and ", named.Select(f => f.Key))}, expected one of them; "
                    + "write each contrast as a separate list item"
                : $"found a mapping without one of {string.Join(", ", Table.Select(f => f.Key))}, expected a contrast: {Forms}"
                    + Nearest.Hint(mapping.Entries.FirstOrDefault()?.Key ?? "", Table.Select(f => f.Key))
        );
        return [];
    }

    private ImmutableArray<DeclaredContrast> Read(ContrastForm form, Section s)
    {
        var argument = s.Need(form.Key, form.Says)!;
        var direction = form.NoDirection is null
            ? s.Word("direction", Keywords.Directions, EffectDirection.Either, "the predicted effect; either is a two-sided test")
            : EffectDirection.Either;
        var measures = Measures(
            s.Find("measures", "the declared outcomes to which the contrast applies, by their measures; all by default")
        );
        var contrasts = form.Read(this, argument, direction);
        s.Close(form.NoDirection is { } reason ? [("direction", reason)] : []);
        return [.. contrasts.Select(c => c with { Measures = measures })];
    }

    private ImmutableArray<string> Measures(FieldReader? field)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        foreach (var item in field?.Items("a list of declared measures, such as [heldOutRise]", distinct: true) ?? [])
        {
            if (OutcomeReader.MeasureOf(item) is not { Key: var key })
                continue;
            string[] declared = [.. outcomes.Select(o => o.Measure).Distinct(StringComparer.Ordinal)];
            if (!declared.Contains(key, StringComparer.Ordinal))
                item.Expected($"a declared outcome: {string.Join(", ", declared)}; add {key} to primary or secondary");
            else if (all.Contains(key, StringComparer.Ordinal))
                item.Fail($"{key} is named twice, expected once");
            else
                all.Add(key);
        }

        return all.ToImmutable();
    }

    private void CheckEffect(DeclaredContrast contrast, FieldReader item)
    {
        if (contrast is not DeclaredContrast.Equivalent)
            return;
        foreach (var outcome in outcomes.Where(contrast.AppliesTo))
        {
            if (outcome is DeclaredOutcome.Survival)
                item.Fail($"an equivalence cannot be tested on {OutcomeReader.Text(outcome)}; name its outcomes with measures");
            else if (outcome is DeclaredOutcome.Value { SmallestEffect: null, Measure: var measure })
                item.Fail(
                    $"an equivalence needs a smallest effect of {measure}: "
                        + $"declare {{measure: {measure}, smallest-effect: ...}}, or name its outcomes with measures"
                );
        }
    }

    // The correction counts every test, so a test that is declared twice would weaken all others.
    private string? SeenBefore(DeclaredContrast contrast, Place at)
    {
        var tests = outcomes.Where(contrast.AppliesTo).Select(o => $"{VariantNames.Same(contrast)} on {OutcomeReader.Text(o)}");
        string? told = null;
        foreach (var test in tests)
        {
            if (!_tests.TryAdd(test, at))
                told ??= $"the contrast of {test} is declared twice, expected once; its first place is {_tests[test]}";
        }

        return told;
    }

    private void Describe(FieldReader item)
    {
        item.Asked!.OrConstant(AllPairs);
        foreach (var form in Table)
        {
            Section mapping = new(item.Path, new MappingNode(Place.Of(""), []), new Problems(), item.Asked.Or().Section());
            Read(form, mapping);
        }
    }

    /// <param name="Says">Description for editors.</param>
    /// <param name="NoDirection">Why it has no direction; null if it may have one.</param>
    private sealed record ContrastForm(
        string Key,
        string Example,
        string Says,
        string? NoDirection,
        Func<ContrastReader, FieldReader, EffectDirection, ImmutableArray<DeclaredContrast>> Read
    );
}
