using AiMe.Journal.Sqlite;
using AiMe.Kernel;

namespace AiMe.Bench;

/// <summary>A kind of store that can be measured.</summary>
/// <param name="OpenAsync">Opens a journal in an empty directory, or one that was filled there before.</param>
internal sealed record Store(string Name, Func<string, CancellationToken, Task<IJournal>> OpenAsync)
{
    /// <summary>All that this machine has.</summary>
    public static IReadOnlyList<Store> All { get; } = [new("SQLite FULL", OpenSqliteAsync)];

    public static Store Sqlite => All[0];

    public static string FileIn(string directory) => Path.Combine(directory, "journal.db");

    private static async Task<IJournal> OpenSqliteAsync(string directory, CancellationToken cancellationToken) =>
        await SqliteJournal.OpenAsync(FileIn(directory), TimeProvider.System, cancellationToken);
}
