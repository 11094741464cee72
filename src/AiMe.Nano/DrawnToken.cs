namespace AiMe.Nano;

/// <summary>A token and its probability.</summary>
/// <param name="LogProbability">ln p under the model's untempered distribution, nats.</param>
public readonly record struct LikelyToken(int Token, double LogProbability);

/// <summary>A token that was just drawn.</summary>
/// <param name="LogProbability">ln p under the model's untempered distribution, nats.</param>
/// <param name="Likeliest">The likeliest tokens of its place, the likeliest first, ties going to the lowest id.</param>
public sealed record DrawnToken(int Token, double LogProbability, IReadOnlyList<LikelyToken> Likeliest);

/// <summary>A token of a given text.</summary>
/// <param name="LogProbability">ln p given the tokens before it, nats.</param>
/// <param name="Rank">1 if no token of its place is likelier.</param>
/// <param name="Likeliest">The likeliest tokens of its place, the likeliest first, ties going to the lowest id.</param>
public sealed record RankedToken(int Token, double LogProbability, int Rank, IReadOnlyList<LikelyToken> Likeliest);
