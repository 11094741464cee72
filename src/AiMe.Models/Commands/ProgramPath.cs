namespace AiMe.Models.Commands;

/// <summary>Finds a program as a shell would.</summary>
public static class ProgramPath
{
    /// <summary>
    /// The file that would be run, or null where there is none: a name with a slash from the working directory, another one
    /// on the path.
    /// </summary>
    public static string? Find(string program, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(environment);
        if (program.Contains('/', StringComparison.Ordinal))
            return CanRun(program) ? program : null;
        return (environment("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(CanRun);
    }

    private static bool CanRun(string file) =>
        File.Exists(file)
        && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute))
                != UnixFileMode.None
        );
}
