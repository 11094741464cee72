using System.CommandLine;
using System.Text;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis.Preregistration;
using AiMe.Lab.Runs;

namespace AiMe.Console.Commands;

/// <summary><c>aime preregister</c>: writes down what an experiment tests before it is run.</summary>
internal static class PreregisterCommand
{
    private const string Suffix = ".preregistration";

    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        var sets = SharedOptions.SetOption();
        var seed = SharedOptions.SeedOption();
        var folder = new Option<string>("--out")
        {
            Description = "Directory for the two pages; created if it is missing. Default: the current directory",
            HelpName = "directory",
            DefaultValueFactory = _ => ".",
        };
        folder.CompletionSources.Add(Completions.Directories);
        var force = new Option<bool>("--force") { Description = "Overwrite existing pages" };
        var json = SharedOptions.JsonOption("One JSON object: the paths of the pages, the run's id and the digest");
        var command = new Command(
            "preregister",
            "Write down what an experiment tests, as a Markdown and a JSON page, before it is run; compare checks a run against it"
        )
        {
            experiment,
            sets,
            seed,
            folder,
            force,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var loaded = SharedOptions.Load(
                    parsed.GetRequiredValue(experiment),
                    parsed.GetValue(sets),
                    parsed.GetValue(seed),
                    advise: true
                );
                PreparedModels.Check(loaded);
                var registration = RegistrationPage.Of(loaded, TimeProvider.System.GetUtcNow());
                var place = Path.Combine(parsed.GetRequiredValue(folder), loaded.RunId + Suffix);
                var (markdown, data) = (place + ".md", place + ".json");
                if (!parsed.GetValue(force) && new[] { markdown, data }.FirstOrDefault(File.Exists) is { } standing)
                    throw new UsageException(
                        $"{standing} exists already; nothing was written. A registration is written once: use another directory, or "
                            + "--force to overwrite"
                    );
                Directory.CreateDirectory(parsed.GetRequiredValue(folder));
                await AtomicFiles.WriteFileAsync(data, Encoding.UTF8.GetBytes(registration.Json()), cancellationToken);
                await AtomicFiles.WriteFileAsync(
                    markdown,
                    Encoding.UTF8.GetBytes(RegistrationMarkdown.Of(registration, Path.GetFileName(data))),
                    cancellationToken
                );
                var written = new PreregisterOutput(markdown, data, registration.Run, registration.Digest, registration.Hypotheses.Length);
                if (parsed.GetValue(json))
                    TerminalWriter.Json(written);
                else
                    Print(written, loaded.Source);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Print(PreregisterOutput written, string source)
    {
        TerminalWriter.Line(written.Markdown);
        TerminalWriter.Line(written.Json);
        System.Console.Error.WriteLine(
            $"""

            SHA-256 of the resolved plan: {written.Digest}
            Next:
              # publish the pages, or commit them, before the run
              {Invocation.Of("run", source)}
              # compare the run, and list every deviation from what was registered
              {Invocation.Of("compare", written.Run, "--preregistration", written.Json)}
            """
        );
    }
}
