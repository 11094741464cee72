using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiMe.Journal.Sqlite;

/// <summary>The one writer of a journal: takes every job that waits, writes them in one transaction, commits, and only then tells them.</summary>
/// <remarks>One sync of the disk serves all who wait for it: group commit. So throughput grows with the number of concurrent callers.</remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    // A batch ends here so that one enormous transaction does not keep everybody waiting.
    private const int BatchBytes = 16 * 1024 * 1024;

    // Tags that wait are written when nothing has come for so long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly WriteSession _session;
    private readonly Channel<Job> _waiting;
    private readonly Task _loop;
    private readonly int _batchJobs;
    private long _transactions;

    public GroupCommit(string path, WriteSession session, int capacity, TimeProvider clock)
    {
        (_path, _session, _batchJobs, _clock) = (path, session, capacity, clock);
        _waiting = Channel.CreateBounded<Job>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>How many transactions were committed.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Completes when the work is durable.</summary>
    /// <param name="bytes">About how much it writes.</param>
    /// <param name="work">Refuses before it writes: its transaction is shared.</param>
    /// <param name="cancellationToken">Heeded until the writer takes the job up. A cancelled job has not been written.</param>
    /// <exception cref="JournalException">The transaction failed; nothing of it was written.</exception>
    public Task<T> RunAsync<T>(int bytes, Func<WriteSession, T> work, CancellationToken cancellationToken)
    {
        var job = new Job<T>(bytes, work, cancellationToken);
        return !cancellationToken.IsCancellationRequested && _waiting.Writer.TryWrite(job) ? job.Done : EnterAsync(job, cancellationToken);
    }

    // Where the queue is full, or closed.
    private async Task<T> EnterAsync<T>(Job<T> job, CancellationToken cancellationToken)
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

    /// <summary>Writes what waits, moves it from the log into the file, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _loop;
        try
        {
            if (_session.Tagging.IsWaiting)
                SettleIfFree();
            _session.Session.Execute("PRAGMA wal_checkpoint(TRUNCATE)"); // Does less while another process reads, which is no error.
        }
        catch (SqliteException e)
        {
            throw Faults.Of(e, _path);
        }
        finally
        {
            _session.Dispose();
        }
    }

    // Every event is durable by now. Where another process has the file locked, the next one to write has their tags to write too.
    private void SettleIfFree()
    {
        try
        {
            Commit([]);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            _session.Rollback();
        }
    }

    private async Task LoopAsync()
    {
        var batch = new List<Job>();
        while (await AnyAsync())
        {
            batch.Clear();
            for (var bytes = 0; batch.Count < _batchJobs && bytes < BatchBytes && _waiting.Reader.TryRead(out var job); bytes += job.Bytes)
            {
                if (!job.GivenUp())
                    batch.Add(job);
            }

            if (batch.Count > 0)
                Write(batch);
        }
    }

    // Whether there is something to write; false when the journal closes.
    private async ValueTask<bool> AnyAsync()
    {
        var coming = _waiting.Reader.WaitToReadAsync();
        if (coming.IsCompleted || !_session.Tagging.IsWaiting)
            return await coming;
        var any = coming.AsTask();
        if (await Task.WhenAny(any, Task.Delay(Quiet, _clock)) != any)
            Write([]);
        return await any;
    }

    // A transaction of nothing writes the tags that wait. Where it fails they wait on, and an append in whose transaction they are written is told why.
    private void Write(List<Job> batch)
    {
        try
        {
            Commit(batch);
        }
        catch (Exception e)
        {
            var fault = Undo(e is SqliteException sqlite ? Faults.Of(sqlite, _path) : e);
            foreach (var job in batch)
                job.Fail(fault);
            return;
        }

        Interlocked.Increment(ref _transactions);
        foreach (var job in batch)
            job.Complete();
    }

    private void Commit(List<Job> batch)
    {
        _session.Begin(batch.Count);
        foreach (var job in batch)
            job.Run(_session);
        _session.Commit();
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
            return new AggregateException(fault, Faults.Of(e, _path));
        }
    }
}
