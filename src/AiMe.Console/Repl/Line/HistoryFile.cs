namespace AiMe.Console.Repl.Line;

/// <summary>
/// Entered lines on disk, one per line, readable only by their owner. A failure to write must not end a conversation.
/// </summary>
internal sealed class HistoryFile(string path)
{
    /// <summary>Reads the lines, oldest first; none if the file does not exist.</summary>
    public IEnumerable<string> Read() => File.Exists(path) ? [.. File.ReadLines(path).Where(l => l.Length > 0).Select(Unescape)] : [];

    /// <summary>Appends a line.</summary>
    /// <exception cref="IOException">The disk is full, or the directory does not exist.</exception>
    public void Append(string line)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(Escape(line) + "\n");
    }

    internal static string Escape(string line) =>
        line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    internal static string Unescape(string line)
    {
        var text = new System.Text.StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
                text.Append(line[++i] == 'n' ? '\n' : line[i]);
            else
                text.Append(line[i]);
        }

        return text.ToString();
    }
}
