using System.Data.Common;
using System.Net.Sockets;
using System.Threading.Channels;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>
/// One of the writers of a journal: takes every job that waits, writes them in one transaction, and when it is durable
/// tells them.
/// </summary>
/// <remarks>
/// Where the connection is lost nobody knows whether the last transaction was committed. So another connection is made,
/// and each append is offered again: what turns out to be stored already, by this writer and with these bytes, is
/// acknowledged, and the rest is written.
/// </remarks>
internal sealed class PostgresGroupCommit : IAsyncDisposable
{
    // A batch ends here so that one enormous transaction does not keep everybody waiting.
    private const int BatchBytes = 16 * 1024 * 1024;

    // How often the pool's other work goes first while those who were just told are on their way back.
    private const int Turns = 16;

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

    /// <summary>Whether it has a connection, as far as the driver has noticed.</summary>
    public bool IsConnected => _session is { IsOpen: true };

    /// <summary>How many transactions were committed.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>
    /// Completes when the work is durable. Cancellation ends it at once, but for the moment of a transaction with it.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; it has not been written.</exception>
    /// <exception cref="SecondWriterException">The append does not continue its stream.</exception>
    /// <exception cref="JournalException">
    /// It could not be written, or was cancelled after its connection was lost; whether a lost transaction was
    /// committed, the stream tells.
    /// </exception>
    public Task RunAsync(PostgresJob job, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
            job.HeedCancellation();
        return !cancellationToken.IsCancellationRequested && _waiting.Writer.TryWrite(job) ? job.Done : EnterAsync(job, cancellationToken);
    }

    // Where the queue is full, or closed.
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

    /// <summary>A setting as a writer's connection has it.</summary>
    public async Task<string> SettingAsync(string name)
    {
        using var backOff = _server.BackOff();
        await using var session = await PostgresWriteSession.OpenAsync(_server, backOff, _clock, CancellationToken.None);
        return await session.SettingAsync(name);
    }

    /// <summary>Writes what waits, and closes.</summary>
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
            // They come with their next event in a moment: with them the next transaction is twice as large, and each
            // costs a sync of the disk.
            for (var turn = 0; turn < Turns && _waiting.Reader.Count < last; turn++)
                await Task.Yield();
            for (var bytes = 0; batch.Count < _batchJobs && bytes < BatchBytes && _waiting.Reader.TryPeek(out var job); bytes += job.Bytes)
            {
                // What is marked as deleted depends on which appends came before: so a transaction ends there.
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
            batch.Clear(); // What is written is kept by nobody while nothing comes.
        }
    }

    private async Task WriteAsync(List<PostgresJob> batch)
    {
        using var backOff = _server.BackOff();
        while (batch.Count > 0)
        {
            try
            {
                _session ??= await PostgresWriteSession.OpenAsync(_server, backOff, _clock, CancellationToken.None);
                await _server.ConfirmAsync(CancellationToken.None);
                await AttemptAsync(_session, batch);
                backOff.Reached();
                return;
            }
            catch (Exception e) when (PostgresFaults.IsTaken(e))
            {
                _session!.Forget(batch.OfType<AppendJob>()); // Another process was faster with one of them; its transaction has ended.
            }
            catch (Exception e) when (PostgresFaults.IsCollision(e))
            {
                // Undone by the server so that another could go on: at once again.
            }
            catch (Exception e)
            {
                var isLoss = IsLoss(e);
                await CloseAsync(); // In whatever state the connection is, the next attempt begins with a new one.
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

    // One of them holds what the database cannot: the others shall not suffer for it.
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

    // While the server is away the callers may leave. Whether those that are left are to be tried again.
    private static async Task<bool> WaitAsync(List<PostgresJob> batch, BackOff backOff, Exception fault)
    {
        batch.ForEach(job => job.PutBack());
        using var over = new CancellationTokenSource();
        var waiting = backOff.WaitAsync(fault, over.Token);
        var allHaveLeft = Task.WhenAll(batch.Select(job => job.Done)).ContinueWith(left => left.Exception, TaskScheduler.Default);
        await Task.WhenAny(waiting, allHaveLeft);
        await over.CancelAsync();
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        batch.RemoveAll(job => !job.TryTake());
        return batch.Count == 0 || waiting is { IsCompletedSuccessfully: true, Result: true };
    }

    private bool IsLoss(Exception e) => PostgresFaults.IsLoss(e) || e is not JournalException && _session is { IsOpen: false };

    private void Fail(List<PostgresJob> batch, Exception fault)
    {
        var told = fault is DbException or IOException or SocketException ? PostgresFaults.Of(fault, _server.Place) : fault;
        batch.ForEach(job => job.Fail(told));
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
