using System.Data;
using System.Diagnostics;
using AiMe.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace AiMe.Journal.Postgres;

/// <summary>
/// A writer's connection: its prepared statements, and what is known of the streams that it has written.
/// </summary>
/// <remarks>
/// The highest sequence number of each stream is remembered. Another process may have written since, but numbers only
/// grow, so what is remembered is never too high: an append that continues it either fits or breaks the unique
/// constraint, and nothing interleaves. Whatever does not continue it is asked of the database before it is refused. It
/// is kept under a digest of the stream's name, not the name, which would take a third of what an instance at rest
/// costs.
/// </remarks>
internal sealed class PostgresWriteSession(NpgsqlConnection connection, int remembered, TimeProvider clock) : IAsyncDisposable
{
    private const string SaveText = """
        INSERT INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        SELECT p, s, $1, m, f, $6 FROM unnest($2, $3, $4, $5) AS e(p, s, m, f)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    private readonly Dictionary<UInt128, long> _highest = [];

    /// <summary>
    /// Opens a session whose commits are waited for, or are not, as the settings say and whatever the server's default.
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

    /// <summary>Whether its connection is there, as far as the driver has noticed.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>Forgets what is known of some streams: somebody else has written one of them.</summary>
    public void Forget(IEnumerable<AppendJob> appends)
    {
        foreach (var append in appends)
            _highest.Remove(append.Key);
    }

    /// <summary>
    /// Which appends continue their streams, in order; the others with why not, null where they turn out to be stored
    /// already.
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

        // Not by memory alone: the streams in question are asked for again.
        await LearnAsync([.. unfit.Select(u => u.Job).DistinctBy(a => a.Key)], cancellationToken);
        (fit, unfit) = Split(appends);
        var told = new List<(AppendJob, SecondWriterException?)>();
        foreach (var (job, highest) in unfit)
            told.Add(
                (
                    job,
                    job.IsDoubtful && await IsStoredAsync(job, cancellationToken)
                        ? null
                        : Journal.Entries.Conflict(job.Stream, job.First, highest)
                )
            );
        return (fit, told);
    }

    /// <summary>Writes in one transaction and one round trip. When it returns all of it is durable.</summary>
    /// <param name="others">In their order; all but appends.</param>
    public async Task WriteAsync(List<AppendJob> appends, List<PostgresJob> others, CancellationToken cancellationToken)
    {
        // A pipeline up to one synchronisation point is one transaction: the commit comes with the point.
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

    // Runs of saves become one statement each; what deletes stands between them where it stood.
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

    // One statement cannot write a row twice, so of two saves of one number the later counts.
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
