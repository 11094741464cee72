using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Lab.Analysis.Recuration;

namespace AiMe.Console.Commands;

/// <summary>Where training sets are written that there would have been: <c>directory/policy/run/instance/round-001.jsonl</c>.</summary>
internal sealed partial record RecurationFiles(string Root)
{
    private const int LongestName = 60;

    /// <summary>A directory that is empty or not there yet.</summary>
    /// <exception cref="UsageException">Something is there already.</exception>
    public static RecurationFiles In(string directory)
    {
        if (File.Exists(directory))
            throw new UsageException($"--out: {directory} is a file, expected a directory that is empty or not there yet");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new UsageException($"--out: {directory} is not empty: name another directory, so that no old set is taken for a new one");
        return new(directory);
    }

    /// <summary>Writes every set that a policy would have made, those of the recorded verdicts too.</summary>
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

        System.Console.Error.WriteLine($"{Output.Lines.Count(written, "set")} in {Root}");
    }

    // Rules in words are no name of a folder.
    private static string Plain(string name)
    {
        var plain = NotPlain().Replace(name, "-").Trim('-');
        return plain.Length > LongestName ? plain[..LongestName] : plain;
    }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotPlain();
}
