using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>Removes runs from the journal's file, and makes the file smaller.</summary>
internal sealed class SqliteRunRemoval(SqliteJournal journal, string path) : IRunRemoval
{
    public Task<long> RemoveAsync(string run, ImmutableArray<string> streams, CancellationToken cancellationToken) =>
        journal.WriteAsync(0, writing => writing.Remove(run, streams), cancellationToken);

    public Task<long?> CompactAsync(CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var before = Size();
                try
                {
                    using var session = SqliteSession.Open(path, SqliteOpenMode.ReadWrite, SqliteSettings.Default.BusyTimeout);
                    session.Execute("VACUUM");
                    session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
                }
                catch (SqliteException e)
                {
                    throw SqliteFaults.Of(e, path);
                }

                return (long?)Math.Max(0, before - Size());
            },
            cancellationToken
        );

    private long Size() => new[] { path, $"{path}-wal" }.Select(p => new FileInfo(p)).Where(f => f.Exists).Sum(f => f.Length);
}
