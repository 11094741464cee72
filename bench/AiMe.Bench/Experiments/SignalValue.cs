using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Bench.Experiments;

/// <summary>A measure of one instance at the last generation of its experiment.</summary>
/// <param name="Seed">Of the experiment.</param>
/// <param name="Key">Of the measure.</param>
/// <param name="Value">NaN if undefined.</param>
internal sealed record SignalValue(ulong Seed, string Variant, int Replicate, string Key, double Value)
{
    /// <summary>The first line of a file of values.</summary>
    public const string Head = "seed,variant,replicate,measure,value";

    /// <summary>All measures of all instances of a run.</summary>
    /// <exception cref="InvalidOperationException">An instance has not reached the end of the plan.</exception>
    public static SignalValue[] Of(RunRecord record)
    {
        var comparison = RunComparison.Of(record);
        if (comparison.Instances.Any(i => i.Reached < record.Plan.Rounds))
            throw new InvalidOperationException(
                $"Seed {record.Plan.Seed.Value}: an instance ended early; a shift of means would be biased."
            );
        return
        [
            .. comparison.Instances.SelectMany(i =>
                Measure.All.Select(m => new SignalValue(
                    record.Plan.Seed.Value,
                    i.Variant,
                    i.Replicate,
                    m.Key,
                    m.Of(i, comparison.Generation, comparison.WordBudget)
                ))
            ),
        ];
    }

    /// <summary>A line of the file; the digits give back the same value.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Seed},{Variant},{Replicate},{Key},{Value:R}");

    /// <summary>Reads a line that <see cref="ToLine"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static SignalValue Parse(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != Head.Split(',').Length)
            throw new FormatException($"Expected {Head}, met {line}");
        return new(
            ulong.Parse(cells[0], CultureInfo.InvariantCulture),
            cells[1],
            int.Parse(cells[2], CultureInfo.InvariantCulture),
            cells[3],
            double.Parse(cells[4], CultureInfo.InvariantCulture)
        );
    }
}
