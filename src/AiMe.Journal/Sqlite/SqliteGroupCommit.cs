using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// A journal's only writer: takes all waiting jobs, writes them in one transaction, commits, and only then completes
/// them.
/// </summary>
/// <remarks>
/// This is group commit: one sync of the disk serves all waiting callers, so throughput grows with the number of
/// concurrent callers.
/// </remarks>
internal sealed class SqliteGroupCommit : IAsyncDisposable
{
    // Limit of a batch, so that one very large transaction does not delay all callers.
    private const int BatchBytes = 16 * 1024 * 1024;

    private readonly string _path;
    private readonly SqliteWriteSession _session;
    private readonly Channel<SqliteJob> _waiting;
    private readonly Task _loop;
    private readonly int _batchJobs;
    private long _transactions;

    public SqliteGroupCommit(string path, SqliteWriteSession session, int capacity)
    {
        (_path, _session, _batchJobs) = (path, session, capacity);
        _waiting = Channel.CreateBounded<SqliteJob>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Number of committed transactions.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Completes when the work is durable.</summary>
    /// <param name="bytes">Approximate number of bytes that it writes.</param>
    /// <param name="work">Throws a refusal before it writes, because its transaction is shared.</param>
    /// <param name="cancellationToken">
    /// Takes effect until the writer starts the job. A cancelled job has not been written.
    /// </param>
    /// <exception cref="JournalException">The transaction failed and was rolled back.</exception>
    public Task<T> RunAsync<T>(int bytes, Func<SqliteWriteSession, T> work, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<T>(bytes, work, cancellationToken);
        return !cancellationToken.IsCancellationRequested && _waiting.Writer.TryWrite(job) ? job.Done : EnterAsync(job, cancellationToken);
    }

    // If the queue is full or closed.
    private async Task<T> EnterAsync<T>(SqliteJob<T> job, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException($"The journal {_path} is closed.", e);
        }

        return await job.Done;
    }

    /// <summary>Writes the waiting jobs, moves the log into the file, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _loop;
        try
        {
            _session.Session.Execute("PRAGMA wal_checkpoint(TRUNCATE)"); // it does less while another process reads, which is no error
        }
        catch (SqliteException e)
        {
            throw SqliteFaults.Of(e, _path);
        }
        finally
        {
            _session.Dispose();
        }
    }

    private async Task LoopAsync()
    {
        var batch = new List<SqliteJob>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            for (var bytes = 0; batch.Count < _batchJobs && bytes < BatchBytes && _waiting.Reader.TryRead(out var job); bytes += job.Bytes)
            {
                if (!job.IsCancelled())
                    batch.Add(job);
            }

            if (batch.Count > 0)
                Write(batch);
        }
    }

    private void Write(List<SqliteJob> batch)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            _session.Begin();
            foreach (var job in batch)
                job.Run(_session);
            _session.Commit();
        }
        catch (Exception e)
        {
            var fault = Undo(e is SqliteException sqlite ? SqliteFaults.Of(sqlite, _path) : e);
            JournalMetrics.Record(JournalMetrics.Sqlite, batch.Count, _waiting.Reader.Count, began, fault);
            foreach (var job in batch)
                job.Fail(fault);
            return;
        }

        Interlocked.Increment(ref _transactions);
        JournalMetrics.Record(JournalMetrics.Sqlite, batch.Count, _waiting.Reader.Count, began, failure: null);
        foreach (var job in batch)
            job.Complete();
    }

    private Exception Undo(Exception fault)
    {
        try
        {
            _session.Rollback();
            return fault;
        }
        catch (SqliteException e)
        {
            return new AggregateException(fault, SqliteFaults.Of(e, _path));
        }
    }
}
