using AiMe.Console.Repl;
using AiMe.Faculties;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints the answers to the identity probes: <c>aime probe</c>, and <c>/probe</c> in a conversation.</summary>
internal static class ExaminationView
{
    public static void Write(IAnsiConsole console, ProbeSet probes, Examination found)
    {
        TalkText.Write(
            console,
            $"Drift from generation 0, in bits: bare {TalkText.Figure(found.BareDrift, "0.000")}, agent "
                + $"{TalkText.Figure(found.AgentDrift, "0.000")}. "
                + (
                    double.IsNaN(found.Results.HeldOut)
                        ? "Held-out cross-entropy is unknown: this provider cannot score texts."
                        : $"Held-out cross-entropy {TalkText.Figure(found.Results.HeldOut, "0.000")} nats per token."
                )
        );
        var grid = new Grid().AddColumn(new GridColumn().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var open in found.Results.Open)
            grid.AddRow(
                new Text(probes.Open.FirstOrDefault(p => p.Id == open.Probe)?.Asks[0] ?? open.Probe, new Style(Color.Blue)),
                new Text(open.Text)
            );
        console.Write(grid);
    }
}
