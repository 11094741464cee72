using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Corpora;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments;

namespace AiMe.Console.Commands;

/// <summary>The options that select what a comparison shows.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _baseline = new("--baseline")
    {
        Description = "Compare every other variant with this one: paired difference, effect size, and the test if one was declared",
        HelpName = "variant",
    };
    private readonly Option<string[]> _variant = new("--variant")
    {
        Description = "Show only these variants: a name or a pattern such as 'alig*'; may be repeated",
        HelpName = "name",
    };
    private readonly Option<string[]> _filter = new("--filter")
    {
        Description =
            "Show only variants that match: 'variant=alig*', 'variant!=frozen', 'bareDrift<0.02'; may be repeated, and all must match",
        HelpName = "filter",
    };
    private readonly Option<string[]> _measure = new("--measure")
    {
        Description = $"Show only these measures, in this order, separated by commas: {Measure.Names}",
        HelpName = "measures",
    };
    private readonly Option<string?> _sort = new("--sort")
    {
        Description = "Sort variants by a measure, lowest first; -measure (or --descending): highest first",
        HelpName = "measure",
    };
    private readonly Option<bool> _descending = new("--descending") { Description = "With --sort: highest first" };
    private readonly Option<long?> _at = SharedOptions.WholeOption(
        "--at",
        "Compare at this generation instead of the declared one, or the last; any other is exploratory",
        least: 0,
        most: PlanLimits.Rounds
    );

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> All => [_baseline, _variant, _filter, _measure, _sort, _descending, _at];

    /// <summary>Whether a generation was selected.</summary>
    public bool IsAt(ParseResult parsed) => parsed.GetValue(_at) is not null;

    /// <summary>Returns the comparison at the selected generation.</summary>
    /// <exception cref="UsageException">The run has not reached it.</exception>
    public RunComparison At(ParseResult parsed, RunComparison comparison)
    {
        if (parsed.GetValue(_at) is not { } at || at == comparison.Generation)
            return comparison;
        if (at > comparison.Reached)
            throw new UsageException(
                $"--at: found {at}, expected 0 to {comparison.Reached}: the last generation that every instance of "
                    + $"{comparison.Plan.Run} has reached"
            );
        return comparison.At((int)at);
    }

    /// <summary>Returns the selection.</summary>
    /// <exception cref="UsageException">
    /// A variant, measure or filter that does not exist; the message has the nearest name.
    /// </exception>
    public Selection Read(ParseResult parsed, IReadOnlyList<RunComparison> comparisons)
    {
        ImmutableArray<string> names = [.. comparisons.SelectMany(c => c.Variants).Select(v => v.Name).Distinct(StringComparer.Ordinal)];
        ImmutableArray<string> variants = [.. parsed.GetValue(_variant) ?? []];
        ImmutableArray<RunFilter> filters = [.. (parsed.GetValue(_filter) ?? []).Select(Parse)];
        foreach (var pattern in variants)
            MustFit("--variant", pattern, names);
        foreach (var pattern in filters.Select(f => f.Name).OfType<string>())
            MustFit("--filter", pattern, names);

        var baseline = parsed.GetValue(_baseline);
        if (baseline is not null && comparisons.FirstOrDefault(c => c.Variants.All(v => v.Name != baseline)) is { } without)
            throw Unknown("--baseline", baseline, $"a variant of {without.Plan.Run}", [.. without.Variants.Select(v => v.Name)]);

        var sort = parsed.GetValue(_sort);
        if (sort is null && parsed.GetValue(_descending))
            throw new UsageException("--descending: found no --sort, expected the measure to sort by");
        return new Selection(
            variants,
            filters,
            [
                .. (parsed.GetValue(_measure) ?? [])
                    .SelectMany(m => m.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    .Select(m => Find("--measure", m))
                    .Distinct(),
            ],
            sort is null ? null : Find("--sort", sort.TrimStart('-')),
            parsed.GetValue(_descending) || sort?.StartsWith('-') == true,
            baseline
        );
    }

    private static RunFilter Parse(string text)
    {
        var (filter, problem) = RunFilter.Parse(text);
        return filter ?? throw new UsageException($"--filter: {problem}");
    }

    private static Measure Find(string option, string name) =>
        Measure.Find(name) ?? throw Unknown(option, name, "a measure", [.. Measure.All.Select(m => m.Key)]);

    private static void MustFit(string option, string pattern, ImmutableArray<string> names)
    {
        if (!names.Any(n => Glob.Fits(pattern, n)))
            throw Unknown(option, pattern, "a variant", names);
    }

    private static UsageException Unknown(string option, string found, string expected, ImmutableArray<string> known) =>
        new($"{option}: found '{found}', expected {expected}: {string.Join(", ", known)}{Nearest.Hint(found, known)}");
}
