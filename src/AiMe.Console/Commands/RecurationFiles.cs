using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Lab.Analysis.Recuration;

namespace AiMe.Console.Commands;

/// <summary>Writes the training sets under each policy: <c>directory/policy/run/instance/round-001.jsonl</c>.</summary>
internal sealed partial record RecurationFiles(string Root)
{
    private const int LongestName = 60;

    /// <summary>Accepts a directory that is empty or does not exist yet.</summary>
    /// <exception cref="UsageException">The directory is not empty.</exception>
    public static RecurationFiles In(string directory)
    {
        if (File.Exists(directory))
            throw new UsageException($"--out: {directory} is a file, expected a new or empty directory");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new UsageException($"--out: {directory} is not empty, expected a new or empty directory: old and new sets must not mix");
        return new(directory);
    }

    /// <summary>Writes every set, including those of the recorded verdicts.</summary>
    public void Write(RecurationReport recuration)
    {
        var written = 0;
        for (var i = 0; i < recuration.Outcomes.Length; i++)
        {
            foreach (var instance in recuration.Outcomes[i].Instances)
            {
                var folder = Directory
                    .CreateDirectory(
                        Path.Combine(
                            Root,
                            $"{i}-{Plain(recuration.Outcomes[i].Policy.Name)}",
                            instance.Instance.Run,
                            instance.Instance.Instance
                        )
                    )
                    .FullName;
                foreach (var (round, lines) in instance.Batches)
                {
                    File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"round-{round:000}.jsonl")), lines);
                    written++;
                }
            }
        }

        System.Console.Error.WriteLine($"Wrote {Output.Lines.Count(written, "set")} to {Root}.");
    }

    // Rules are not a valid folder name.
    private static string Plain(string name)
    {
        var plain = NotPlain().Replace(name, "-").Trim('-');
        return plain.Length > LongestName ? plain[..LongestName] : plain;
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotPlain();
}
