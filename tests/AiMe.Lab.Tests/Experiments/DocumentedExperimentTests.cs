using System.Text.RegularExpressions;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The parts of experiments in docs/EXPERIMENTS.md. A test of the console checks its first example, which is whole.</summary>
public sealed partial class DocumentedExperimentTests : IDisposable
{
    private const string Variants = "variants:\n  keep-all: {curate: [keep-all]}\n";

    private const string Model = "model: {corpus: corpus.yaml}\n";

    private readonly Study _study = new();

    public static TheoryData<string> Parts
    {
        get
        {
            var page = File.ReadAllText(Path.Combine(Repository.Config, "..", "docs", "EXPERIMENTS.md"));
            return [.. Example().Matches(page).Skip(1).Select(m => m.Groups["part"].Value)];
        }
    }

    public void Dispose() => _study.Dispose();

    [Fact]
    public void There_are_examples() => Parts.Count.ShouldBe(8);

    [Theory]
    [MemberData(nameof(Parts))]
    public void An_example_is_valid_in_a_small_experiment(string part)
    {
        var rest = Study.Small.Replace("every: 2", "every: 1", StringComparison.Ordinal);
        if (part.Contains("variants:", StringComparison.Ordinal))
            rest = rest.Replace(Variants, "", StringComparison.Ordinal);
        if (part.StartsWith("model:", StringComparison.Ordinal))
            rest = rest.Replace(Model, "", StringComparison.Ordinal);
        _study.Write("study.yaml", rest + part).Experiment();
    }

    [GeneratedRegex("```yaml\n(?<part>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
