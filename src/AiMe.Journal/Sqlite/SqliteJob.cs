using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>Something to write, with somebody waiting for it to be durable.</summary>
internal abstract class SqliteJob(int bytes, CancellationToken cancellationToken)
{
    public int Bytes => bytes;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>
    /// Whether the caller gave up before the writer took the job up. Afterwards it is too late: the answer is then the
    /// truth.
    /// </summary>
    public abstract bool GivenUp();

    /// <summary>Writes, or keeps a refusal for later; any other exception undoes the whole transaction.</summary>
    public abstract void Run(SqliteWriteSession session);

    /// <summary>After the commit: the caller hears what came of it.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception fault);
}

/// <param name="work">Refuses before it writes: its transaction is shared.</param>
internal sealed class SqliteJob<T>(int bytes, Func<SqliteWriteSession, T> work, CancellationToken cancellationToken)
    : SqliteJob(bytes, cancellationToken)
{
    // Continuations run elsewhere, or the caller's next step would run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _refusal;
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool GivenUp() => CancellationToken.IsCancellationRequested && _done.TrySetCanceled(CancellationToken);

    public override void Run(SqliteWriteSession session)
    {
        try
        {
            _result = work(session);
        }
        catch (Exception e) when (e is SecondWriterException or AlreadyOwnedException)
        {
            _refusal = e;
        }
    }

    public override void Complete()
    {
        if (_refusal is null)
            _done.SetResult(_result!);
        else
            _done.SetException(_refusal);
    }

    public override void Fail(Exception fault) => _done.SetException(fault);
}
