using System.CommandLine;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Console.Commands;

/// <summary><c>aime schema</c>: prints the JSON Schema of a file that users write.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("file")
        {
            Description = $"Type of the file: {string.Join(", ", ExperimentSchema.Names)}. For stimuli, the schema describes one line",
            DefaultValueFactory = _ => ExperimentSchema.Names[0],
        };
        name.CompletionSources.Add([.. ExperimentSchema.Names]);
        var form = new Option<string>("--as")
        {
            Description = "json: the JSON Schema; markdown: the keys of an experiment file as tables",
            DefaultValueFactory = _ => "json",
        };
        form.AcceptOnlyFromAmong("json", "markdown");
        var command = new Command(
            "schema",
            "Print the JSON Schema (draft 2020-12) of experiments, charters, probes or stimuli, for editors"
        )
        {
            name,
            form,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (!ExperimentSchema.Names.Contains(wanted))
                throw new UsageException(
                    $"schema: found '{wanted}', expected "
                        + $"{string.Join(", ", ExperimentSchema.Names)}{Nearest.Hint(wanted, ExperimentSchema.Names)}"
                );
            var asMarkdown = parsed.GetValue(form) == "markdown";
            if (asMarkdown && wanted != "experiment")
                throw new UsageException($"schema --as markdown: found '{wanted}', expected experiment");
            System.Console.Out.Write(asMarkdown ? KeyReference.Markdown() : ExperimentSchema.Text(wanted));
            return ExitCode.Done;
        });
        return command;
    }
}
