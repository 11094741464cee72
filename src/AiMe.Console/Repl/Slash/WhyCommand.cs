using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/why</c>: explains the last answer.</summary>
internal sealed record WhyCommand()
    : SlashCommand("why", "", "explain the last answer: recall, candidates, reflection, verdict with the reason of each rule")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        // Falls back to exchanges before this conversation.
        var last =
            talk.Transcript.Last is { } said && said.Instance == talk.Instance
                ? said
                : Lab.Runs.Talk.Exchange.All(talk.Instance, await talk.ReadAsync(cancelled)).LastOrDefault(e => e.Stored is not null);
        return last is null
            ? TalkReply.Saying($"{talk.Instance} has not answered anything yet.")
            : TalkReply.Of(console => WhyView.Write(console, last), WhyReply.Of(talk.Place.Plan.Run, last));
    }
}
