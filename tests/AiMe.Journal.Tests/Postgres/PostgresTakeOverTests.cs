using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>Who owns a run when its server was away for longer than an owner may be silent.</summary>
public sealed class PostgresTakeOverTests(Database database) : IClassFixture<Database>
{
    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");
    private static readonly OwnerInfo Ann = new("alpha", 1, "s", new WriterId("ann")),
        Bob = new("omega", 1, "s", new WriterId("bob"));

    [SkippableFact]
    public async Task An_owner_that_a_server_which_was_away_kept_silent_is_not_taken_over_when_it_comes_back()
    {
        await using var server = await PostgresOutageTests.OwnAsync();
        using var directory = new TemporaryDirectory();
        var address = PostgresOutageTests.Address(await server.NewDatabaseAsync(), directory.Path);
        await using var ann = await OpenAsync(address);
        var held = await ann.Ownership.ClaimAsync(["x"], Ann, None);
        await SilenceAsync(address);
        await server.StopImmediatelyAsync();
        await server.StartAgainAsync();

        await using var bob = await OpenAsync(address);
        await Should.ThrowAsync<AlreadyOwnedException>(() => bob.Ownership.ClaimAsync(["x"], Bob, None));
        (await bob.Ownership.HolderAsync("x", None)).ShouldNotBeNull().IsAlive.ShouldBeTrue();
        (await ann.Ownership.HeartbeatAsync(held, Ann.Writer, None)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Whoever_waited_for_the_server_takes_nobody_over_as_soon_as_it_can_be_reached_again()
    {
        // The server itself has been there for longer than the grace: the way to it was cut.
        var address = await database.NewSchemaAsync();
        var (clock, log, grace) = (new Steps(), new OutageLog(), TimeSpan.FromMilliseconds(100));
        await using var ann = await OpenAsync(address);
        await ann.Ownership.ClaimAsync(["x"], Ann, None);
        await SilenceAsync(address);
        await using var wire = new Wire(address);
        var settings = new PostgresSettings
        {
            FirstPause = TimeSpan.FromMilliseconds(5),
            Grace = grace,
            Outages = log,
        };
        await using var bob = await OpenAsync(wire.Address, clock, settings);
        wire.IsDown = true;
        var claiming = bob.Ownership.ClaimAsync(["x"], Bob, None);
        while (log.Told.Length == 0)
            await Task.Yield();
        wire.IsDown = false;

        await Should.ThrowAsync<AlreadyOwnedException>(() => claiming);
        clock.Passed += grace;
        (await bob.Ownership.ClaimAsync(["x"], Bob, None)).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task An_owner_that_was_silent_writes_nothing_before_it_knows_that_nobody_has_taken_over()
    {
        var address = await database.NewSchemaAsync();
        var clock = new Steps();
        await using var ann = await OpenAsync(address, clock);
        await ann.Ownership.ClaimAsync(["x", "y"], Ann, None);
        await ann.Journal.Append(A, 1, 1);
        await SilenceAsync(address);
        clock.Passed += Ownership.StaleAfter;
        await ann.Journal.Append(A, 2, 2); // and says on the way that it lives
        (await ann.Ownership.HolderAsync("x", None)).ShouldNotBeNull().Silence.ShouldBeLessThan(Ownership.StaleAfter);

        await SilenceAsync(address);
        await using var bob = await OpenAsync(address, settings: new PostgresSettings { Grace = TimeSpan.Zero });
        await bob.Ownership.ClaimAsync(["y"], Bob, None);
        await bob.Journal.Append(A, 3, 3);
        clock.Passed += Ownership.StaleAfter;

        // The number is free, so that nothing else would stop it.
        (await Should.ThrowAsync<JournalException>(() => ann.Journal.Append(B, 1, 1))).Message.ShouldContain("has taken over y");
        (await bob.Journal.Numbers(B)).ShouldBeEmpty();
        (await bob.Journal.Numbers(A)).ShouldBe([1, 2, 3]);
    }

    [SkippableFact]
    public async Task Who_has_let_go_of_a_name_writes_on_without_it()
    {
        var clock = new Steps();
        await using var ann = await OpenAsync(await database.NewSchemaAsync(), clock);
        await ann.Ownership.ReleaseAsync(await ann.Ownership.ClaimAsync(["x"], Ann, None), Ann.Writer, None);
        clock.Passed += Ownership.StaleAfter;
        await ann.Journal.Append(A, 1, 1);
    }

    private static Task<EventStore> OpenAsync(PostgresAddress address, TimeProvider? clock = null, PostgresSettings? settings = null) =>
        EventStore.OpenAsync(
            address,
            clock ?? new FakeClock(),
            new StoreSettings { Postgres = settings ?? PostgresSettings.Default },
            (_, _) => true,
            None
        );

    private static Task SilenceAsync(PostgresAddress address) =>
        TestServer.ExecuteAsync(address.Connection, $"UPDATE aime_owner SET heartbeat = heartbeat - {TimeSpan.FromMinutes(1).Ticks}");

    /// <summary>Time passes only when it is told to; pauses are real.</summary>
    private sealed class Steps : FakeClock
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
