using AiMe.Effects.Tracing;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Judges;

/// <summary>The effects of a run with the requests to judges.</summary>
/// <param name="effects">All other effects.</param>
/// <param name="charter">The charter of every instance, for rubrics that show it.</param>
/// <param name="modelOf">The model of a judge; its argument is null for the run's hosted model.</param>
public sealed class JudgedEffects(IEffects effects, Charter charter, Func<JudgeModel?, IChatClient> modelOf) : IEffects
{
    /// <inheritdoc />
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        effect switch
        {
            AskJudge e => ReplyCache.UntilDoneAsync(() => AskAsync(e, cancellationToken), command => command is JudgingFailed),
            _ => effects.RunAsync(instance, effect, cancellationToken),
        };

    private async Task<Command> AskAsync(AskJudge ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await RateAsync(ask, cancellationToken);
            return new JudgeAnswered(ask.Case, ask.Judge.Id, ask.Sample, answer);
        }
        catch (ProviderException failure) when (failure.Withheld)
        {
            return Answered(new JudgeAnswer.Declined(JudgeReply.Cut(failure.Message)));
        }
        catch (ProviderException failure) when (failure.NothingSaid || failure.CutOff)
        {
            return Answered(new JudgeAnswer.Silent(JudgeReply.Cut(failure.Message)));
        }
        catch (ProviderException failure)
        {
            return new JudgingFailed(ask.Attempt, ask.Case, ask.Judge.Id, ask.Sample, failure.Message);
        }

        JudgeAnswered Answered(JudgeAnswer answer) => new(ask.Case, ask.Judge.Id, ask.Sample, answer);
    }

    private async Task<JudgeAnswer> RateAsync(AskJudge ask, CancellationToken cancellationToken)
    {
        var (judge, reversed) = (ask.Judge, ModelJudge.IsReversed(ask.Sample));
        ChatOptions options = new()
        {
            Temperature = (float)judge.Sampling.Temperature,
            TopP = (float)judge.Sampling.TopP,
            MaxOutputTokens = judge.Sampling.MaxTokens,
            Seed = unchecked((long)ask.Seed.Value),
            ResponseFormat = JudgePrompt.Form(judge.Rubric, reversed),
        };
        var messages = JudgePrompt.Messages(judge.Rubric, reversed, ask.Case.Draft, ask.Case.Reflection.Text, charter);
        var model = new TracedChat(modelOf(judge.Model)); // not disposed: the client is shared
        var response = await model.GetResponseAsync(messages, options, cancellationToken);
        var text = response.Text.Trim();
        return text.Length == 0
            ? new JudgeAnswer.Silent("the model stopped without text")
            : JudgeReply.Read(text, judge.Rubric, cut: response.FinishReason == ChatFinishReason.Length);
    }
}
