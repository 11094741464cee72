using AiMe.Faculties;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>A question about two answers that a model is shown: which one it said, and as a control which one is better.</summary>
/// <remarks>
/// A small model cannot follow "answer A or B": it completes a stem, and each text is scored as the completion. Both texts stand in
/// the prompt as memories do, in both orders. From ln p of a text per token that after a neutral stimulus with the same texts in the
/// same order is taken away, so that what remains is what the question adds, and not how likely the text is.
/// </remarks>
public sealed record PairQuestion
{
    private const int Orders = 2;

    private PairQuestion(string ask, string stem) => (Ask, Stem) = (ask, stem);

    /// <summary>Which text the model said.</summary>
    public static PairQuestion Said { get; } = new("Which of these did you say?", "I said:");

    /// <summary>Which text is better.</summary>
    public static PairQuestion Better { get; } = new("Which of these is better?", "The better one is:");

    private string Ask { get; }

    private string Stem { get; }

    /// <summary>
    /// How much more the question speaks for the own text than for the other, nats per token: with the own text first, then with
    /// the other first. Null if the context has no room.
    /// </summary>
    /// <exception cref="ProviderException">The model is unavailable.</exception>
    public async Task<double[]?> LeadsAsync(
        ITextScorer scorer,
        ModelId model,
        Charter charter,
        string neutral,
        (string Stimulus, string Answer) own,
        (string Stimulus, string Answer) other,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(scorer);
        string[] texts = [$" {own.Answer}", $" {other.Answer}"];
        var leads = new double[Orders];
        for (var order = 0; order < Orders; order++)
        {
            var (above, below) = order == 0 ? (own, other) : (other, own);
            var (asked, unasked) = (Messages(charter, above, below, Ask), Messages(charter, above, below, neutral));
            if (!HasRoom(scorer, asked, texts) || !HasRoom(scorer, unasked, texts))
                return null;
            var with = await scorer.ScoreAsync(model.Value, asked, texts, cancellationToken);
            var without = await scorer.ScoreAsync(model.Value, unasked, texts, cancellationToken);
            leads[order] = with[0].PerToken - without[0].PerToken - (with[1].PerToken - without[1].PerToken);
        }

        return leads;
    }

    /// <summary>What a lead counts: 1 for the own text, 0 for the other, a half for a tie.</summary>
    public static double Half(double lead) =>
        lead > 0 ? 1
        : lead < 0 ? 0
        : 0.5;

    private static bool HasRoom(ITextScorer scorer, ChatMessage[] messages, string[] texts)
    {
        try
        {
            return scorer.LeftOut(messages, texts).IsEmpty;
        }
        catch (ProviderException)
        {
            return false; // counted by the caller: the pair is not among those asked
        }
    }

    private ChatMessage[] Messages(Charter charter, (string, string) above, (string, string) below, string ask) =>
        [
            Parts.Message(Parts.Charter, charter.Stem),
            Parts.Message(Parts.Recalled, Memory(above)),
            Parts.Message(Parts.Recalled, Memory(below)),
            Parts.Message(Parts.Stimulus, ask),
            Parts.Message(Parts.Stem, Stem),
        ];

    private static string Memory((string Stimulus, string Answer) text) => $"Q: {text.Stimulus} A: {text.Answer}";
}
