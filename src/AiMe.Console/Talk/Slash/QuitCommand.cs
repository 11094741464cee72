namespace AiMe.Console.Talk;

/// <summary><c>/quit</c>: ends the conversation; the life stays.</summary>
internal sealed record QuitCommand() : SlashCommand("quit", "", "leave; the life is kept as it is")
{
    public override Task<Reply> RunAsync(Conversation talk, string argument, CancellationToken cancelled) =>
        Task.FromResult(Reply.Of(_ => { }, json => json.WriteBoolean("left", true)));
}
