using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AiMe.Models.Commands;

/// <summary>The folder of one submission to a command.</summary>
internal sealed class JobFolder
{
    private const string Revoked = "revoked";

    private const int LongestTail = 400,
        LongestName = 200;

    // A process that started after its keeper registered has a reused process id.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);

    /// <param name="data">Key and attempt, separated by a slash.</param>
    public JobFolder(string root, string data) => Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, data));

    public string Path { get; }

    /// <summary>The training set.</summary>
    public string Dataset => In("dataset.jsonl");

    /// <summary>A folder for the command's output files.</summary>
    public string Output => In("output");

    /// <summary>
    /// Exists if there is a job or if it was revoked; created only once, with the keeper's process id or the word.
    /// </summary>
    public string Taken => In("taken");

    /// <summary>The command's exit code.</summary>
    public string Ended => In("ended");

    public string Said => In("stdout");

    public string Errors => In("stderr");

    public bool IsRevoked => Text(Taken) == Revoked;

    /// <summary>Locks out a keeper that has not started.</summary>
    /// <returns>False if there is a job.</returns>
    public bool Revoke()
    {
        var mine = In($"revoked.{Environment.ProcessId}");
        File.WriteAllText(mine, Revoked + "\n");
        try
        {
            File.Move(mine, Taken); // atomic, and never replaces an existing file
        }
        catch (IOException) when (File.Exists(Taken))
        {
            File.Delete(mine); // another process was first
        }

        return IsRevoked;
    }

    /// <summary>Whether the keeper's process is running.</summary>
    public bool IsRunning()
    {
        if (!int.TryParse(Text(Taken), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(Taken) + ClockGrain;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false; // no such process, or it ended meanwhile
        }
    }

    /// <summary>
    /// The last line of the command's output that is not blank, or null if it cannot be a model name.
    /// </summary>
    public async Task<string?> ModelAsync(CancellationToken cancellationToken) =>
        (await File.ReadAllLinesAsync(Said, cancellationToken)).Select(l => l.Trim()).LastOrDefault(l => l.Length > 0)
            is { Length: <= LongestName } name
        && !name.Any(char.IsWhiteSpace)
            ? name
            : null;

    /// <summary>The end of the command's standard error, in one line; empty if there is none.</summary>
    public async Task<string> TailAsync(CancellationToken cancellationToken)
    {
        var text = string.Join(
            " / ",
            (await File.ReadAllLinesAsync(Errors, cancellationToken)).Select(l => l.Trim()).Where(l => l.Length > 0)
        );
        return text.Length == 0 ? ""
            : text.Length <= LongestTail ? $": {text}"
            : $": ... {text[^LongestTail..]}";
    }

    private static string Text(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
