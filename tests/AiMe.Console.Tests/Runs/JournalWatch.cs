using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary>Sees how far the journal of a running process has come, from outside: whenever its write-ahead log is written.</summary>
public sealed class JournalWatch : IDisposable
{
    private readonly string _store;
    private readonly FileSystemWatcher _watcher;
    private readonly Channel<bool> _written = Channel.CreateUnbounded<bool>();

    public JournalWatch(string store)
    {
        _store = store;
        _watcher = new FileSystemWatcher(store, "journal.db-wal")
        {
            NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName,
        };
        _watcher.Changed += (_, _) => _written.Writer.TryWrite(true);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits until the journal has at least so many rows, or the process has ended.</summary>
    public async Task RowsAsync(int rows, Task ended)
    {
        _ = ended.ContinueWith(_ => _written.Writer.TryComplete(), TaskScheduler.Default);
        await foreach (var _ in _written.Reader.ReadAllAsync())
        {
            if (await CountAsync() >= rows)
                return;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private async Task<int> CountAsync()
    {
        try
        {
            return int.Parse((await World.QueryAsync(_store, "SELECT count(*) FROM journal"))[0], CultureInfo.InvariantCulture);
        }
        catch (SqliteException)
        {
            return 0; // it is being made
        }
    }
}
