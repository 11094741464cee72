using System.Collections.Immutable;
using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>The leases of shards and of the supervisor over the table of owners, in which a process without a cluster claims its run and its instances too.</summary>
public sealed class OwnerLeasesTests : IAsyncLifetime
{
    private const string Run = "leased-12345678",
        Supervisor = "aime-singleton-akka://aime/system/leased-12345678-supervisor";

    private static readonly ImmutableArray<string> s_instances = [.. Enumerable.Range(1, 300).Select(i => $"kept-{i}")];

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-leases-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private EventStore _store = null!;

    public async Task InitializeAsync() =>
        _store = await EventStore.OpenAsync(_directory, _time, SqliteSettings.Default, (_, _) => true, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_shards_lease_owns_exactly_the_names_of_its_instances()
    {
        var (leases, extractor) = (Leases("one"), new InstanceExtractor());
        for (var shard = 0; shard < InstanceExtractor.Shards; shard++)
        {
            leases
                .NamesOf(Shard(shard))
                .ShouldBe(
                    s_instances
                        .Where(i =>
                            extractor.ShardId(
                                extractor.EntityId(new CommandEnvelope(new FacultyAddress(i, "self"), new TryAgain(1)))!,
                                null
                            ) == $"{shard}"
                        )
                        .Select(i => $"{Run}/{i}")
                        .Order(StringComparer.Ordinal)
                );
        }
    }

    [Fact]
    public void The_shards_own_each_instance_once() =>
        Enumerable
            .Range(0, InstanceExtractor.Shards)
            .SelectMany(s => Leases("one").NamesOf(Shard(s)))
            .Order(StringComparer.Ordinal)
            .ShouldBe(s_instances.Select(i => $"{Run}/{i}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("leased-12345678")]
    [InlineData("my-shard-7")]
    [InlineData("a/b c-instances-3")]
    public void The_supervisors_lease_owns_the_run_whatever_its_name(string run) =>
        Leases("one", run).NamesOf($"aime-singleton-akka://aime/system/{Uri.EscapeDataString(run)}-supervisor").ShouldBe([run]);

    [Fact]
    public void The_lease_of_the_majority_owns_a_name_that_no_instance_has() =>
        Leases("one").NamesOf(OwnerLeases.Majority).ShouldHaveSingleItem().ShouldBe($"{Run}#majority");

    [Fact]
    public async Task A_plain_session_is_refused_while_any_shard_is_held()
    {
        var leases = Leases("one");
        foreach (var lease in Enumerable.Range(0, InstanceExtractor.Shards).Select(Shard).Where(l => !leases.NamesOf(l).IsEmpty))
        {
            await leases.AcquireAsync(lease, lost: null);
            leases.NamesOf(lease).ShouldContain((await Should.ThrowAsync<AlreadyOwnedException>(ClaimAllAsync)).Holder.Name);
            await leases.ReleaseAsync(lease);
        }

        await ClaimAllAsync();
    }

    [Fact]
    public async Task A_plain_session_is_refused_while_the_supervisors_lease_is_held()
    {
        await Leases("one").AcquireAsync(Supervisor, lost: null);
        (await Should.ThrowAsync<AlreadyOwnedException>(ClaimAllAsync)).Holder.Name.ShouldBe(Run);
    }

    [Fact]
    public async Task Every_lease_is_refused_while_a_plain_session_holds_the_run()
    {
        await ClaimAllAsync();
        var leases = Leases("one");
        foreach (
            var lease in Enumerable
                .Range(0, InstanceExtractor.Shards)
                .Select(Shard)
                .Prepend(Supervisor)
                .Where(l => !leases.NamesOf(l).IsEmpty)
        )
        {
            await Should.ThrowAsync<AlreadyOwnedException>(() => leases.AcquireAsync(lease, lost: null));
            leases.Holds(lease).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_lease_that_one_node_holds_is_refused_to_another_until_it_is_released()
    {
        var (one, other) = (Leases("one"), Leases("other"));
        await one.AcquireAsync(Shard(3), lost: null);
        await Should.ThrowAsync<AlreadyOwnedException>(() => other.AcquireAsync(Shard(3), lost: null));
        await other.AcquireAsync(Shard(4), lost: null);
        await one.ReleaseAsync(Shard(3));
        await other.AcquireAsync(Shard(3), lost: null);
        (one.Holds(Shard(3)), other.Holds(Shard(3))).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_release_that_comes_late_takes_nothing_from_the_next_holder()
    {
        var (one, other) = (Leases("one"), Leases("other"));
        await one.AcquireAsync(Shard(3), lost: null);
        await using var asOther = await EventStore.OpenAsync(
            _directory,
            _time,
            SqliteSettings.Default,
            (_, _) => false,
            CancellationToken.None
        ); // the first process is gone
        var taken = new OwnerLeases(asOther.Ownership, Info("other"), Run, s_instances, new InstanceExtractor(), _time);
        await taken.AcquireAsync(Shard(3), lost: null);
        await one.ReleaseAsync(Shard(3));
        (await Should.ThrowAsync<AlreadyOwnedException>(ClaimAllAsync)).Holder.Info.Writer.ShouldBe(new WriterId("other"));
    }

    [Fact]
    public async Task All_leases_are_released_together()
    {
        var leases = Leases("one");
        foreach (var lease in Enumerable.Range(0, 9).Select(Shard).Append(Supervisor))
            await leases.AcquireAsync(lease, lost: null);
        await leases.ReleaseAllAsync();
        (await _store.Ownership.HoldersAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_heartbeat_is_renewed_for_every_lease()
    {
        var leases = Leases("one");
        await leases.AcquireAsync(Shard(3), lost: null);
        await leases.AcquireAsync(Supervisor, lost: null);
        using var over = new CancellationTokenSource();
        var beating = leases.BeatAsync(over.Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(async () =>
            (await _store.Ownership.HoldersAsync(CancellationToken.None)).All(h => h.Owner.Heartbeat == _time.GetUtcNow())
        );
        await over.CancelAsync();
        await beating.WaitAsync(Systems.Patience);
    }

    [Fact]
    public async Task A_lease_that_another_process_has_taken_over_is_lost_and_ends_the_node()
    {
        var (leases, lost) = (Leases("one"), new TaskCompletionSource<Exception>());
        await leases.AcquireAsync(Shard(4), lost: _ => throw new InvalidOperationException("this one is held"));
        await leases.AcquireAsync(Shard(3), lost.SetResult);
        await using var asOther = await EventStore.OpenAsync(
            _directory,
            _time,
            SqliteSettings.Default,
            (_, _) => false,
            CancellationToken.None
        );
        await asOther.Ownership.ClaimAsync([leases.NamesOf(Shard(3))[^1]], Info("other"), CancellationToken.None);
        var beating = leases.BeatAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));
        (await Should.ThrowAsync<JournalException>(() => beating.WaitAsync(Systems.Patience))).Message.ShouldContain(
            $"Another process has taken over {leases.NamesOf(Shard(3))[^1]}"
        );
        (await lost.Task.WaitAsync(Systems.Patience)).ShouldBeOfType<JournalException>();
    }

    private OwnerLeases Leases(string writer, string run = Run) =>
        new(_store.Ownership, Info(writer), run, s_instances, new InstanceExtractor(), _time);

    private Task ClaimAllAsync() =>
        _store.Ownership.ClaimAsync([Run, .. s_instances.Select(i => $"{Run}/{i}")], Info("plain"), CancellationToken.None);

    private static OwnerInfo Info(string writer) => OwnerInfo.Here(new WriterId(writer));

    private static string Shard(int shard) => $"aime-shard-{Run}-instances-{shard}";

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Systems.Patience);
        while (!await condition())
            await Task.Delay(Systems.Often, patience.Token);
    }
}

/// <summary>Akka asks for a lease and lets it go in a row, without waiting.</summary>
public sealed class OwnerLeaseTests : TestKit
{
    private readonly string _directory;
    private readonly EventStore _store;

    public OwnerLeaseTests()
        : this(Directory.CreateTempSubdirectory("aime-lease-").FullName) { }

    private OwnerLeaseTests(string directory)
        : this(
            directory,
            EventStore.OpenAsync(directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None).Result
        ) { }

    private OwnerLeaseTests(string directory, EventStore store)
        : base(
            Systems.Leased(
                new OwnerLeases(
                    store.Ownership,
                    OwnerInfo.Here(new WriterId("one")),
                    "test",
                    ["kept-1"],
                    new InstanceExtractor(),
                    TimeProvider.System
                )
            )
        ) => (_directory, _store) = (directory, store);

    [Fact]
    public async Task What_is_acquired_and_released_in_a_row_ends_as_it_was_asked_last()
    {
        var lease = Lease();
        for (var i = 0; i < 20; i++)
        {
            Task<bool>[] asked = [lease.Acquire(), lease.Release(), lease.Acquire(), lease.Release(), lease.Acquire()];
            (await Task.WhenAll(asked).WaitAsync(Systems.Patience)).ShouldAllBe(done => done);
            lease.CheckLease().ShouldBeTrue();
            (await _store.Ownership.FindAsync("test", CancellationToken.None)).ShouldNotBeNull();
            await Task.WhenAll(lease.Acquire(), lease.Release()).WaitAsync(Systems.Patience);
            lease.CheckLease().ShouldBeFalse();
            (await _store.Ownership.FindAsync("test", CancellationToken.None)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_lease_that_another_holds_is_answered_with_no()
    {
        var other = OwnerInfo.Here(new WriterId("other"));
        var held = await _store.Ownership.ClaimAsync(["test"], other, CancellationToken.None);
        var lease = Lease();
        (await lease.Acquire()).ShouldBeFalse();
        lease.CheckLease().ShouldBeFalse();
        await _store.Ownership.ReleaseAsync(held, other.Writer, CancellationToken.None);
        (await lease.Acquire()).ShouldBeTrue();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _store.DisposeAsync().AsTask().Wait(Systems.Patience);
        Directory.Delete(_directory, recursive: true);
    }

    private Lease Lease() =>
        LeaseProvider.Get(Sys).GetLease("aime-singleton-akka://aime/system/test-supervisor", new OwnerLeaseOption().ConfigPath, "here:1");
}
