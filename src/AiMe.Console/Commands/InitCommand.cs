using System.CommandLine;
using System.Text;
using AiMe.Console.Terminal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Templates;
using AiMe.Lab.Runs;

namespace AiMe.Console.Commands;

/// <summary><c>aime init</c>: writes a first experiment into a self-contained folder.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory")
        {
            Description = "Directory for the files; created if it is missing. Default: the current directory",
            DefaultValueFactory = _ => ".",
        };
        directory.CompletionSources.Add(Completions.Directories);
        var name = new Option<string?>("--name")
        {
            Description = "Name of the experiment: small letters, digits and hyphens. Default: from the directory's name",
            HelpName = "name",
        };
        var charter = new Option<string?>("--charter-name")
        {
            Description = "What the agents call themselves. Default: AiMe",
            HelpName = "name",
        };
        var force = new Option<bool>("--force") { Description = "Overwrite existing files" };
        var command = new Command(
            "init",
            "Write a first experiment with its charter, probes, stimuli, corpus and schemas, commented and ready to run"
        )
        {
            directory,
            name,
            charter,
            force,
        };
        command.SetAction(parsed =>
            Write(parsed.GetRequiredValue(directory), parsed.GetValue(name), parsed.GetValue(charter), parsed.GetValue(force))
        );
        return command;
    }

    private static int Write(string directory, string? name, string? charterName, bool force)
    {
        if (File.Exists(directory))
            throw new UsageException($"{directory} is a file, expected a directory; nothing was written.");
        name ??= NameOf(directory);
        if (!ExperimentTemplate.IsName(name))
            throw new UsageException(
                $"--name: found '{name}', expected at most 40 small letters, digits and hyphens, the first a letter or "
                    + $"digit{(NameOf(name) is var near && near == name ? "" : $"; did you mean '{near}'?")}"
            );
        if (charterName is not null && !ExperimentTemplate.IsCharterName(charterName))
            throw new UsageException(
                $"--charter-name: found '{charterName}', expected at most 40 letters, digits, hyphens and single blanks, the first a letter"
            );

        var files = ExperimentTemplate.Of(BundledFiles.File(BundledFiles.Quickstart), name, charterName);
        if (!force && WholeFolder.Standing(directory, files) is { IsEmpty: false } standing)
            throw new UsageException(
                $"{standing[0]} exists "
                    + $"already{(standing.Length > 1 ? $", and {standing.Length - 1} more of the {files.Length} files" : "")}; "
                    + "nothing was written. Use another directory, or --force to overwrite"
            );
        WholeFolder.Write(directory, files, Check);
        foreach (var file in files)
            TerminalWriter.Line(Path.Combine(directory, file.Path));

        var experiment = Path.Combine(directory, ExperimentTemplate.Experiment);
        System.Console.Error.WriteLine(
            $"""

            Next:
              {Invocation.Of("validate", experiment)}
              {Invocation.Of("run", experiment, "--dry-run")}
              {Invocation.Of("run", experiment)}
            """
        );
        return ExitCode.Done;
    }

    // A charter's name can produce text that YAML reads as another type, such as `null`.
    private static void Check(string folder)
    {
        var loaded = ExperimentFile.Load(Path.Combine(folder, ExperimentTemplate.Experiment));
        if (loaded.Experiment is null)
            throw new UsageException(
                $"with these names the files would be invalid; nothing was written.\n{string.Join('\n', loaded.Problems)}"
            );
        PreparedModels.Check(loaded.Experiment);
    }

    // My Study (2) becomes my-study-2.
    private static string NameOf(string directory)
    {
        StringBuilder name = new();
        foreach (var c in Path.GetFileName(Path.GetFullPath(directory).TrimEnd(Path.DirectorySeparatorChar)).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                name.Append(c);
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
        }

        var trimmed = name.ToString(0, Math.Min(40, name.Length)).Trim('-');
        return trimmed.Length > 0 ? trimmed : "experiment";
    }
}
