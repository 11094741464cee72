using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using Spectre.Console;

namespace AiMe.Console.Replay;

/// <summary>Prints an instance event by event, as text or as JSON.</summary>
internal sealed class ReplayPrinter(IAnsiConsole output, bool json)
{
    /// <summary>Prints one event.</summary>
    public void Print(InstanceEvent happened)
    {
        if (json)
            TerminalWriter.Json(ReplayEventOutput.Of(happened));
        else
            Tell(happened);
    }

    /// <summary>Prints the state of faculties: a few lines each, or complete as JSON.</summary>
    /// <param name="faculties">Bit mask.</param>
    public void PrintState(InstanceStates point, int faculties)
    {
        if (json)
        {
            TerminalWriter.Json(ReplayStateOutput.Of(point, faculties));
            return;
        }

        output.MarkupLineInterpolated($"\n[bold]after #{point.Index}[/]");
        foreach (var (pane, i) in FacultyPane.Of(point).Select((pane, i) => (pane, i)).Where(p => TimelineIndex.Has(faculties, p.i)))
        {
            var grid = new Grid().AddColumn(new GridColumn().Width(11).NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
            for (var line = 0; line < pane.Lines.Length; line++)
                grid.AddRow(new Text(line == 0 ? pane.Faculty : "", new Style(Color.Blue)), new Text(pane.Lines[line]));
            output.Write(grid);
        }
    }

    private void Tell(InstanceEvent happened)
    {
        var told = EventText.Tell(happened);
        if (told.Heading is { } heading)
            output.MarkupLineInterpolated($"\n[bold]{heading}[/]");
        var (at, margin) = ($"#{happened.Index}", "");
        foreach (var line in told.Lines)
        {
            // A fixed margin keeps wrapped lines in their column.
            var grid = new Grid()
                .AddColumn(new GridColumn().Width(7).NoWrap().PadRight(0))
                .AddColumn(new GridColumn().Width(17).NoWrap().PadRight(1))
                .AddColumn(new GridColumn().PadRight(0));
            grid.AddRow(
                new Text(at, new Style(Color.Grey)),
                new Text(margin.Length == 0 && at.Length > 0 ? told.Label : "", new Style(Color.Blue)),
                new Text(line)
            );
            output.Write(grid);
            at = "";
        }
    }
}
