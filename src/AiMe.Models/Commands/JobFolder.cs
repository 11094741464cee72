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

    // A process that began later than its keeper made itself known bears a number that was given away again.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);

    /// <param name="data">Key and attempt, with a slash between.</param>
    public JobFolder(string root, string data) => Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, data));

    public string Path { get; }

    /// <summary>The training set.</summary>
    public string Dataset => In("dataset.jsonl");

    /// <summary>A folder for what the command makes.</summary>
    public string Output => In("output");

    /// <summary>There is a job, or it was revoked: made once only, with the keeper's process number or the word.</summary>
    public string Taken => In("taken");

    /// <summary>The command's exit code.</summary>
    public string Ended => In("ended");

    public string Said => In("stdout");

    public string Errors => In("stderr");

    public bool IsRevoked => Text(Taken) == Revoked;

    /// <summary>Shuts out a keeper that has not begun.</summary>
    /// <returns>False where there is a job.</returns>
    public bool Revoke()
    {
        var mine = In($"revoked.{Environment.ProcessId}");
        File.WriteAllText(mine, Revoked + "\n");
        try
        {
            File.Move(mine, Taken); // whole or not at all, and never over one that is there
        }
        catch (IOException) when (File.Exists(Taken))
        {
            File.Delete(mine); // somebody was first
        }

        return IsRevoked;
    }

    /// <summary>Whether the keeper's process is there.</summary>
    public bool Instances()
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
            return false; // no such process, or it ended while it was looked at
        }
    }

    /// <summary>The last line of the command's output that is not blank, or null where it can be no name of a model.</summary>
    public async Task<string?> ModelAsync(CancellationToken cancellationToken) =>
        (await File.ReadAllLinesAsync(Said, cancellationToken)).Select(l => l.Trim()).LastOrDefault(l => l.Length > 0)
            is { Length: <= LongestName } name
        && !name.Any(char.IsWhiteSpace)
            ? name
            : null;

    /// <summary>The end of what the command told on its standard error, in one line; empty where it told nothing.</summary>
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
