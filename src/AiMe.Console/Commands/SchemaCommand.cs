using System.CommandLine;
using AiMe.Console.Output.Documents;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Console.Commands;

/// <summary><c>aime schema</c>: prints the JSON Schema of a file that users write, or of the output of a command.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("file")
        {
            Description =
                $"Type of the file: {string.Join(", ", ExperimentSchema.Names)}; or the JSON output of a command: "
                + $"{string.Join(", ", OutputSchema.Names)}. For stimuli and output, the schema describes one line",
            DefaultValueFactory = _ => ExperimentSchema.Names[0],
        };
        string[] names = [.. ExperimentSchema.Names, .. OutputSchema.Names];
        name.CompletionSources.Add(names);
        var form = new Option<string>("--as")
        {
            Description = "json: the JSON Schema; markdown: the keys of an experiment file as tables",
            DefaultValueFactory = _ => "json",
        };
        form.AcceptOnlyFromAmong("json", "markdown");
        var command = new Command(
            "schema",
            "Print the JSON Schema (draft 2020-12) of experiments, charters, probes or stimuli, for editors, or of JSON output"
        )
        {
            name,
            form,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (!names.Contains(wanted))
                throw new UsageException(
                    $"schema: found '{wanted}', expected {string.Join(", ", ExperimentSchema.Names)}, or an output such as "
                        + $"{OutputSchema.Names[0]}{Nearest.Hint(wanted, names)}"
                );
            var asMarkdown = parsed.GetValue(form) == "markdown";
            if (asMarkdown && wanted != "experiment")
                throw new UsageException($"schema --as markdown: found '{wanted}', expected experiment");
            System.Console.Out.Write(
                asMarkdown ? KeyReference.Markdown()
                : OutputSchema.Names.Contains(wanted) ? OutputSchema.Text(wanted)
                : ExperimentSchema.Text(wanted)
            );
            return ExitCode.Done;
        });
        return command;
    }
}
