using AiMe.Console.Output;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/why</c>: how the last answer came about.</summary>
internal sealed record WhyCommand()
    : SlashCommand("why", "", "how the last answer came about: recall, candidates, reflection, verdict with each rule's reason")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        // Also of what was said before this conversation: the life remembers.
        var last =
            talk.Transcript.Last is { } said && said.Instance == talk.Instance
                ? said
                : Lab.Runs.Talk.Exchange.All(talk.Instance, await talk.ReadAsync(cancelled)).LastOrDefault(e => e.Stored is not null);
        return last is null
            ? TalkReply.Saying($"{talk.Instance} has not answered anything yet.")
            : TalkReply.Of(console => WhyView.Write(console, last), json => WhyView.WriteMembers(json, talk.Place.Plan.Run, last));
    }
}
