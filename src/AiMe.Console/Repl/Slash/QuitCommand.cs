using AiMe.Console.Output.Documents;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/quit</c>: ends the conversation.</summary>
internal sealed record QuitCommand() : SlashCommand("quit", "", "leave; everything is already stored")
{
    public override Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled) =>
        Task.FromResult(TalkReply.Of(_ => { }, new QuitReply(Left: true)));
}
