using System.Collections.Immutable;
using AiMe.Metrics.Identity;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What a variant has come to say: n-grams that it uses more than generation 0 did and more than its siblings do.</summary>
/// <param name="Ngrams">The most typical first; of those that contain each other only the most typical is in the list.</param>
/// <remarks>
/// Exploratory: many n-grams are compared at once, and the answers of one instance depend on each other. Source: docs/SCIENCE.md,
/// "signature n-grams".
/// </remarks>
public sealed record Signature(string Variant, ImmutableArray<SignaturePhrase> Ngrams)
{
    /// <summary>The answer that an instance of the variant gave most often in the round; null if none gave one three times.</summary>
    public Refrain? Refrain { get; init; }

    /// <summary>The greatest number of n-grams a variant.</summary>
    public const int Most = 10;

    private const double LeastZ = 1.96;
    private const int LeastCount = 3;
    private const double PriorMass = 500;
    private const double ExtendedFrom = 0.8; // a phrase grows by a word that stands beside it in this share of its occurrences

    private static readonly ImmutableArray<int> s_lengths = [4, 3, 2];

    /// <summary>The signatures of the variants in the round before the compared generation; none for generation 0 or 1.</summary>
    /// <param name="instances">Instances whose figures count.</param>
    public static ImmutableArray<Signature> All(
        ImmutableArray<VariantSummary> variants,
        ImmutableArray<InstanceSummary> instances,
        int generation
    )
    {
        if (generation < 2)
            return [];
        var now = variants.ToDictionary(v => v.Name, v => Answers(v.Name, generation), StringComparer.Ordinal);
        return
        [
            .. variants.Select(v => new Signature(
                v.Name,
                Of(now[v.Name], Answers(v.Name, round: 1), [.. now.Where(n => n.Key != v.Name).SelectMany(n => n.Value)])
            )
            {
                Refrain = Comparison.Refrain.Of([.. instances.Where(i => i.Variant == v.Name)], generation),
            }),
        ];

        string[] Answers(string variant, int round) =>
            [
                .. instances
                    .Where(i => i.Variant == variant)
                    .SelectMany(i => i.Rounds.Where(r => r.Round == round))
                    .SelectMany(r => r.Outputs)
                    .SelectMany(WordTokenizer.Sentences), // no phrase goes on into the next sentence
            ];
    }

    // The answers of round 1 are those of generation 0's model.
    private static ImmutableArray<SignaturePhrase> Of(string[] now, string[] atBirth, string[] siblings)
    {
        var found = ImmutableArray.CreateBuilder<SignaturePhrase>();
        foreach (var n in s_lengths)
        {
            var target = Metrics.Text.Ngrams.Count(now, n);
            var birth = Compared(target, Metrics.Text.Ngrams.Count(atBirth, n));
            var others = siblings.Length == 0 ? birth : Compared(target, Metrics.Text.Ngrams.Count(siblings, n));
            found.AddRange(
                birth
                    .Where(b => b.Value.Count >= LeastCount && Math.Min(b.Value.Z, others[b.Key].Z) > LeastZ)
                    .Select(b => new SignaturePhrase(b.Key, b.Value.Count, b.Value.Z, others[b.Key].Z))
            );
        }

        // Of phrases that contain each other only the most typical is kept.
        List<SignaturePhrase> kept = [];
        string[] texts = [.. now.Select(t => $" {string.Join(' ', WordTokenizer.Of(t))} ")];
        foreach (var phrase in found.OrderByDescending(p => p.Z).ThenBy(p => p.Text, StringComparer.Ordinal))
        {
            if (kept.Count == Most)
                break;
            var whole = phrase with { Text = Extended(phrase, texts) };
            if (!kept.Any(k => Overlaps(k.Text, whole.Text)))
                kept.Add(whole);
        }

        return [.. kept];
    }

    // The words that nearly always stand around a phrase belong to it.
    private static string Extended(SignaturePhrase phrase, string[] texts)
    {
        var text = phrase.Text;
        while ((Neighbour(text, after: true) ?? Neighbour(text, after: false)) is { } longer)
            text = longer;
        return text;

        string? Neighbour(string found, bool after) =>
            texts
                .SelectMany(t => Beside(t, found, after))
                .CountBy(w => w, StringComparer.Ordinal)
                .Where(c => c.Value >= ExtendedFrom * phrase.Count)
                .Select(c => after ? $"{found} {c.Key}" : $"{c.Key} {found}")
                .FirstOrDefault();
    }

    private static IEnumerable<string> Beside(string text, string phrase, bool after)
    {
        var place = $" {phrase} ";
        for (var at = text.IndexOf(place, StringComparison.Ordinal); at >= 0; at = text.IndexOf(place, at + 1, StringComparison.Ordinal))
        {
            var words = (after ? text[(at + place.Length)..] : text[..at]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
                yield return after ? words[0] : words[^1];
        }
    }

    private static Dictionary<string, SignatureNgram> Compared(
        IReadOnlyDictionary<string, long> target,
        IReadOnlyDictionary<string, long> reference
    )
    {
        var background = target
            .Keys.Union(reference.Keys, StringComparer.Ordinal)
            .ToDictionary(k => k, k => target.GetValueOrDefault(k) + reference.GetValueOrDefault(k), StringComparer.Ordinal);
        return LogOddsDirichlet.Compare(target, reference, background, PriorMass).ToDictionary(s => s.Ngram, StringComparer.Ordinal);
    }

    private static bool Overlaps(string a, string b) =>
        $" {a} ".Contains($" {b} ", StringComparison.Ordinal) || $" {b} ".Contains($" {a} ", StringComparison.Ordinal);
}

/// <summary>One n-gram of a signature.</summary>
/// <param name="Text">An n-gram of two to four words, with the words that nearly always stand around it.</param>
/// <param name="Count">Occurrences of the n-gram in the round, over all instances of the variant.</param>
/// <param name="SinceBirth">z-score against the variant's first round, whose answers are generation 0's.</param>
/// <param name="AgainstSiblings">z-score against the other variants' answers of the same round.</param>
public sealed record SignaturePhrase(string Text, long Count, double SinceBirth, double AgainstSiblings)
{
    /// <summary>The lesser of the two.</summary>
    public double Z => Math.Min(SinceBirth, AgainstSiblings);
}
