using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>How much of its charter a newborn says of itself, unprompted but for plain questions.</summary>
/// <param name="Name">Share of the answers about it that have its name, in [0, 1].</param>
/// <param name="Trade">The same of its trade; null if the charter names none.</param>
/// <param name="Traits">Traits that at least one of the answers about them has.</param>
/// <param name="Values">The same of values.</param>
/// <param name="Goals">The same of goals, each with all of its words in order.</param>
/// <remarks>
/// Each part has two questions and <see cref="Answers"/> sampled answers to charter stem and question, always with the same seed and
/// sampling, so that the figures depend only on the model and the charter. A word is found as a whole word, in any case.
/// </remarks>
public sealed record CharterCoverage(double Name, double? Trade, SaidParts Traits, SaidParts Values, SaidParts Goals)
{
    /// <summary>Sampled answers for each part.</summary>
    public const int Answers = 20;

    private static readonly Seed Drawn = new Seed(0).Derive("charter coverage");

    /// <summary>Measures a model.</summary>
    /// <exception cref="Models.ProviderException">The charter's stem does not fit the context.</exception>
    public static CharterCoverage Of(LoadedCheckpoint newborn, Charter charter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(charter);
        return new(
            ShareOf(Sample("Who are you?", "What is your name?"), charter.Name),
            charter.Trade is { } trade ? ShareOf(Sample("What is your trade?", "What do you do?"), trade) : null,
            SaidParts.Of(charter.Traits, Sample("What are you like?", "How would you describe yourself?")),
            SaidParts.Of(charter.Values, Sample("What do you value?", "What is important to you?")),
            SaidParts.Of(charter.Goals, Sample("What do you want?", "What are your goals?"))
        );

        string[] Sample(params string[] questions) =>
            [
                .. SampledText
                    .Draw(
                        newborn,
                        charter,
                        [.. questions.Select((q, i) => new Stimulus($"coverage-{i}", q, "self"))],
                        Calibration.Typical,
                        Answers,
                        Drawn,
                        cancellationToken
                    )
                    .Select(s => s.Text),
            ];
    }

    private static double ShareOf(string[] answers, string part) =>
        (double)answers.Count(a => WholeWords.Contain(a, part)) / answers.Length;
}

/// <summary>Parts of a list that were said.</summary>
/// <param name="Said">In the order of the charter.</param>
/// <param name="Silent">The others.</param>
public sealed record SaidParts(ImmutableArray<string> Said, ImmutableArray<string> Silent)
{
    /// <summary>Number of parts, said or not.</summary>
    public int All => Said.Length + Silent.Length;

    internal static SaidParts Of(ImmutableArray<string> parts, string[] answers)
    {
        var said = parts.ToLookup(p => Array.Exists(answers, a => WholeWords.Contain(a, p)));
        return new([.. said[true]], [.. said[false]]);
    }
}
