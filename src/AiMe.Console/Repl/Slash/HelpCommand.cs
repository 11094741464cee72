using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/help</c>: lists the commands.</summary>
internal sealed record HelpCommand() : SlashCommand("help", "", "this list")
{
    /// <summary>Every command on its own line, also for the help of <c>aime console</c>.</summary>
    public static string Text => string.Join('\n', All.Select(c => $"  {c.Usage, -18}  {c.Help}"));

    public override Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled) =>
        Task.FromResult(
            TalkReply.Of(
                console =>
                {
                    var grid = new Grid()
                        .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
                        .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
                    foreach (var command in All)
                        grid.AddRow(new Text(command.Usage, new Style(Color.Blue)), new Text(command.Help));
                    grid.AddRow(new Text("//text", new Style(Color.Blue)), new Text("send a text that begins with a slash"));
                    console.Write(grid);
                    TalkText.Dim(console, "  Any other line is sent as input. Ctrl-C withdraws the input being answered; Ctrl-D leaves.");
                },
                new HelpReply([.. All.Select(c => new HelpLine(c.Name, c.Usage, c.Help))])
            )
        );
}
