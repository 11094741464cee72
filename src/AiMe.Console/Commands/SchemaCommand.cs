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
        var command = new Command(
            "schema",
            "Print the JSON Schema (draft 2020-12) of experiments, charters, probes or stimuli, for editors"
        )
        {
            name,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (!ExperimentSchema.Names.Contains(wanted))
                throw new UsageException(
                    $"schema: found '{wanted}', expected "
                        + $"{string.Join(", ", ExperimentSchema.Names)}{Nearest.Hint(wanted, ExperimentSchema.Names)}"
                );
            System.Console.Out.Write(ExperimentSchema.Text(wanted));
            return ExitCode.Done;
        });
        return command;
    }
}
