using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/goals</c>: prints the charter.</summary>
internal sealed record GoalsCommand() : SlashCommand("goals", "", "the charter: stem, traits, values, goals and drives")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var charter = await CharterAsync(talk, cancelled);
        return TalkReply.Of(
            console =>
            {
                var grid = new Grid()
                    .AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0))
                    .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
                Row("name", charter.Name);
                Row("stem", charter.Stem);
                Row("traits", string.Join(", ", charter.Traits));
                Row("values", string.Join(", ", charter.Values));
                Row("goals", string.Join('\n', charter.Goals));
                Row("drives", string.Join('\n', charter.Drives.Select(d => d.Text)));
                console.Write(grid);
                TalkText.Dim(
                    console,
                    "  The charter of an instance does not change. Drives (questions to itself) apply only to planned runs, so "
                        + "that a conversation is reproducible."
                );

                void Row(string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
            },
            new GoalsReply(
                charter.Name,
                charter.Stem,
                charter.Traits,
                charter.Values,
                charter.Goals,
                [.. charter.Drives.Select(d => d.Text)]
            )
        );
    }

    private static async Task<Charter> CharterAsync(Conversation talk, CancellationToken cancelled)
    {
        var plan = talk.Place.Plan;
        if (!plan.HasCharters)
            return plan.Charter;
        var run = await InstanceReader.ReadRunAsync(talk.Place.Store.Journal, plan.Run, cancelled);
        var instance = run!.Instances[talk.Instance];
        return plan.CharterOf(instance.Variant, instance.Replicate);
    }
}
