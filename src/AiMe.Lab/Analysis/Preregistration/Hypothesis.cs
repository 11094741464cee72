using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>A declared test as a hypothesis.</summary>
/// <param name="Text">In a sentence.</param>
/// <param name="Family">primary or secondary.</param>
/// <param name="Outcome">The measure, or the crossing of a bound.</param>
/// <param name="Contrast">The variants and their relation.</param>
/// <param name="Direction">What is predicted.</param>
/// <param name="Test">The test.</param>
/// <param name="SmallestEffect">The smallest effect of interest in the measure's unit; null if none is declared.</param>
public sealed record Hypothesis(
    string Text,
    string Family,
    string Outcome,
    string Contrast,
    EffectDirection Direction,
    string Test,
    double? SmallestEffect
)
{
    internal static Hypothesis Of(DeclaredTest test) =>
        new(
            TestSentence.Hypothesis(test),
            test.IsPrimary ? "primary" : "secondary",
            TestWords.Outcome(test),
            TestWords.Contrast(test),
            test.Direction,
            TestWords.Method(test),
            (test.Outcome as DeclaredOutcome.Value)?.SmallestEffect
        );
}
