namespace AiMe.Nano;

/// <summary>How tokens are drawn: temperature, then top-k, then top-p of the remainder, then one draw.</summary>
public sealed record SamplingOptions
{
    /// <summary>
    /// Logits are divided by this; 0 takes the likeliest token, ties going to the lowest id. At least 0, default 1.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only the k likeliest tokens, ties going to the lowest id; 0 (default) for all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the smallest set of likeliest tokens whose mass reaches this value, in (0, 1]; 1 (default) for all.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>The most tokens to draw, at least 0. Default 64.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Tokens that end the text. A stop token is not part of it.</summary>
    public IReadOnlyList<int> Stop { get; init; } = [];

    /// <summary>
    /// Positive logits of tokens already drawn (the prompt's do not count) are divided by it and negative ones
    /// multiplied; at least 1, which is off and the default. Source: Keskar et al. (2019), CTRL.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    internal void Validate()
    {
        Require(Temperature >= 0 && double.IsFinite(Temperature), "Temperature must be at least 0", Temperature);
        Require(TopK >= 0, "TopK must be at least 0", TopK);
        Require(TopP is > 0 and <= 1, "TopP must be in (0, 1]", TopP);
        Require(MaxTokens >= 0, "MaxTokens must be at least 0", MaxTokens);
        Require(RepetitionPenalty >= 1 && double.IsFinite(RepetitionPenalty), "RepetitionPenalty must be at least 1", RepetitionPenalty);
    }

    private static void Require(bool holds, string rule, double value)
    {
        if (!holds)
            throw new ArgumentException($"{rule}; got {value}");
    }
}
