using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The form of a round's answers. Answers are compared by their words: case, marks and spaces do not count.</summary>
/// <param name="Empty">Share of the answers that have no word, in [0, 1].</param>
/// <param name="Repeated">
/// Share of the answers with a word that equal an earlier answer of the instance, of any round, in [0, 1].
/// </param>
/// <param name="Recited">
/// Share of the answers with four words or more that recite: at least half of their 4-grams stand in the memories recalled
/// into their prompt. In [0, 1].
/// </param>
/// <param name="Length">Mean number of words of an answer, empty ones included.</param>
public sealed record AnswerForms(double Empty, double Repeated, double Recited, double Length)
{
    /// <summary>Nothing is known.</summary>
    public static readonly AnswerForms Unknown = new(double.NaN, double.NaN, double.NaN, double.NaN);

    private const int Gram = 4;
    private const double ReciteFrom = 0.5;

    /// <summary>The forms of every round, by its number.</summary>
    /// <param name="events">All events of the instance, in order.</param>
    public static ImmutableDictionary<int, AnswerForms> ByRound(IEnumerable<Event> events)
    {
        var prompts = new Dictionary<int, Prompt>();
        var earlier = new HashSet<string>(StringComparer.Ordinal);
        List<(int Round, int Words, bool Repeats, double New)> answers = [];
        foreach (var happened in events)
        {
            if (happened is Prompted prompted)
                prompts[prompted.Cycle] = prompted.Prompt;
            if (happened is not Stored stored)
                continue;
            var words = WordTokenizer.Of(stored.Output);
            var recalled = prompts.GetValueOrDefault(stored.Cycle)?.Parts.Where(p => p.Kind == PartKind.Recalled).Select(p => p.Text);
            answers.Add(
                (
                    stored.Round,
                    words.Count,
                    words.Count > 0 && !earlier.Add(string.Join(' ', words)),
                    NovelNgrams.Rate(stored.Output, NgramIndex.Of(recalled ?? [], Gram))
                )
            );
        }

        return answers.GroupBy(a => a.Round).ToImmutableDictionary(r => r.Key, r => Of([.. r]));
    }

    private static AnswerForms Of(IReadOnlyList<(int Round, int Words, bool Repeats, double New)> answers) =>
        new(
            Share(answers, a => a.Words == 0),
            Share(answers.Where(a => a.Words > 0), a => a.Repeats),
            Share(answers.Where(a => !double.IsNaN(a.New)), a => 1 - a.New >= ReciteFrom),
            Mean.Of([.. answers.Select(a => (double)a.Words)])
        );

    private static double Share<T>(IEnumerable<T> items, Func<T, bool> counts) => Mean.Of([.. items.Select(i => counts(i) ? 1.0 : 0.0)]);
}
