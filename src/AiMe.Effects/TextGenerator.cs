using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Metrics.Distributions;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Samples text for the Self and the Reflector.</summary>
internal sealed class TextGenerator(IChatClient chat, ResponseScorer appraiser, IPromptFormat format, IAnswerListener? listener = null)
{
    public async Task<Command> AnswerAsync(GenerateAnswer e, CancellationToken cancellationToken)
    {
        try
        {
            var messages = format.Messages(e.Prompt, e.Charter);
            var candidates = new Candidate[e.Settings.Candidates];
            ImmutableArray<int> leftOut = default;
            // with several candidates, none is the answer yet
            var heard = candidates.Length == 1 ? listener?.Begins(e.Cycle, e.Attempt) : null;
            for (var i = 0; i < candidates.Length; i++)
            {
                var (text, response) = await SampleAsync(
                    messages,
                    TextTask.Answer,
                    e.Model,
                    e.Settings.Sampling,
                    e.Seed.Derive("candidate", i),
                    cancellationToken,
                    heard,
                    mayBeEmpty: LoopVersion.TakesEmptyAnswers(e.LoopVersion)
                );
                if (LoopVersion.RecordsWhatIsLeftOut(e.LoopVersion))
                    leftOut = LeftOut(response); // the candidates have one prompt

                var tokens = (int)(response.Usage?.OutputTokenCount ?? 0);
                var nats = response.AdditionalProperties?.GetValueOrDefault(Parts.Nats) is double sum ? sum : double.NaN;
                var scores = await appraiser.AppraiseAsync(e.Charter, e.Stimulus, text, e.LoopVersion, cancellationToken);
                candidates[i] = new Candidate(
                    text,
                    tokens,
                    nats,
                    response.FinishReason == ChatFinishReason.Stop ? "stop" : "length",
                    LoopVersion.MeasuresModels(e.LoopVersion) ? scores with { CurrentPerplexity = Perplexity(nats, tokens) } : scores,
                    ReasoningOf(response)
                );
            }

            return new AnswerGenerated(e.Cycle, e.Attempt, [.. candidates], leftOut);
        }
        catch (ProviderException failure)
        {
            return new AnswerFailed(e.Cycle, e.Attempt, failure.Message);
        }
    }

    /// <summary>Measures an answer that was given from outside. It has no probability under the model.</summary>
    public async Task<Command> AppraiseAsync(AppraiseAnswer e, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ScoreAsync(e.Answer);
            return new AnswerGenerated(e.Cycle, e.Attempt, e.Rejected is null ? [answer] : [answer, await ScoreAsync(e.Rejected)]);
        }
        catch (ProviderException failure)
        {
            return new AnswerFailed(e.Cycle, e.Attempt, failure.Message);
        }

