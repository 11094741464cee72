using AiMe.Faculties;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Output.Documents;

/// <summary>A text sampled from a checkpoint.</summary>
/// <param name="Model">Id of the checkpoint.</param>
/// <param name="Prompt">The stimulus that it answers.</param>
/// <param name="Topic">Of the stimulus.</param>
/// <param name="Text">The answer.</param>
/// <param name="Ended">Whether the model ended it, rather than the token limit.</param>
/// <param name="Tokens">Number of tokens, without the end.</param>
/// <param name="Nats">ln p of the tokens, without the end; 0 or less.</param>
/// <param name="EndNats">ln p of ending there; null if it did not.</param>
/// <param name="LogProbabilities">In order.</param>
internal sealed record ModelsSampleOutput(
    string Model,
    string Prompt,
    string Topic,
    string Text,
    bool Ended,
    int Tokens,
    double? Nats,
    double? EndNats,
    IReadOnlyList<TokenOutput> LogProbabilities
) : OutputDocument
{
    public static ModelsSampleOutput Of(SampledText s, ModelId model) =>
        new(
            model.Value,
            s.Stimulus.Text,
            s.Stimulus.Topic,
            s.Text,
            s.Ended,
            s.Tokens.Length,
            s.Nats,
            s.EndNats,
            [.. s.Tokens.Select(t => new TokenOutput(t.Text, t.Nats))]
        );
}

/// <summary>A token.</summary>
/// <param name="Token">Its text; empty for a special token.</param>
/// <param name="Nats">ln p under the model's untempered distribution, 0 or less.</param>
internal sealed record TokenOutput(string Token, double? Nats);
