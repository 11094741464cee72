using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/self</c>: shows the self-model and its revisions.</summary>
internal sealed record ShowSelfCommand() : SlashCommand("self", "", "the self-model and its revisions: the insight and the event of each")
{
    /// <summary>A change of the self-model.</summary>
    private sealed record Change(long Index, SelfModelRevised Revised, string Statement, string Evidence);

    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var instance = await talk.ReadAsync(cancelled);
        var self = (SelfState)instance.Last(e => e.Faculty == Loop.Self).State;
        var insights = instance
            .Select(e => e.Happened)
            .OfType<InsightFormed>()
            .Where(i => i.Insight is not null)
            .Select(i => i.Insight!)
            .ToDictionary(i => i.Id);
        Change[] changes =
        [
            .. instance
                .Where(e => e.Happened is SelfModelRevised)
                .Select(e =>
                    (SelfModelRevised)e.Happened is var r && insights.GetValueOrDefault(r.Because) is { } i
                        ? new Change(e.Index, r, i.Statement, string.Join(", ", i.Evidence))
                        : new Change(e.Index, (SelfModelRevised)e.Happened, "", "")
                ),
        ];
        return TalkReply.Of(
            console =>
            {
                var grid = new Grid()
                    .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
                    .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
                Row("current", self.SelfModel.Length > 0 ? self.SelfModel : "(empty: the charter alone applies)");
                Row("generation 0", self.Spec!.Charter.SelfModel.Length > 0 ? self.Spec.Charter.SelfModel : "(empty)");
                foreach (var c in changes)
                    Row($"#{c.Index}", $"{c.Revised.Text}\nbecause of {c.Revised.Because}: {c.Statement} (from {c.Evidence})");
                console.Write(grid);
                if (changes.Length == 0)
                    TalkText.Dim(console, "  The self-model has not been revised: there is no insight yet.");

                void Row(string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
            },
            new SelfReply(
                self.SelfModel,
                self.Spec!.Charter.SelfModel,
                [.. changes.Select(c => new SelfChange(c.Index, c.Revised.Text, c.Revised.Because.Value, c.Statement))]
            )
        );
    }
}
