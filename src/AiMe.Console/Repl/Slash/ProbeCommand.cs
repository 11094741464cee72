using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/probe</c>: asks the identity probes.</summary>
internal sealed record ProbeCommand()
    : SlashCommand("probe", "", "ask the identity probes: drift from generation 0, and the open answers; nothing is stored")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var probes = talk.Place.Plan.Probes;
        System.Console.Error.WriteLine($"Asking {probes.Choices.Length} choice probes and {probes.Open.Length} open ones; Ctrl-C cancels.");
        var world = await talk.Place.Visit.WorldAsync(cancelled);
        var instance = await talk.ReadAsync(cancelled);
        // On another thread: the embedded model would block this one.
        var found = await Task.Run(() => Examination.AskAsync(talk.Instance, instance, world.Effects, cancelled), cancelled)
            .WaitAsync(cancelled);
        return TalkReply.Of(
            console =>
            {
                TalkText.Write(
                    console,
                    $"Drift from generation 0, in bits: bare {TalkText.Figure(found.BareDrift, "0.000")}, agent "
                        + $"{TalkText.Figure(found.AgentDrift, "0.000")}. Held-out cross-entropy "
                        + $"{TalkText.Figure(found.Results.HeldOut, "0.000")} nats per token."
                );
                var grid = new Grid().AddColumn(new GridColumn().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
                foreach (var open in found.Results.Open)
                    grid.AddRow(
                        new Text(probes.Open.FirstOrDefault(p => p.Id == open.Probe)?.Asks[0] ?? open.Probe, new Style(Color.Blue)),
                        new Text(open.Text)
                    );
                console.Write(grid);
            },
            new ProbeReply(
                found.BareDrift,
                found.AgentDrift,
                found.Results.HeldOut,
                [.. found.Results.Open.Select(o => new OpenAnswer(o.Probe, o.Text))]
            )
        );
    }
}
