using System.Collections.Immutable;

namespace AiMe.Console.Commands;

/// <summary>How this process was started.</summary>
/// <param name="Process">Path of the executable: this program's, or the <c>dotnet</c> host's.</param>
/// <param name="Assembly">Path of this program's assembly.</param>
/// <param name="Parent">The command line of the parent process; empty if unknown.</param>
/// <param name="WorkingDirectory">An absolute path.</param>
/// <param name="OnPath">
/// The executable that a shell finds on the path under this program's name, with links followed; null if there is none.
/// </param>
internal sealed record Launch(string Process, string Assembly, ImmutableArray<string> Parent, string WorkingDirectory, string? OnPath)
{
    private const string Host = "dotnet";

    /// <summary>The words that start this program again from the same directory, without its own arguments.</summary>
    /// <returns>
    /// The beginning of a <c>dotnet run</c>; <c>dotnet</c> and the assembly; the bare name of a program on the path; or
    /// the program's path.
    /// </returns>
    public ImmutableArray<string> Words
    {
        get
        {
            if (Parent is [var parent, .. var rest] && NameOf(parent) == Host && rest is ["run", ..])
                return rest.Contains("--") ? [Host, .. rest[..(rest.IndexOf("--") + 1)]] : [Host, "run", "--project", ProjectPath, "--"];
            if (NameOf(Process) == Host)
                return [Host, Near(Assembly)];
            return [OnPath == Process ? NameOf(Process) : Near(Process)];
        }
    }

    /// <summary>Describes this process.</summary>
    public static Launch OfThisProcess()
    {
        var process = Environment.ProcessPath ?? "aime";
        return new(
            process,
            Path.Combine(AppContext.BaseDirectory, "aime.dll"),
            ParentLine(),
            Environment.CurrentDirectory,
            Find(Path.GetFileName(process))
        );
    }

    // bin/<configuration>/<framework>/ in the project.
    private string ProjectPath => Near(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Assembly)!, "..", "..", "..")));

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    // Relative if that is shorter. A name without a directory would be looked for on the path.
    private string Near(string path)
    {
        var relative = Path.GetRelativePath(WorkingDirectory, path);
        if (relative.Length >= path.Length)
            return path;
        return relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative);
    }

    // Only Linux shows it. Elsewhere a program that `dotnet run` started is named by its path, which works too.
    private static ImmutableArray<string> ParentLine()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        try
        {
            // proc_pid_stat(5): field 4 is the parent; field 2, in parentheses, may itself contain blanks and
            // parentheses.
            var stat = File.ReadAllText("/proc/self/stat");
            var parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[4 - 3];
            return [.. File.ReadAllText($"/proc/{parent}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // the parent has ended, or belongs to another user
        }
    }

    private static string? Find(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);
        return found is null ? null : Path.GetFullPath(File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found);
    }
}
