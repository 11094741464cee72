using System.Collections.Immutable;
using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Hosts;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Runs;
using AiMe.Lab.Verification;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>In mid-run a second node joins the first, takes instances over, and leaves again. All the while somebody else tries to write.</summary>
public sealed class HandOverTests : IAsyncLifetime
{
    private const string Run = "moving-12345678";
    private const int LastFreeCycle = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly ActorSystemSettings s_settings = Nodes.SoonAnd(
        "akka.cluster.sharding { rebalance-interval = 300 ms, least-shard-allocation-strategy.rebalance-absolute-limit = 3 }"
    );

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-moving-").FullName;
    private readonly TaskCompletionSource _cameBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EventStore _store = null!;
    private RunPlan _plan = null!;

    public async Task InitializeAsync()
    {
        _store = await EventStore.OpenAsync(
            _directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );
        _plan = await ScriptedRun.PlanAsync(
            _store.Blobs,
            Run,
            AiMe.Faculties.Tests.Plans.TwoVariants(replicates: 4, stimuli: LastFreeCycle + 6, internalEvery: 7, every: 12)
        );
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [SlowTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_writer_is_refused_at_every_moment_of_a_hand_over(bool akkaSql)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var over = new CancellationTokenSource();
        var alone = await DigestOfAloneAsync();

        var first = new OpenedNode(_store, NodeOptions.Alone, s_settings, akkaSql);
        var running = RunAsync(first, LastFreeCycle, _cameBack.Task, CancellationToken.None);
        await UntilAsync(async () => (await WritersAsync()).Count >= _plan.Instances.Count(), running, patience.Token); // each instance has been written
        var intruding = IntrudeAsync(over.Token);

        using var leave = new CancellationTokenSource();
        var second = new OpenedNode(
            _store,
            NodeOptions.Alone with
            {
                Seeds = [$"127.0.0.1:{await first.PortAsync()}"],
            },
            s_settings,
            akkaSql
        );
        var leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // On the second node a few more cycles are free, so that an instance that comes to it writes there, however soon the first node has reached its last free one.
        var visiting = RunAsync(second, LastFreeCycle + 3, leaving.Task, leave.Token);
        await UntilAsync(async () => (await WritersAsync()).Values.Count(w => w.Length > 1) >= 3, running, patience.Token);
        await leave.CancelAsync();
        leaving.SetResult(); // a node that leaves finishes what it has in hand
        (await visiting.WaitAsync(Patience)).Digest.ShouldBeNull("it left in mid-run");
        _cameBack.SetResult();

        (await running.WaitAsync(Patience)).Digest.ShouldBe(alone);
        await over.CancelAsync();
        (await intruding.WaitAsync(Patience)).ShouldBeGreaterThan(20, "attempts at the whole run");
        var verified = await Verifier.VerifyAsync(_store, null, null, null, CancellationToken.None);
        verified.Divergences.ShouldBeEmpty();
        (await WritersAsync())
            .Values.Any(w => w.Length > w.Distinct().Count())
            .ShouldBe(akkaSql, "only the id of Akka.Persistence.Sql's plugin returns with an instance");
    }

    // Attempts at the whole run, as a process without a cluster makes them, are refused. A single instance is free for a moment on its way; whoever has it then is alone.
    private async Task<int> IntrudeAsync(CancellationToken over)
    {
        var intruder = OwnerInfo.Here(new WriterId("intruder"));
        ImmutableArray<string> instances = [.. _plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))];
        var refused = 0;
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            if (await TryClaimAsync([Run, .. instances.Select(n => $"{Run}/{n}")]) is { } all)
            {
                await _store.Ownership.ReleaseAsync(all, intruder.Writer, CancellationToken.None);
                (await RunHost.DigestOfEndedAsync(Run, null, _store, CancellationToken.None)).ShouldNotBeNull(
                    "nobody may take a run over while nodes carry it"
                );
                break;
            }

            refused++;
            var instance = instances[i % instances.Length];
            if (await TryClaimAsync([$"{Run}/{instance}"]) is { } one)
            {
                var before = await LengthAsync(instance);
                await TryClaimAsync([Run]); // time passes
                await Task.Yield();
                (await LengthAsync(instance)).ShouldBe(before, $"{instance} was written while somebody else owned it");
                await _store.Ownership.ReleaseAsync(one, intruder.Writer, CancellationToken.None);
            }
        }

        return refused;

        async Task<ImmutableArray<Owned>?> TryClaimAsync(ImmutableArray<string> names)
        {
            try
            {
                return await _store.Ownership.ClaimAsync(names, intruder, CancellationToken.None);
            }
            catch (AlreadyOwnedException)
            {
                return null;
            }
        }
    }

    private async Task<long> LengthAsync(string instance)
    {
        var length = 0L;
        foreach (var faculty in Loop.Faculties)
            length += await _store.Journal.HighestSequenceNumberAsync(
                PersistenceId.Of(Run, new FacultyAddress(instance, faculty.Name)),
                CancellationToken.None
            );
        return length;
    }

    // Of each instance, its writers in the order in which they wrote.
    private async Task<Dictionary<string, ImmutableArray<string>>> WritersAsync()
    {
        var writers = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        await foreach (var row in _store.Journal.ReadAllAsync(0, CancellationToken.None))
        {
            if (row.PersistenceId.Value.Split('/') is not [Run, var instance, _])
                continue;
            var known = writers.GetValueOrDefault(instance, []);
            if (known.IsEmpty || known[^1] != row.Writer.Value)
                writers[instance] = known.Add(row.Writer.Value);
        }

        return writers;
    }

    private Task<RunOutcome> RunAsync(IRuntimeFactory hosting, int lastFree, Task free, CancellationToken interrupt) =>
        RunHost.RunAsync(
            _plan,
            _store,
            new Scripted(_store.Blobs, lastFree, free),
            new SessionOptions(2, Hosting: hosting),
            new Watcher(),
            TimeProvider.System,
            interrupt,
            CancellationToken.None
        );

    private async Task<string?> DigestOfAloneAsync()
    {
        var directory = Directory.CreateTempSubdirectory("aime-alone-").FullName;
        await using var store = await EventStore.OpenAsync(
            directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );
        await ScriptedRun.PlanAsync(store.Blobs);
        var alone = await RunHost.RunAsync(
            _plan,
            store,
            new ScriptedEffects(store.Blobs, null),
            new SessionOptions(2),
            new Watcher(),
            TimeProvider.System,
            CancellationToken.None,
            CancellationToken.None
        );
        Directory.Delete(directory, recursive: true);
        return alone.Digest;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, Task running, CancellationToken patience)
    {
        while (!await condition())
        {
            running.IsCompleted.ShouldBeFalse("the run ended too early");
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience);
        }
    }

    /// <summary>The script, which waits near the end of the run: what is tried is tried in mid-run.</summary>
    private sealed class Scripted(IBlobs blobs, int lastFree, Task free) : IEffects
    {
        private readonly ScriptedEffects _script = new(blobs, null);

        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            if (effect is GenerateAnswer { Cycle: var cycle } && cycle > lastFree)
                await free.WaitAsync(cancellationToken);
            return await _script.RunAsync(instance, effect, cancellationToken);
        }
    }
}
