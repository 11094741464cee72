namespace AiMe.Console.Repl.Slash;

/// <summary><c>/quit</c>: ends the conversation; the life stays.</summary>
internal sealed record QuitCommand() : SlashCommand("quit", "", "leave; the life is kept as it is")
{
    public override Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled) =>
        Task.FromResult(TalkReply.Of(_ => { }, json => json.WriteBoolean("left", true)));
}
