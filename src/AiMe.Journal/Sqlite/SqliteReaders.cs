using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// A pool of read connections, opened on demand. They see committed rows and never wait for the writer.
/// </summary>
internal sealed class SqliteReaders(string path, Func<SqliteSession> open) : IAsyncDisposable
{
    private const int Most = 8;
    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    /// <exception cref="JournalException">The file cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        SqliteSession? session = null;
        try
        {
            session = _idle.TryTake(out var kept) ? kept : open();
            var result = read(session);
            _idle.Add(session);
            return result;
        }
        catch (Exception e)
        {
            session?.Dispose(); // a failed connection is not reused
            if (e is SqliteException sqlite)
                throw SqliteFaults.Of(sqlite, path);
            throw;
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for running reads, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < Most; i++)
            await _free.WaitAsync(CancellationToken.None);
        while (_idle.TryTake(out var session))
            session.Dispose();
        _free.Dispose();
    }
}
