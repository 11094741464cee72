using AiMe.Faculties;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Finds out whether a server answers with the model of generation 0 under a candidate's name, as some do for an adapter that is not
/// loaded: any training changes log-probabilities.
/// </summary>
internal sealed class CandidateIdentity(ITextScorer scorer)
{
    /// <summary>Whether both models give fixed texts exactly the same log-probabilities.</summary>
    /// <exception cref="ProviderException">A model is unavailable.</exception>
    public async Task<bool> IsAsync(EvaluateModel e, CancellationToken cancellationToken)
    {
        if (e.Candidate == e.Base)
            return false; // no training was made
        ChatMessage[] prompt = [Parts.Message(Parts.Stimulus, e.Probes.Neutral)];
        string[] texts = [e.Charter.Stem, e.Charter.SelfModel];
        var candidate = await scorer.ScoreAsync(e.Candidate.Value, prompt, texts, cancellationToken);
        var origin = await scorer.ScoreAsync(e.Base.Value, prompt, texts, cancellationToken);
        return candidate.Any(s => s.Tokens > 0) && candidate.SequenceEqual(origin);
    }
}
