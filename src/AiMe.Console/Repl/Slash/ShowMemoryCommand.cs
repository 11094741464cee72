using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Models;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/memory</c>: shows what the instance can recall. The command stores nothing.</summary>
internal sealed record ShowMemoryCommand()
    : SlashCommand("memory", "[query]", "recallable memories, newest first; with a query the best matches, with their scores")
{
    private const int Most = 12;

    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var instance = await talk.ReadAsync(cancelled);
        var memory = (MemoryState)instance.Last(e => e.Faculty == Loop.Memory).State;
        var shown =
            argument.Length > 0 ? $"; the best for '{argument}'"
            : memory.Items.Length > Most ? $"; the newest {Most}"
            : "";
        var head =
            $"{TalkText.Count(memory.Items.Length, "memory").Replace("memorys", "memories", StringComparison.Ordinal)} "
            + $"can be recalled{shown}:";
        if (memory.Items.IsEmpty)
            return TalkReply.Saying($"{talk.Instance} has no memories to recall yet; rejected experiences are not recallable.");
        return argument.Length == 0 ? Newest(head, memory) : Best(head, await SearchAsync(talk, instance, memory, argument, cancelled));
    }

    private static async Task<MemorySearched> SearchAsync(
        Conversation talk,
        IEnumerable<InstanceEvent> instance,
        MemoryState memory,
        string query,
        CancellationToken cancelled
    )
    {
        var self = (SelfState)instance.Last(e => e.Faculty == Loop.Self).State;
        var view = new MemoryView(
            talk.Instance,
            memory.Settings! with
            {
                Recall = Most,
            },
            memory.Items,
            self.Spec!.Epoch + (self.Cycle + 1) * self.Spec.Tick
        );
        var world = await talk.Place.Visit.WorldAsync(cancelled);
        return await world.Effects.RunAsync(
            talk.Instance,
            new SearchMemory(1, RecallFor.OfCycle(self.Cycle + 1), [query], view),
            cancelled
        ) switch
        {
            MemorySearched found => found,
            SearchFailed failed => throw new ProviderException(failed.Error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static TalkReply Newest(string head, MemoryState memory)
    {
        MemoryItem[] items = [.. memory.Items.Reverse().Take(Most)];
        return TalkReply.Of(
            console => Table(console, head, items.Select(i => (i.Id, i.Text, $"importance {TalkText.Figure(i.Importance, "0.0")} of 10"))),
            new MemoryReply(memory.Items.Length, [.. items.Select(i => new MemoryOutput(i.Id.Value, i.Text, i.Importance))])
        );
    }

    private static TalkReply Best(string head, MemorySearched found) =>
        TalkReply.Of(
            console => Table(console, head, found.Hits[0].Select(h => (h.Id, h.Text, WhyView.Score(h)))),
            new RecallReply([.. found.Hits[0].Select(HitOutput.Of)])
        );

    private static void Table(IAnsiConsole console, string head, IEnumerable<(MemoryId Id, string Text, string Figures)> rows)
    {
        TalkText.Write(console, head);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (id, text, figures) in rows)
        {
            grid.AddRow(new Text(id.Value, new Style(Color.Blue)), new Text(text));
            grid.AddRow(new Text(""), new Text(figures, new Style(decoration: Decoration.Dim)));
        }

        console.Write(grid);
    }
}
