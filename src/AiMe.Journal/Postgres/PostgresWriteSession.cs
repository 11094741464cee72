using System.Data;
using System.Diagnostics;
using AiMe.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace AiMe.Journal.Postgres;

/// <summary>
/// A writer's connection, with its prepared statements and the highest sequence numbers of the streams that it has
/// written.
/// </summary>
/// <remarks>
/// Another process may have written since, but numbers only grow, so a remembered number is never too high. An append
/// that continues it either fits or violates the unique constraint, and nothing interleaves. Before an append is
/// refused, its stream is queried. The keys are digests of the streams' names: the names would take a third of the
/// memory of an idle instance.
/// </remarks>
internal sealed class PostgresWriteSession(NpgsqlConnection connection, int remembered, TimeProvider clock) : IAsyncDisposable
{
    private const string SaveText = """
        INSERT INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        SELECT p, s, $1, m, f, $6 FROM unnest($2, $3, $4, $5) AS e(p, s, m, f)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
          created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    private readonly Dictionary<UInt128, long> _highest = [];

    /// <summary>
    /// Opens a session. The settings decide whether commits wait for the disk, regardless of the server's default.
    /// </summary>
    public static async Task<PostgresWriteSession> OpenAsync(
        PostgresServer server,
        BackOff backOff,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var connection = await backOff.OpenAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(
                server.Synchronous == Synchronous.Full
                    ? "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
                    : "SELECT set_config('synchronous_commit', 'off', false)",
                cancellationToken
            );
            return new PostgresWriteSession(connection, server.Remembered, clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the connection is open, as far as the driver knows.</summary>
    public bool IsOpen
    {
        get
        {
            try
            {
                return connection.State == ConnectionState.Open;
            }
            catch (NullReferenceException)
            {
                // Npgsql 10 reads its connector twice, and its keep-alive may have dropped it in between: it is closed.
                return false;
            }
        }
    }

    /// <summary>Forgets the sequence numbers of some streams, one of which another process has written.</summary>
    public void Forget(IEnumerable<AppendJob> appends)
    {
        foreach (var append in appends)
            _highest.Remove(append.Key);
    }

    /// <summary>
    /// Separates the appends that continue their streams, in order, from the others, with the reason; null if an append
    /// is already stored.
    /// </summary>
    public async Task<(List<AppendJob> Fit, List<(AppendJob Job, SecondWriterException? Why)> Unfit)> SortAsync(
        List<AppendJob> appends,
        CancellationToken cancellationToken
    )
    {
        if (_highest.Count > remembered)
            _highest.Clear();
        await LearnAsync([.. appends.Where(a => !_highest.ContainsKey(a.Key)).DistinctBy(a => a.Key)], cancellationToken);
        var (fit, unfit) = Split(appends);
        if (unfit.Count == 0)
            return (fit, []);

        // An append is not refused by memory alone: the streams are queried again.
        await LearnAsync([.. unfit.Select(u => u.Job).DistinctBy(a => a.Key)], cancellationToken);
        (fit, unfit) = Split(appends);
        var refused = new List<(AppendJob, SecondWriterException?)>();
        foreach (var (job, highest) in unfit)
            refused.Add(
                (
                    job,
                    job.IsDoubtful && await IsStoredAsync(job, cancellationToken)
                        ? null
                        : Journal.Entries.Conflict(job.Stream, job.First, highest)
                )
            );
        return (fit, refused);
    }

    /// <summary>Writes in one transaction and one round trip; durable when it returns.</summary>
    /// <param name="others">The jobs other than appends, in order.</param>
    public async Task WriteAsync(List<AppendJob> appends, List<PostgresJob> others, CancellationToken cancellationToken)
    {
        // A pipeline up to one synchronisation point is one transaction: that point commits it.
        await using var batch = new NpgsqlBatch(connection);
        var now = clock.GetUtcNow().UtcTicks;
        if (appends.Count > 0)
            batch.BatchCommands.Add(PostgresAppend.Command(appends, now));
        foreach (var command in Others(others, now))
            batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count == 0)
            return;
        await batch.PrepareAsync(cancellationToken);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        foreach (var append in appends)
            _highest[append.Key] = append.Last;
    }

    public async Task<string> SettingAsync(string name) =>
        (await connection.QueryAsync("SELECT current_setting($1)", reader => reader.GetString(0), CancellationToken.None, name))[0];

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private (List<AppendJob> Fit, List<(AppendJob Job, long Highest)> Unfit) Split(List<AppendJob> appends)
    {
        var (fit, unfit, reached) = (new List<AppendJob>(appends.Count), new List<(AppendJob, long)>(), new Dictionary<UInt128, long>());
        foreach (var append in appends)
        {
            var highest = reached.TryGetValue(append.Key, out var r) ? r : _highest[append.Key];
            if (append.First == highest + 1)
            {
                fit.Add(append);
                reached[append.Key] = append.Last;
            }
            else
            {
                unfit.Add((append, highest));
            }
        }

        return (fit, unfit);
    }

    private async Task LearnAsync(AppendJob[] appends, CancellationToken cancellationToken)
    {
        if (appends.Length == 0)
            return;
        var found = await connection.QueryAsync(
            "SELECT coalesce((SELECT max(sequence_number) FROM journal WHERE persistence_id = id), 0) FROM unnest($1) "
                + "WITH ORDINALITY AS u(id, n) ORDER BY n",
            reader => reader.GetInt64(0),
            cancellationToken,
            (object)appends.Select(a => a.Stream.Value).ToArray()
        );
        foreach (var (append, highest) in appends.Zip(found))
            _highest[append.Key] = highest;
    }

    private async Task<bool> IsStoredAsync(AppendJob job, CancellationToken cancellationToken) =>
        job.IsStoredAs(
            await PostgresRows.OfStreamAsync(connection, job.Stream, job.First, job.Last, job.Entries.Length, cancellationToken)
        );

    // Consecutive saves become one statement; deletions keep their place.
    private static IEnumerable<NpgsqlBatchCommand> Others(List<PostgresJob> jobs, long now)
    {
        for (var i = 0; i < jobs.Count; )
        {
            SaveJob[] saves = [.. jobs.Skip(i).TakeWhile(j => j is SaveJob).Cast<SaveJob>()];
            i += Math.Max(1, saves.Length);
            yield return saves.Length > 0
                ? Save(saves, now)
                : jobs[i - 1] switch
                {
                    DeleteJob d => Command(
                        "UPDATE journal SET deleted = true WHERE persistence_id = $1 AND sequence_number <= $2 AND NOT deleted",
                        d.Stream.Value,
                        d.To
                    ),
                    DeleteSnapshotsJob d => Command(
                        "DELETE FROM snapshot WHERE persistence_id = $1 AND sequence_number <= $2",
                        d.Stream.Value,
                        d.To
                    ),
                    _ => throw new UnreachableException(),
                };
        }
    }

    // One statement cannot write a row twice, so of two saves with one number the later is used.
    private static NpgsqlBatchCommand Save(SaveJob[] jobs, long now)
    {
        SaveJob[] last = [.. jobs.GroupBy(j => (j.Stream, j.SequenceNumber)).Select(g => g.Last())];
        return Command(
            SaveText,
            now,
            last.Select(j => j.Stream.Value).ToArray(),
            last.Select(j => j.SequenceNumber).ToArray(),
            last.Select(j => j.State).ToArray(),
            last.Select(j => j.Manifest).ToArray(),
            PostgresJournal.SerializerId
        );
    }

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var value in values)
        {
            var parameter = new NpgsqlParameter { Value = value };
            if (value is ReadOnlyMemory<byte>[])
                parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
