using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Checks contrasts against the outcomes that they test.</summary>
/// <param name="outcomes">The declared outcomes, primary and secondary.</param>
internal sealed class ContrastChecks(ImmutableArray<DeclaredOutcome> outcomes)
{
    private readonly Dictionary<string, Place> _tests = new(StringComparer.Ordinal);

    /// <summary>The measures to which a contrast is limited: each that of a declared outcome.</summary>
    public ImmutableArray<string> Measures(FieldReader? field)
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

    /// <summary>An equivalence needs a bound of each outcome that it tests.</summary>
    public void Effect(DeclaredContrast contrast, FieldReader item)
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

    /// <summary>
    /// A value is higher or lower, and a bound is crossed later or sooner. One direction for both is seldom meant: more empty
    /// answers and a later crossing are opposite hypotheses. Lower values and a sooner fall below a bound of the same measure
    /// agree.
    /// </summary>
    /// <param name="word">The key <c>direction</c>.</param>
    public void Direction(DeclaredContrast contrast, FieldReader word)
    {
        var tested = outcomes.Where(contrast.AppliesTo).ToArray();
        DeclaredOutcome.Value[] values = [.. tested.OfType<DeclaredOutcome.Value>()];
        if (word.Node is not ScalarNode { Text: var said } || values is not [var value, ..])
            return;
        if (Keywords.OfTimes.Contains(said, StringComparer.Ordinal))
            word.Fail($"found '{said}', which is said of a survival, but {value.Measure} is a value: expected higher or lower");
        else if (
            said is "higher" or "lower"
            && tested.OfType<DeclaredOutcome.Survival>().FirstOrDefault(s => s.Above || values.Any(v => v.Measure != s.Measure))
                is { } survival
        )
            word.Problems.Warn(
                word.At,
                word.Path,
                $"{said} predicts {said} values of {value.Measure} and a {(said == "higher" ? "later" : "sooner")} crossing in the "
                    + $"{OutcomeReader.Text(survival)}; if these are opposite, give each a contrast of its own with measures, "
                    + "or no direction"
            );
    }

    /// <summary>Where one of the contrast's tests was declared before, in words; null if none was.</summary>
    /// <remarks>The correction counts every test, so a test that is declared twice would weaken all others.</remarks>
    public string? SeenBefore(DeclaredContrast contrast, Place at)
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
}
