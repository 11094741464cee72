using System.CommandLine;
using System.Text;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Console.Commands.Identities;

/// <summary>The text that a command makes for people to edit: on standard output, or in a new file.</summary>
internal static class WrittenText
{
    public static Option<string?> OutOption() =>
        new("--out", "-o") { Description = "Write to a file that does not exist yet, instead of standard output", HelpName = "file" };

    /// <summary>Writes the text.</summary>
    /// <exception cref="UsageException">The file exists.</exception>
    public static async Task WriteAsync(string text, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            System.Console.Out.Write(text);
            return;
        }

        if (Path.Exists(file))
            throw new UsageException($"{file} exists already, and may have been edited; nothing was written. Name another file");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await AtomicFiles.WriteFileAsync(file, Encoding.UTF8.GetBytes(text), cancellationToken);
    }

    /// <summary>Prints problems on standard error, or throws the errors among them.</summary>
    public static void Report(IReadOnlyCollection<Problem> problems)
    {
        if (problems.Any(p => p.Severity == Severity.Error))
            throw new UsageException(string.Join('\n', problems));
        foreach (var problem in problems)
            System.Console.Error.WriteLine(problem);
    }
}
