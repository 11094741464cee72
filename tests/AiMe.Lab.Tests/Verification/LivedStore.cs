using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Verification;
using Microsoft.Data.Sqlite;

namespace AiMe.Lab.Tests.Verification;

/// <summary>A store in a directory of its own with a run that the real host made over SQLite and a scripted world: instances that finished, one that was parked, trainings, insights, snapshots, blobs.</summary>
internal sealed class LivedStore : IDisposable
{
    public const string Run = "lived-12345678";

    private static readonly ConcurrentDictionary<(int, int), Lazy<Task<LivedStore>>> s_made = new();

    static LivedStore() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Clear();

    private LivedStore() { }

    public string Path { get; } = Directory.CreateTempSubdirectory("aime-verify-").FullName;

    private string Db => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>A copy of a run that was lived to its end once, with a snapshot every few events.</summary>
    public static async Task<LivedStore> LiveAsync(int snapshotEvery = 8, int stimuli = 11)
    {
        var made = s_made.GetOrAdd((snapshotEvery, stimuli), _ => new(() => MakeAsync(snapshotEvery, stimuli)));
        return (await made.Value).Copy();
    }

    private static async Task<LivedStore> MakeAsync(int snapshotEvery, int stimuli)
    {
        var lived = new LivedStore();
        await using var store = await lived.OpenAsync();
        var plan = await PlanAsync(store, stimuli);
        var ended = new Ended();
        await using var runtime = await new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System).OpenAsync(
            new HostSettings
            {
                Run = Run,
                Writer = new WriterId("writer-1"),
                Faculties = Loop.Faculties,
                Supervisor = Loop.Supervision,
                Codec = FacultyEvents.Codec,
                Park = (i, why) => new ParkInstance(i, why),
                Parallel = 2,
                SnapshotEvery = snapshotEvery,
            },
            new Scripted(store.Blobs),
            ended
        );
        await runtime.TellAsync(FacultyAddress.Supervisor, new StartRun(plan));
        await (await Task.WhenAny(ended.Reached.Task, runtime.Failure)).WaitAsync(TimeSpan.FromMinutes(1));
        await runtime.StopAsync(CancellationToken.None);
        return lived;
    }

    public static async Task<RunPlan> PlanAsync(EventStore store, int stimuli)
    {
        var (weights, corpus) = (
            await store.Blobs.PutAsync("weights of generation 0"u8.ToArray(), default),
            await store.Blobs.PutAsync("a corpus"u8.ToArray(), default)
        );
        var kept = new VariantPlan(
            "kept",
            Some.Self,
            Some.Memory with
            {
                Capacity = 4,
            },
            Some.Reflector,
            [new Dedupe(0.999), new Top(ScoreName.Alignment, 0.8, 4)],
            Some.Trainer
        );
        return new RunPlan(
            Run,
            new Seed(42),
            Some.Epoch,
            TimeSpan.FromMinutes(1),
            4,
            new ModelId(weights.Sha256),
            Some.Charter,
            Some.Probes,
            [.. Enumerable.Range(1, stimuli).Select(Some.Stimulus)],
            3,
            2,
            [kept, kept with { Name = "frozen", Curate = [new KeepAll()], Trainer = Some.Trainer with { Train = false } }],
            new ModelOrigin.Nano("tiny", 100, 1, corpus.Sha256)
        );
    }

    public Task<EventStore> OpenAsync() =>
        EventStore.OpenAsync(Path, TimeProvider.System, SqliteSettings.Default, (_, _) => false, CancellationToken.None);

    public async Task<VerificationReport> VerifyAsync(string? run = null, string? instance = null)
    {
        await using var store = EventStore.OpenReadOnly(Path, TimeProvider.System, (_, _) => false);
        return await Verifier.VerifyAsync(store, run, instance, null, CancellationToken.None);
    }

    /// <summary>The same store elsewhere, to be changed.</summary>
    public LivedStore Copy()
    {
        var copy = new LivedStore();
        foreach (var file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
        {
            var to = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }

    /// <summary>The bytes of the journal, to be put back.</summary>
    public byte[] Bytes() => File.ReadAllBytes(Db);

    public void PutBack(byte[] bytes)
    {
        File.Delete($"{Db}-wal");
        File.Delete($"{Db}-shm");
        File.WriteAllBytes(Db, bytes);
    }

    public int Change(string sql, params (string Name, object Value)[] values)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    /// <summary>All rows, by ordering.</summary>
    public List<Row> Rows()
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ordering, persistence_id, sequence_number, manifest, message FROM journal ORDER BY ordering";
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
            rows.Add(
                new Row(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4))
            );
        return rows;
    }

    public List<(string Stream, long Number, string Manifest, byte[] Bytes)> Snapshots()
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT persistence_id, sequence_number, manifest, snapshot FROM snapshot ORDER BY persistence_id, sequence_number";
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long, string, byte[])>();
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        return rows;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void Clear()
    {
        foreach (var made in s_made.Values.Where(m => m is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            made.Value.Result.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Db};Pooling=False");
        connection.Open();
        using var hasty = connection.CreateCommand();
        hasty.CommandText = "PRAGMA synchronous=OFF"; // thousands of changes, and none of them is to last
        hasty.ExecuteNonQuery();
        return connection;
    }

    public sealed record Row(long Ordering, string Stream, long Number, string Manifest, byte[] Message)
    {
        public long Index =>
            long.Parse(Encoding.ASCII.GetString(Message.AsSpan(5, Message.AsSpan().IndexOf((byte)',') - 5)), CultureInfo.InvariantCulture);

        public bool IsSupervisors => Stream.EndsWith("/supervisor", StringComparison.Ordinal);

        public string Instance => Stream.Split('/')[1];
    }

    /// <summary>The script of the tests of Mind, with real blobs where it names some.</summary>
    internal sealed class Scripted(IBlobs blobs) : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            effect switch
            {
                WriteBatch e => new BatchWritten(
                    e.Round,
                    [.. e.Kept.Select(k => k.Id)],
                    await PutAsync($"batch {instance} {e.Round}"),
                    await PutAsync($"anchor {e.AnchorSeed}"),
                    1
                ),
                TrainModel { Plan.Round: not 3 } e => new ModelTrained(
                    e.Plan.Round,
                    new ModelId(await PutAsync($"weights {instance} {e.Plan.Round}")),
                    Some.Figures
                ),
                _ => Script.Answer(instance, effect),
            };

        private async Task<string> PutAsync(string text) => (await blobs.PutAsync(Encoding.UTF8.GetBytes(text), default)).Sha256;
    }

    internal sealed class Ended : IRuntimeObserver
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Happened(string instance, string faculty, Event happened)
        {
            if (happened is RunEnded)
                Reached.TrySetResult();
        }

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) => Reached.TrySetException(failure);
    }
}
