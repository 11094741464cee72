namespace AiMe.Models.Commands;

/// <summary>Finds a program as a shell does.</summary>
public static class ProgramPath
{
    /// <summary>
    /// The file that would be run, or null if there is none: a name with a slash is relative to the working directory,
    /// others are searched on the path.
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
