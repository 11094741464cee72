using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiMe.Hosts;

/// <summary>Runs the scripted run on a host under test, whole or in parts, and reads what it wrote.</summary>
public abstract class HostKit : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly List<string> _directories = [];

    /// <param name="isSlow">Whether the host takes long to start, such as a node of a cluster: a plain <c>dotnet test</c> skips it.</param>
    private protected HostKit(bool isSlow = false) => Skip.If(isSlow && SlowTests.Skip is not null, SlowTests.Skip);

    public void Dispose()
    {
        foreach (var directory in _directories)
            Directory.Delete(directory, recursive: true);
    }

    /// <summary>The whole run, with the rows of the golden file.</summary>
    private protected async Task LiveWholeAsync(StoreAddress address, Func<EventStore, IRuntimeFactory> hosting) =>
        (await LiveAsync(address, hosting)).Rows.ShouldBe(ScriptedRun.Rows);

    /// <summary>One host begins, another goes on, and the rows are those of the golden file.</summary>
    private protected async Task GoesOnAsync(
        Func<EventStore, IRuntimeFactory> first,
        Func<EventStore, IRuntimeFactory> then,
        Func<StoreAddress, Task>? between = null
    )
    {
        var address = NewStore();
        var begun = await BeginAsync(address, first);
        begun.Length.ShouldBeInRange(20, ScriptedRun.Rows.Length - 20);
        if (between is not null)
            await between(address);
        var ended = await LiveAsync(address, then, snapshotEvery: true);
        ended.Digest.ShouldBe(ScriptedRun.Digest);
        ended.Rows.ShouldBe(ScriptedRun.Rows);
    }

    // Lives some of it, some of kept-1 too, with snapshots, and ends gently.
    private protected async Task<ImmutableArray<string>> BeginAsync(StoreAddress address, Func<EventStore, IRuntimeFactory> hosting)
    {
        using var enough = new CancellationTokenSource();
        var stored = new ConcurrentQueue<string>();
        var begun = await LiveAsync(address, hosting, snapshotEvery: true, interrupt: enough, watch: (instance, happened) =>
        {
            if (happened is not Stored)
                return;
            stored.Enqueue(instance);
            if (stored.Count >= 9 && stored.Contains("kept-1"))
                enough.Cancel();
        });
        begun.Digest.ShouldBeNull();
        return begun.Rows;
    }

    private protected static async Task<int> ChangeAsync(StoreAddress address, string sql)
    {
        await using DbConnection connection = address switch
        {
            DirectoryAddress directory => new SqliteConnection($"Data Source={directory.Journal};Pooling=False"),
            PostgresAddress server => new NpgsqlConnection($"{server.Connection};Pooling=False"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    private protected async Task<(string? Digest, ImmutableArray<string> Rows)> LiveAsync(
        StoreAddress address,
        Func<EventStore, IRuntimeFactory> hosting,
        bool snapshotEvery = false,
        Troubled? troubled = null,
        CancellationTokenSource? interrupt = null,
        Action<string, Event>? watch = null,
        Budget? budget = null
    )
    {
        await using var store = await OpenAsync(address);
        using var patience = new CancellationTokenSource(Patience);
        var over = interrupt?.Token ?? patience.Token;
        var made = hosting(store);
        var meter = budget is null ? null : new UsageMeter(prices: null, limits: null);
        IEffects effects = new ScriptedEffects(store.Blobs, troubled);
        var outcome = await RunHost.RunAsync(
            await ScriptedRun.PlanAsync(store.Blobs),
            store,
            meter is null ? effects : new Metered(effects, meter),
            new SessionOptions(2, Hosting: snapshotEvery ? new Snapping(made) : made, Meter: meter, Budget: budget),
            new Quiet { Watch = watch ?? ((_, _) => { }) },
            TimeProvider.System,
            over,
            patience.Token
        );
        patience.IsCancellationRequested.ShouldBeFalse("the run did not end in time");
        return (outcome.Digest, await ScriptedRun.RowsAsync(store.Journal));
    }

    /// <summary>Where the store of a test is.</summary>
    private protected virtual StoreAddress NewStore() => new DirectoryAddress(NewDirectory());

    /// <summary>A directory that goes with the test.</summary>
    private protected string NewDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("aime-host-").FullName;
        _directories.Add(directory);
        return directory;
    }

    private protected static Task<EventStore> OpenAsync(StoreAddress address) =>
        EventStore.OpenAsync(address, TimeProvider.System, new StoreSettings(), (_, _) => true, CancellationToken.None);

    /// <summary>Effects of which each may cost 200 tokens, and costs 100.</summary>
    private sealed class Metered(IEffects effects, UsageMeter meter) : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            var settle = await meter.SetAsideAsync(new Models.TokenUse(Output: 200), cancellationToken);
            var result = await effects.RunAsync(instance, effect, cancellationToken);
            settle(new Models.TokenUse(Output: 100));
            return result;
        }
    }

    /// <summary>A snapshot every few events.</summary>
    private sealed class Snapping(IRuntimeFactory inner) : IRuntimeFactory
    {
        public bool ClaimsByItself => inner.ClaimsByItself;

        public Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer) =>
            inner.OpenAsync(options with { SnapshotEvery = 5 }, effects, observer);
    }

    /// <summary>An instance that rests at all leaves memory.</summary>
    private protected sealed class Impatient(IRuntimeFactory inner) : IRuntimeFactory
    {
        public bool ClaimsByItself => inner.ClaimsByItself;

        public Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer) =>
            inner.OpenAsync(options with { PassivateAfter = TimeSpan.FromMilliseconds(1) }, effects, observer);
    }

    private protected sealed class Quiet : IRuntimeObserver
    {
        public Action<string, Event> Watch { get; init; } = (_, _) => { };

        public void Happened(string instance, string faculty, Event happened) => Watch(instance, happened);

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
    }
}
