namespace AiMe.Nano.Tests;

/// <summary>Texts that are given token by token, and texts with the likeliest tokens of each place.</summary>
public sealed class StreamTests
{
    private static readonly NanoConfig Config = Some.Config;
    private readonly Model _model = Some.Model(3);

    [Theory]
    [InlineData(1.0, 1.0, 1)]
    [InlineData(0.7, 0.9, 2)]
    [InlineData(0.0, 1.0, 3)]
    public void A_text_with_a_listener_is_the_one_without(double temperature, double topP, ulong seed)
    {
        var options = new SamplingOptions
        {
            Temperature = temperature,
            TopP = topP,
            MaxTokens = 12,
            Stop = [1],
        };
        var prefix = _model.Prefill([5, 6, 7]);
        var whole = _model.Generate(prefix, options, seed);
        List<DrawnToken> drawn = [];
        var listened = _model.Generate(prefix, options, seed, likeliest: 3, token =>
        {
            drawn.Add(token);
            return true;
        });
        listened.Tokens.ShouldBe(whole.Tokens);
        listened.LogProbabilities.ShouldBe(whole.LogProbabilities);
        listened.Finish.ShouldBe(whole.Finish);
        drawn.Select(d => d.Token).ShouldBe(whole.Tokens);
        drawn.Select(d => d.LogProbability).ShouldBe(whole.LogProbabilities);
    }

    [Fact]
    public void A_listener_ends_the_text()
    {
        var count = 0;
        var options = new SamplingOptions { MaxTokens = 12 };
        _model.Generate(_model.Prefill([5]), options, 1, likeliest: 0, _ => ++count < 4).Tokens.Count.ShouldBe(4);
    }

    [Fact]
    public void Ranked_tokens_have_the_probabilities_of_the_scorer_and_the_likeliest_of_the_distribution()
    {
        int[] text = [5, 9, 2, 30, 7, 7, 11];
        var ranked = _model.Ranked(text, likeliest: 4, out var prefix);
        ranked.Select(r => r.LogProbability).ShouldBe(_model.LogProbabilities(text));
        ranked.Select(r => r.Token).ShouldBe(text[1..]);
        _model.Distribution(prefix).ShouldBe(_model.Distribution(_model.Prefill(text)));
        for (var i = 0; i < ranked.Length; i++)
        {
            var all = _model.Distribution(_model.Prefill(text.AsSpan(0, i + 1)));
            ranked[i].Rank.ShouldBe(1 + all.Count(p => p > all[text[i + 1]]));
            ranked[i]
                .Likeliest.ShouldBe(
                    all.Select((p, id) => new LikelyToken(id, p)).OrderByDescending(t => t.LogProbability).ThenBy(t => t.Token).Take(4)
                );
        }
    }

    [Fact]
    public void More_alternatives_than_tokens_are_all_of_them() =>
        _model
            .Ranked([5, 6], likeliest: 100, out _)[0]
            .Likeliest.Select(t => t.Token)
            .Order()
            .ShouldBe(Enumerable.Range(0, Config.Vocabulary));
}
