using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>A text sampled from a checkpoint.</summary>
/// <param name="Stimulus">The stimulus that it answers.</param>
/// <param name="Tokens">In order.</param>
/// <param name="Ended">Whether the model ended it, rather than the token limit.</param>
/// <param name="EndNats">ln p of ending there; NaN if it did not.</param>
public sealed record SampledText(Stimulus Stimulus, string Text, ImmutableArray<SampledToken> Tokens, bool Ended, double EndNats)
{
    private const int SideBySide = 64;

    /// <summary>ln p of the sampled tokens, without the end; nats, 0 or less.</summary>
    public double Nats => Tokens.Sum(t => t.Nats);

    /// <summary>
    /// Samples answers to the bare prompt of charter stem and stimulus. The i-th answer takes the i-th stimulus,
    /// cyclically.
    /// </summary>
    /// <param name="stimuli">One or more.</param>
    /// <param name="seed">
    /// The same arguments and seed give the same texts; each text has its own seed, so that a longer list begins with a
    /// shorter one.
    /// </param>
    /// <returns>Shape (count).</returns>
    /// <exception cref="ProviderException">A prompt does not fit the context.</exception>
    public static ImmutableArray<SampledText> Draw(
        LoadedCheckpoint checkpoint,
        Charter charter,
        ImmutableArray<Stimulus> stimuli,
        Sampling sampling,
        int count,
        Seed seed,
        CancellationToken cancellationToken
    )
    {
        var prompts = checkpoint.Prompt;
        var options = new SamplingOptions
        {
            Temperature = sampling.Temperature,
            TopK = sampling.TopK,
            TopP = sampling.TopP,
            MaxTokens = sampling.MaxTokens,
            Stop = prompts.Stop,
        };
        var texts = new SampledText[count];
        for (var s = 0; s < Math.Min(count, stimuli.Length); s++)
        {
            var stimulus = stimuli[s];
            var prefix = checkpoint.Model.Prefill(
                prompts.Encode(
                    [
                        Parts.Message(Parts.Charter, charter.Stem),
                        Parts.Message(stimulus.Internal ? Parts.Drive : Parts.Stimulus, stimulus.Text),
                    ],
                    TextTask.Answer,
                    sampling.MaxTokens
                )
            );
            foreach (var together in Enumerable.Range(0, count).Where(i => i % stimuli.Length == s).Chunk(SideBySide))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var drawn = checkpoint.Model.Generate(prefix, options, [.. together.Select(i => seed.Derive("sample", i).Value)]);
                for (var i = 0; i < together.Length; i++)
                    texts[together[i]] = Of(stimulus, drawn[i], prompts);
            }
        }

        return [.. texts];
    }

    private static SampledText Of(Stimulus stimulus, GeneratedText drawn, TokenPrompt prompts) =>
        new(
            stimulus,
            prompts.Decode(drawn.Tokens).Trim(),
            [.. drawn.Tokens.Zip(drawn.LogProbabilities, (token, nats) => new SampledToken(prompts.Decode([token]), nats))],
            drawn.Finish == FinishReason.Stop,
            drawn.StopLogProbability
        );
}

/// <summary>A token of a text.</summary>
/// <param name="Text">Empty for a special token, and for an id without text in the tokenizer.</param>
/// <param name="Nats">ln p under the model's untempered distribution, 0 or less.</param>
public sealed record SampledToken(string Text, double Nats);
