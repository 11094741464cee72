using AiMe.Console.Views;

namespace AiMe.Console.Talk;

/// <summary><c>/why</c>: how the last answer came about.</summary>
internal sealed record WhyCommand() : SlashCommand("why", "", "how the last answer came about: recall, candidates, reflection, verdict with each rule's reason")
{
    public override async Task<Reply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        // Also of what was said before this conversation: the life remembers.
        var last = talk.Transcript.Last is { } said && said.Instance == talk.Instance ? said : Lab.Exchange.All(talk.Instance, await talk.ReadAsync(cancelled)).LastOrDefault(e => e.Stored is not null);
        return last is null
            ? Reply.Saying($"{talk.Instance} has not answered anything yet.")
            : Reply.Of(console => WhyView.Write(console, last), json => WhyView.WriteMembers(json, talk.Place.Plan.Run, last));
    }
}