        async Task<Candidate> ScoreAsync(string text) =>
            new(
                text,
                Tokens: 0,
                double.NaN,
                "given",
                await appraiser.AppraiseAsync(e.Charter, e.Stimulus, text, e.LoopVersion, cancellationToken)
            );
    }

    public async Task<Command> ReflectAsync(GenerateReflection e, CancellationToken cancellationToken)
    {
        try
        {
            var prompt = e.Draft.Prompt.WithoutRecall().With(PartKind.Answer, e.Draft.Answer.Text);
            var (request, form) = format.ReflectionRequest(e.Form);
            List<ChatMessage> messages = [.. format.Messages(prompt, e.Charter), Parts.Message(Parts.Request, request)];
            var (text, response) = await SampleAsync(
                messages,
                TextTask.Reflection,
                e.Draft.Model,
                e.Sampling,
                e.Seed,
                cancellationToken,
                more: o => o.ResponseFormat = form
            );
            return format.Reflection(e, text, response) with { Reasoning = ReasoningOf(response) };
        }
        catch (ProviderException failure)
        {
            return new ReflectionFailed(e.Draft, e.Attempt, failure.Message);
        }
    }

    public async Task<Command> FormInsightAsync(GenerateInsight e, CancellationToken cancellationToken)
    {
        try
        {
            var prompt = e
                .Draft.Prompt.WithoutRecall()
                .With(PartKind.Answer, e.Draft.Answer.Text)
                .With(PartKind.Reflection, e.Reflection.Text);
            List<ChatMessage> messages = [.. format.Messages(prompt, e.Charter), Parts.Message(Parts.Request, format.InsightRequest)];
            var (text, response) = await SampleAsync(messages, TextTask.Insight, e.Draft.Model, e.Sampling, e.Seed, cancellationToken);
            return new InsightGenerated(e.Draft, e.Reflection, e.Attempt, text, ReasoningOf(response));
        }
        catch (ProviderException failure)
        {
            return new InsightFailed(e.Draft, e.Reflection, e.Attempt, failure.Message);
        }
    }

    /// <summary>The messages of an open question.</summary>
    public List<ChatMessage> Messages(Prompt prompt, Charter charter) => format.Messages(prompt, charter);

    /// <summary>What the model reasoned before its text; null if the provider returned no reasoning.</summary>
    public static string? ReasoningOf(ChatResponse response)
    {
        var reasoning = string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text))
            .Trim();
        return reasoning.Length > 0 ? reasoning : null;
    }

    /// <summary>Indices of the messages for which the provider had no room; default for none.</summary>
    public static ImmutableArray<int> LeftOut(ChatResponse response) =>
        response.AdditionalProperties?.GetValueOrDefault(Parts.LeftOut) is ImmutableArray<int> { IsDefaultOrEmpty: false } indices
            ? indices
            : default;

    /// <summary>One sampled text.</summary>
    /// <param name="more">Sets further options.</param>
    /// <param name="mayBeEmpty">Whether a text that the model ended at once is an answer; else it is a failure.</param>
    /// <exception cref="ProviderException">The provider failed, or returned no text.</exception>
    public async Task<(string Text, ChatResponse Response)> SampleAsync(
        IList<ChatMessage> messages,
        TextTask task,
        ModelId model,
        Sampling sampling,
        Seed seed,
        CancellationToken cancellationToken,
        Action<string>? heard = null,
        Action<ChatOptions>? more = null,
        bool mayBeEmpty = false
    )
    {
        ChatOptions options = new()
        {
            ModelId = model.Value,
            Temperature = (float)sampling.Temperature,
            TopK = sampling.TopK,
            TopP = (float)sampling.TopP,
            MaxOutputTokens = sampling.MaxTokens,
            Seed = unchecked((long)seed.Value),
            AdditionalProperties = new AdditionalPropertiesDictionary { [Parts.Task] = task },
        };
        more?.Invoke(options);
        var response = heard is null
            ? await chat.GetResponseAsync(messages, options, cancellationToken)
            : await StreamAsync(messages, options, heard, cancellationToken);
        var text = response.Text.Trim();
        return text.Length > 0 || mayBeEmpty && response.FinishReason == ChatFinishReason.Stop
            ? (text, response)
            : throw new ProviderException($"The model returned an empty {task.ToString().ToLowerInvariant()}.") { NothingSaid = true };
    }

    /// <summary>One sampled answer outside a cycle: an empty text is a valid result of the model, and its response may be null.</summary>
    /// <exception cref="ProviderException">The provider failed.</exception>
    public async Task<(string Text, ChatResponse? Response)> TrySampleAsync(
        List<ChatMessage> messages,
        ModelId model,
        Sampling sampling,
        Seed seed,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await SampleAsync(messages, TextTask.Answer, model, sampling, seed, cancellationToken, mayBeEmpty: true);
        }
        catch (ProviderException failure) when (failure.NothingSaid)
        {
            return ("", null);
        }
    }

    // Null where the provider reports no probabilities.
    private static double? Perplexity(double nats, int tokens) =>
        new CrossEntropy(-nats, tokens).Perplexity is var perplexity && double.IsFinite(perplexity) ? perplexity : null;

    // The same response, streamed.
    private async Task<ChatResponse> StreamAsync(
        IList<ChatMessage> messages,
        ChatOptions options,
        Action<string> heard,
        CancellationToken cancellationToken
    )
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in chat.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
            if (update.Text.Length > 0)
                heard(update.Text);
        }

        return updates.ToChatResponse();
    }
}
