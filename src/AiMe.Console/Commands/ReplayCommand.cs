using System.CommandLine;
using System.Text.Json;
using AiMe.Lab;
using AiMe.Mind;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime replay</c>: walks a life event by event; no model is called.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var instance = Common.InstanceArgument();
        var store = Common.StoreOption();
        var from = Common.WholeOption("--from", "First event, by its index in the life; 1 unless told otherwise", least: 1);
        var to = Common.WholeOption("--to", "Last event, by its index", least: 1);
        var json = Common.JsonOption("One JSON object an event: {\"index\", \"faculty\", \"manifest\", \"event\"}");
        var command = new Command("replay", "Walk a recorded life from birth on: what it heard, recalled, answered, thought, kept, and learned. No model is called")
        {
            instance, store, from, to, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var (run, name) = await Common.InstanceAsync(opened, parsed.GetRequiredValue(instance), cancellationToken);
            var events = await LifeReader.ReadAsync(opened.Journal, run, name, cancellationToken);
            var (first, last) = (parsed.GetValue(from) ?? 1, parsed.GetValue(to) ?? events.Length);
            if (Math.Max(first, last) > events.Length)
                throw new UsageException($"the life of {name} has events 1 to {events.Length}; {(first > events.Length ? $"--from {first}" : $"--to {last}")} lies beyond its end");
            if (first > last)
                throw new UsageException($"--from {first} lies behind --to {last}");
            foreach (var happened in events.Where(e => e.Index >= first && e.Index <= last))
            {
                if (parsed.GetValue(json))
                    WriteJson(happened);
                else
                    Write(happened);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(LifeEvent happened)
    {
        var told = Story.Tell(happened);
        if (told.Heading is { } heading)
            Terminal.Output.MarkupLineInterpolated($"\n[bold]{heading}[/]");
        var (at, margin) = ($"#{happened.Index}", "");
        foreach (var line in told.Lines)
        {
            // Behind a fixed margin, so that wrapped lines stay in their column.
            var grid = new Grid().AddColumn(new GridColumn().Width(7).NoWrap().PadRight(0)).AddColumn(new GridColumn().Width(17).NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
            grid.AddRow(new Text(at, new Style(Color.Grey)), new Text(margin.Length == 0 && at.Length > 0 ? told.Label : "", new Style(Color.Blue)), new Text(line));
            Terminal.Output.Write(grid);
            at = "";
        }
    }

    private static void WriteJson(LifeEvent happened)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", happened.Index);
            writer.WriteString("faculty", happened.Faculty);
            writer.WriteString("manifest", happened.Manifest);
            writer.WritePropertyName("event");
            writer.WriteRawValue(MindEvents.Catalogue.Write(happened.Happened));
            writer.WriteEndObject();
        }

        Terminal.Json(stream.ToArray());
    }
}
