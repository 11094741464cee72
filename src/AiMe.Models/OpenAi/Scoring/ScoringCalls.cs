using System.Collections.Immutable;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>What all ways of scoring share.</summary>
internal sealed class ScoringCalls(OpenAiServer server)
{
    // A template may open an answer with marks that a given answer does not have, such as those of empty reasoning.
    private const int MostMarks = 16;

    private const int CharactersPerToken = 3;

    /// <summary>Makes a request and reads its answer.</summary>
    /// <param name="characters">Of the prompt, of which the usage is estimated; 0 if the call uses no model.</param>
    /// <exception cref="ProviderException">The server failed, or its answer cannot be read.</exception>
    public async Task<T> AskAsync<T>(
        string model,
        OpenAiCall call,
        OpenAiBody body,
        long characters,
        Func<ReadOnlyMemory<byte>, T> read,
        CancellationToken cancellationToken
    )
    {
        TokenUse most = new(Input: (characters + CharactersPerToken - 1) / CharactersPerToken, Output: characters > 0 ? 1 : 0);
        using var metered = await server.MeterAsync(most, cancellationToken);
        var json = await server.PostAsync(model, call, _ => body, metered, cancellationToken);
        try
        {
            metered.Used(ScoredTokens.UseIn(json.ToMemory()));
            return read(json.ToMemory());
        }
        catch (FormatException e)
        {
            throw server.Failure(model, $"its answer is not one that text can be scored by: {e.Message}", forGood: true);
        }
    }

    /// <summary>The index of the first token of a text: where the tokens of the prompt and of prompt and text part.</summary>
    /// <param name="text">The text, of which some tokens must be there unless it is empty.</param>
    /// <param name="isExact">Whether all tokens of the prompt must come before those of the text.</param>
    /// <exception cref="ProviderException">They part too early, or no token of the text is there.</exception>
    public int Boundary(string model, ImmutableArray<long> prompt, ImmutableArray<long> whole, string text, bool isExact)
    {
        var from = 0;
        while (from < prompt.Length && from < whole.Length && prompt[from] == whole[from])
            from++;
        if (from == 0 || prompt.Length - from > (isExact ? 0 : MostMarks) || from == whole.Length && text.Length > 0)
            throw server.Failure(
                model,
                $"the tokens of the prompt ({prompt.Length}) and those of the prompt with a text ({whole.Length}) part after {from}, so it "
                    + "is not known where the text begins. The context may have no room for both",
                forGood: true
            );
        return from;
    }
}
