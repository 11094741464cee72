using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>A write whose caller waits until it is durable.</summary>
internal abstract class SqliteJob(int bytes, CancellationToken cancellationToken)
{
    public int Bytes => bytes;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>
    /// Whether the caller cancelled before the writer started the job; later cancellation has no effect.
    /// </summary>
    public abstract bool IsCancelled();

    /// <summary>
    /// Writes, or keeps a refusal for <see cref="Complete"/>; any other exception rolls back the whole transaction.
    /// </summary>
    public abstract void Run(SqliteWriteSession session);

    /// <summary>Called after the commit: passes the result or the refusal to the caller.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception fault);
}

/// <param name="work">Throws a refusal before it writes, because its transaction is shared.</param>
internal sealed class SqliteJob<T>(int bytes, Func<SqliteWriteSession, T> work, CancellationToken cancellationToken)
    : SqliteJob(bytes, cancellationToken)
{
    // Continuations run elsewhere: otherwise the caller's next step would run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _refusal;
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool IsCancelled() => CancellationToken.IsCancellationRequested && _done.TrySetCanceled(CancellationToken);

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
