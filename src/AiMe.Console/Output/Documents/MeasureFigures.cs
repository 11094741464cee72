using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Documents;

/// <summary>A figure of each measure. Its members are the keys of <see cref="Measure.All"/>.</summary>
internal sealed class MeasureFigures
{
    private readonly Dictionary<string, double> _byKey;

    private MeasureFigures(Dictionary<string, double> byKey) => _byKey = byKey;

    public double? this[Measure measure] => _byKey[measure.Key];

    public static MeasureFigures Of(InstanceSummary instance, int generation, int budget) =>
        new(Measure.All.ToDictionary(m => m.Key, m => m.Of(instance, generation, budget), StringComparer.Ordinal));
}
