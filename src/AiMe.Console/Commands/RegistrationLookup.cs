using AiMe.Console.Output.Documents;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Preregistration;

namespace AiMe.Console.Commands;

/// <summary>Checks the run that is compared against a pre-registration named by the user.</summary>
internal static class RegistrationLookup
{
    /// <exception cref="UsageException">The page cannot be read, or several runs are compared.</exception>
    public static async Task<PreregistrationCheck> CheckAsync(
        string path,
        List<RunComparison> comparisons,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        if (comparisons is not [var comparison])
            throw new UsageException($"--preregistration: found {comparisons.Count} runs, expected the one that was registered");
        if (Path.GetExtension(path) is ".md" or ".markdown")
            throw new UsageException(
                $"--preregistration: found the Markdown page {path}, expected the JSON page beside it: "
                    + Path.ChangeExtension(path, ".json")
            );
        if (!File.Exists(path))
            throw new UsageException(
                $"--preregistration: there is no file '{path}', expected the JSON page that `aime preregister` writes; looked for "
                    + Path.GetFullPath(path)
            );
        try
        {
            var registration = RegistrationPage.Read(File.ReadAllText(path));
            var stream = PersistenceId.Of(comparison.Plan.Run, FacultyAddress.Supervisor);
            var planned = await store.Glance.FirstAsync(stream, "supervisor.planned", cancellationToken);
            var began = planned is null ? (DateTime?)null : new DateTime(planned.CreatedTicks, DateTimeKind.Utc);
            return new(path, registration.Digest, registration.Written, Deviations.Of(registration, comparison, began));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--preregistration {path}: {e.Message}");
        }
    }
}
