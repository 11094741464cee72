using System.Globalization;
using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/history</c>: prints the last exchanges of the instance.</summary>
internal sealed record HistoryCommand()
    : SlashCommand("history", "[N]", "the last N exchanges (default 10), with the references that /rewind takes")
{
    private const int Unless = 10;

    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        if (
            !int.TryParse(argument.Length == 0 ? $"{Unless}" : argument, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            || most < 1
        )
            throw new UsageException($"found '{argument}', expected the number of exchanges, 1 or more");
        var all = Exchange.All(talk.Instance, await talk.ReadAsync(cancelled)).Where(e => e.Stored is not null).ToArray();
        var shown = all.TakeLast(most).ToArray();
        return TalkReply.Of(
            console =>
            {
                TalkText.Write(
                    console,
                    all.Length == 0
                        ? $"{talk.Instance} has not answered anything yet."
                        : $"{TalkText.Count(all.Length, "exchange")} of "
                            + $"{talk.Instance}{(shown.Length < all.Length ? $", the last {shown.Length}" : "")}:"
                );
                var grid = new Grid()
                    .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
                    .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
                foreach (var e in shown)
                {
                    grid.AddRow(
                        new Text(e.Stored!.Id.Value, new Style(Color.Blue)),
                        new Text($"{(e.Stimulus.Internal ? "(own question) " : "")}{e.Stimulus.Text}")
                    );
                    grid.AddRow(new Text($"#{e.Last}", new Style(decoration: Decoration.Dim)), new Text(AnswerWords.Of(e.Stored.Output)));
                }

                console.Write(grid);
            },
            new HistoryReply(all.Length, [.. shown.Select(e => ExchangeOutput.Of(talk.Place.Plan.Run, e))])
        );
    }
}
