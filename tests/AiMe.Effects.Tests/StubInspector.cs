using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

/// <summary>A model of four tokens. The base is even; any other model prefers token 0. Its stream is one number.</summary>
internal sealed class StubInspector : IModelInspector
{
    public Dictionary<string, float[]> LogProbabilities { get; } =
        new(StringComparer.Ordinal) { ["base"] = [Log(0.25), Log(0.25), Log(0.25), Log(0.25)] };

    public Func<string, IReadOnlyList<ChatMessage>, double> Stream { get; set; } =
        (model, exchange) => (model == "base" ? 1 : 3) + (exchange.Any(m => Parts.Of(m) == Parts.Charter) ? 4 : 0);

    public Func<string, int, string> Says { get; set; } = (model, i) => $"{model} {i}";

    public int Inspections { get; private set; }

    // One token a text, by its length.
    public IReadOnlyList<int> Tokens(string text) => [text.Length % 4];

    public Task<IReadOnlyList<ScoredSample>> SampleAsync(
        string model,
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts,
        int maxTokens,
        IReadOnlyList<ulong> seeds,
        CancellationToken cancellationToken,
        double temperature = 1,
        double topP = 1
    ) =>
        Task.FromResult<IReadOnlyList<ScoredSample>>([.. prompts.Select((_, i) => new ScoredSample(Says(model, i), new TextScore(-3, 2)))]);

    public Task<NextTokens> DistributionsAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken)
    {
        Inspections++;
        return Task.FromResult(
            new NextTokens([0, 1], new[] { LogProbabilities[model], LogProbabilities[model] }.SelectMany(r => r).ToArray())
        );
    }

    public Task<double[]> MeanStreamAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken) =>
        Task.FromResult(new[] { Stream(model, exchange) });

    public static float Log(double p) => (float)Math.Log(p);
}
