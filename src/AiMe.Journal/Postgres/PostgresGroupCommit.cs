using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>
/// One of a journal's writers: takes all waiting jobs, writes them in one transaction, and completes them when it is
/// durable.
/// </summary>
/// <remarks>
/// After a lost connection it is unknown whether the last transaction was committed. The writer therefore opens a new
/// connection and offers each append again. Appends that are already stored, by this writer and with these bytes, are
/// acknowledged; the rest is written.
/// </remarks>
internal sealed class PostgresGroupCommit : IAsyncDisposable
{
    // Limit of a batch, so that one very large transaction does not delay all callers.
    private const int BatchBytes = 16 * 1024 * 1024;

    // Number of times the loop yields while callers that were just completed send their next job.
    private const int Yields = 16;

    private readonly PostgresServer _server;
    private readonly TimeProvider _clock;
    private readonly Channel<PostgresJob> _waiting;
    private readonly Task _loop;
    private readonly int _batchJobs;
    private PostgresWriteSession? _session;
    private long _transactions;

    public PostgresGroupCommit(PostgresServer server, PostgresSettings settings, TimeProvider clock)
    {
        (_server, _clock, _batchJobs) = (server, clock, settings.QueueCapacity);
        _waiting = Channel.CreateBounded<PostgresJob>(new BoundedChannelOptions(settings.QueueCapacity) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Whether the writer has a connection, as far as the driver knows.</summary>
    public bool IsConnected => _session is { IsOpen: true };

    /// <summary>Number of committed transactions.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>
    /// Completes when the job is durable. Cancellation takes effect at once, except while a transaction with the job is
    /// running.
    /// </summary>
    /// <exception cref="OperationCanceledException">The job was cancelled before it was written.</exception>
    /// <exception cref="SecondWriterException">The append does not continue its stream.</exception>
    /// <exception cref="JournalException">
    /// The job could not be written, or was cancelled after its connection was lost; then only the stream shows whether
    /// it was written.
    /// </exception>
    public Task RunAsync(PostgresJob job, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            job.HeedCancellation();
        return !cancellationToken.IsCancellationRequested && _waiting.Writer.TryWrite(job) ? job.Done : EnterAsync(job, cancellationToken);
    }

    // If the queue is full or closed.
    private async Task EnterAsync(PostgresJob job, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException($"The journal {_server.Place} is closed.", e);
        }

        await job.Done;
    }

    /// <summary>The value of a setting on a writer's connection.</summary>
    public async Task<string> SettingAsync(string name)
    {
        using var backOff = _server.BackOff();
        await using var session = await PostgresWriteSession.OpenAsync(_server, backOff, _clock, CancellationToken.None);
        return await session.SettingAsync(name);
    }

    /// <summary>Writes the waiting jobs, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _loop;
        await CloseAsync();
    }

    private async Task LoopAsync()
    {
        var (batch, last) = (new List<PostgresJob>(), 0);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // The callers send their next event in a moment. With those events the next transaction is twice as large,
            // and each transaction costs a sync of the disk.
            for (var yielded = 0; yielded < Yields && _waiting.Reader.Count < last; yielded++)
                await Task.Yield();
            for (var bytes = 0; batch.Count < _batchJobs && bytes < BatchBytes && _waiting.Reader.TryPeek(out var job); bytes += job.Bytes)
            {
                // A deletion depends on the appends before it, so it starts a transaction.
                if (job is DeleteJob && batch.Count > 0)
                    break;
                _waiting.Reader.TryRead(out _);
                if (job.TryTake())
                    batch.Add(job);
                if (job is DeleteJob)
                    break;
            }

            if (batch.Count > 0)
                await WriteAsync(batch);
            last = batch.Count;
            batch.Clear(); // the written jobs must not stay in memory while the queue is empty
        }
    }

    private async Task WriteAsync(List<PostgresJob> batch)
    {
        using var backOff = _server.BackOff();
        while (batch.Count > 0)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                _session ??= await PostgresWriteSession.OpenAsync(_server, backOff, _clock, CancellationToken.None);
                await _server.ConfirmAsync(CancellationToken.None);
                await AttemptAsync(_session, batch);
                JournalMetrics.Record(JournalMetrics.Postgres, batch.Count, _waiting.Reader.Count, began, failure: null);
                backOff.Reached();
                return;
            }
            catch (Exception e) when (PostgresFaults.IsTaken(e))
            {
                _session!.Forget(batch.OfType<AppendJob>()); // another process was faster; its transaction has ended
            }
            catch (Exception e) when (PostgresFaults.IsCollision(e))
            {
                // rolled back by the server in favour of another transaction: retried at once
            }
            catch (Exception e)
            {
                JournalMetrics.Record(JournalMetrics.Postgres, batch.Count, _waiting.Reader.Count, began, e);
                var isLoss = IsLoss(e);
                await CloseAsync(); // the state of the connection is unknown: the next attempt opens a new one
                if (isLoss && await WaitAsync(batch, backOff, e))
                    continue;
                if (!isLoss && e is not JournalException)
                    backOff.Reached();
                if (!isLoss && PostgresFaults.IsOfValue(e) && batch.Count > 1)
                    await WriteEachAsync(batch);
                else
                    Fail(batch, isLoss ? backOff.GivenUp(e) : e);
                return;
            }
        }
    }

    // One job has a value that the database cannot store. Written one by one, the others succeed.
    private async Task WriteEachAsync(List<PostgresJob> batch)
    {
        foreach (var job in batch)
            await WriteAsync([job]);
    }

    private async Task AttemptAsync(PostgresWriteSession session, List<PostgresJob> batch)
    {
        List<PostgresJob> others = [.. batch.Where(job => job is not AppendJob)];
        var (fit, unfit) = await session.SortAsync([.. batch.OfType<AppendJob>()], CancellationToken.None);
        try
        {
            await session.WriteAsync(fit, others, CancellationToken.None);
        }
        catch (Exception e) when (IsLoss(e))
        {
            fit.ForEach(job => job.IsDoubtful = true);
            throw;
        }

        if (fit.Count + others.Count > 0)
            Interlocked.Increment(ref _transactions);
        foreach (var (job, why) in unfit)
        {
            if (why is null)
                job.Complete();
            else
                job.Fail(why);
        }

        fit.ForEach(job => job.Complete());
        others.ForEach(job => job.Complete());
    }

    // While the server is unreachable the callers may cancel. Returns whether the remaining jobs are to be retried.
    private static async Task<bool> WaitAsync(List<PostgresJob> batch, BackOff backOff, Exception fault)
    {
        batch.ForEach(job => job.PutBack());
        using var over = new CancellationTokenSource();
        var waiting = backOff.WaitAsync(fault, over.Token);
        var allCancelled = Task.WhenAll(batch.Select(job => job.Done)).ContinueWith(left => left.Exception, TaskScheduler.Default);
        await Task.WhenAny(waiting, allCancelled);
        await over.CancelAsync();
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        batch.RemoveAll(job => !job.TryTake());
        return batch.Count == 0 || waiting is { IsCompletedSuccessfully: true, Result: true };
    }

    private bool IsLoss(Exception e) => PostgresFaults.IsLoss(e) || e is not JournalException && _session is { IsOpen: false };

    private void Fail(List<PostgresJob> batch, Exception fault)
    {
        var failure = fault is DbException or IOException or SocketException ? PostgresFaults.Of(fault, _server.Place) : fault;
        batch.ForEach(job => job.Fail(failure));
    }

    private async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }
}
