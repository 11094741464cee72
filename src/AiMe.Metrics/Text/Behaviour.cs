using System.Collections.Immutable;

namespace AiMe.Metrics.Text;

/// <summary>The functions of a text that can score a behavioural twin, by name.</summary>
/// <remarks>
/// Each is deterministic and needs no model, so that a twin depends on what an instance says and not on what it says of
/// itself. Self-report and behaviour correlate weakly (Suehr et al.): score both.
/// </remarks>
public static class Behaviour
{
    private const double PerHundred = 100;

    private static readonly ImmutableArray<(string Name, Func<string, double> Score)> s_all =
    [
        ("hedges", Hedges.Share),
        ("questions", Questions.Share),
        ("politeness", Politeness.Share),
        ("second-person", SecondPerson.Share),
        ("self-reference", text => SelfReference.Per100(text) / PerHundred),
        ("absolutes", Absolutes.Share),
        ("exclamations", Exclamations.Share),
    ];

    /// <summary>The names, in the order of documents.</summary>
    public static ImmutableArray<string> Names { get; } = [.. s_all.Select(b => b.Name)];

    /// <summary>The score of a text.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="reversed">Whether the behaviour speaks against the scale: the score is 1 minus the function's.</param>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    /// <exception cref="ArgumentException">There is no such function.</exception>
    public static double Of(string name, string text, bool reversed = false)
    {
        var at = Names.IndexOf(name);
        if (at < 0)
            throw new ArgumentException($"There is no behaviour '{name}', expected one of {string.Join(", ", Names)}.", nameof(name));
        var score = s_all[at].Score(text);
        return reversed ? 1 - score : score;
    }
}
