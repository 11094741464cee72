using System.Text.Json;
using AiMe.Lab;
using Spectre.Console;

namespace AiMe.Console.Views;

/// <summary>What a run comes to, before it is begun.</summary>
internal static class DryRun
{
    public static int Write(Experiment experiment, bool json)
    {
        var m = experiment.Matrix;
        (string Key, string Name, long Value)[] rows =
        [
            ("instances", $"instances ({experiment.Variants.Length} variants x {experiment.Replicates} replicates)", m.Instances),
            ("cycles", "experiences of each, drives included", m.Cycles),
            ("rounds", $"rounds of {experiment.Every}", m.Rounds),
            ("answers", "answers sampled", m.Answers),
            ("reflections", "reflections", m.Reflections),
            ("insightsAtMost", "insights, at most", m.InsightsAtMost),
            ("probes", "probe questions", m.Probes),
            ("trainingsAtMost", "trainings, at most", m.TrainingsAtMost),
        ];
        if (json)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartObject();
                writer.WriteString("run", experiment.RunId);
                foreach (var row in rows)
                    writer.WriteNumber(row.Key, row.Value);
                writer.WriteEndObject();
            }

            Terminal.Json(stream.ToArray());
            return ExitCode.Done;
        }

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        foreach (var row in rows)
            table.AddRow(Markup.Escape(row.Name), row.Value.ToString("N0"));
        Terminal.Output.WriteLine($"{experiment.RunId} (dry run: nothing is written, no model is called)");
        Terminal.Output.Write(table);
        Terminal.Output.WriteLine(experiment.Model switch
        {
            NanoModel nano => $"Model: the embedded nano, preset {nano.Preset}: no network, no cost.",
            OpenAiModel hosted => $"Model: {hosted.Chat} and {hosted.Embeddings} at {hosted.BaseUrl}. Each of the above is a request that may cost, and a failed one is repeated up to {hosted.Retries} times; the bare model's probes are asked once for all instances. Where the server tells no log-probabilities, a choice probe is {hosted.Samples} requests.",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        return ExitCode.Done;
    }
}
