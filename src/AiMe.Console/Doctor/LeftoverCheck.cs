using System.Globalization;
using System.Runtime.CompilerServices;
using AiMe.Journal;

namespace AiMe.Console.Doctor;

/// <summary>Reports leftovers of dead processes: half-written models and blobs.</summary>
internal sealed class LeftoverCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Directory.Exists(subject.Store.Root))
            yield return Parts(subject.Store.Root);
        await Task.CompletedTask;
    }

    private static CheckResult Parts(string root)
    {
        var parts = Directory
            .EnumerateFileSystemEntries(root, $"*{AtomicFiles.Mark}*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(IsLeft)
            .Order(StringComparer.Ordinal)
            .ToList();
        return parts.Count == 0
            ? new("leftovers", Health.Good, "none")
            : new(
                "leftovers",
                Health.Warning,
                string.Join(", ", parts.Select(p => Path.GetRelativePath(root, p))),
                "their processes have exited: delete them"
            );
    }

    private static bool IsLeft(string path)
    {
        var number = path[(path.LastIndexOf(AtomicFiles.Mark, StringComparison.Ordinal) + AtomicFiles.Mark.Length)..];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && Processes.Started(process) is null;
    }
}

/// <summary>Reports whether the base model of generation 0 exists.</summary>
internal sealed class ModelCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var directory = Path.Combine(subject.Store.Root, "models");
        string[] models = Directory.Exists(directory)
            ?
            [
                .. Directory
                    .GetDirectories(directory)
                    .Where(d => File.Exists(Path.Combine(d, "base.json")))
                    .Select(d => Path.GetFileName(d)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        yield return models.Length > 0
            ? new("base models", Health.Good, string.Join(", ", models))
            : new("base models", Health.Good, "none yet", "the first run trains one, in one to two minutes for the preset tiny");
        await Task.CompletedTask;
    }
}
