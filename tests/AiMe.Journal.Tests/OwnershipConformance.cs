using System.Collections.Immutable;
using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>Who may run what, wherever the names are kept.</summary>
public abstract class OwnershipConformance : IAsyncLifetime
{
    private static readonly OwnerInfo Ann = new("alpha", 100, "s1", new WriterId("ann")),
        Bob = new("alpha", 200, "s2", new WriterId("bob")),
        Far = new("omega", 100, "s9", new WriterId("far"));

    private readonly FakeClock _clock = new() { Elapsed = TimeSpan.Zero };

    /// <summary>Makes every heartbeat so much older.</summary>
    protected virtual Task PassAsync(TimeSpan span)
    {
        _clock.Now += span;
        return Task.CompletedTask;
    }

    private readonly HashSet<(int, string)> _running = [(100, "s1"), (200, "s2")];

    /// <summary>The database; the same one at each call, opened as by another process.</summary>
    private protected abstract Task<IDatabase> OpenAsync();

    private IDatabase? _database;
    private Ownership? _ownership;

    private Ownership Ownership => _ownership!;

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        _ownership = new Ownership(_database.Owners, _clock, (id, started) => _running.Contains((id, started)));
    }

    public virtual async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task The_first_claim_of_a_name_has_epoch_1() =>
        (await Claim(Ann, "x", "y")).ShouldBe([new Owned("x", 1), new Owned("y", 1)]);

    [SkippableFact]
    public async Task A_second_owner_is_refused_with_the_first_one_s_host_and_process()
    {
        await Claim(Ann, "x");
        var refused = await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Bob, "x"));
        refused.Holder.ShouldBe(new Owner("x", 1, Ann, refused.Holder.Heartbeat));
        refused.Message.ShouldContain("process 100 on alpha");
    }

    [SkippableFact]
    public async Task A_claim_takes_all_names_or_none_and_names_the_first_that_is_held()
    {
        await Claim(Ann, "z", "y");
        (await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Bob, "x", "y", "z"))).Holder.Name.ShouldBe("y");
        (await Claim(Ann, "x")).ShouldBe([new Owned("x", 1)]);
    }

    [SkippableFact]
    public async Task The_holders_are_told_with_the_dead_among_them_and_without_those_who_let_go()
    {
        await Claim(Far, "x");
        await Claim(Ann, "y");
        await Ownership.ReleaseAsync([new Owned("y", 1)], Ann.Writer, None);
        var held = (await Ownership.HoldersAsync(None)).ShouldHaveSingleItem();
        (held.IsAlive, held.Owner).ShouldBe((true, new Owner("x", 1, Far, held.Owner.Heartbeat)));

        await PassAsync(Ownership.StaleAfter + TimeSpan.FromSeconds(1));
        var gone = (await Ownership.HolderAsync("x", None)).ShouldNotBeNull();
        gone.IsAlive.ShouldBeFalse();
        gone.Silence.ShouldBeGreaterThan(Ownership.StaleAfter);
        (await Ownership.HolderAsync("y", None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Claiming_again_what_one_owns_keeps_the_epoch()
    {
        await Claim(Ann, "x");
        (await Claim(Ann, "x")).ShouldBe([new Owned("x", 1)]);
    }

    [SkippableFact]
    public async Task Another_writer_of_the_same_live_process_is_refused()
    {
        await Claim(Ann, "x");
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann with { Writer = new WriterId("ann-2") }, "x"));
    }

    [SkippableFact]
    public async Task An_owner_on_this_host_whose_process_is_gone_is_taken_over_at_once()
    {
        await Claim(Ann, "x");
        _running.Remove((100, "s1"));
        (await Claim(Bob, "x")).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task A_process_that_only_bears_the_dead_owner_s_number_does_not_hold_its_names()
    {
        await Claim(Ann, "x");
        _running.Remove((100, "s1"));
        _running.Add((100, "s3"));
        (await Claim(Bob, "x")).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task A_live_process_on_this_host_keeps_its_names_however_old_its_heartbeat()
    {
        await Claim(Ann, "x");
        await PassAsync(TimeSpan.FromDays(1));
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Bob, "x"));
    }

    [SkippableTheory]
    [InlineData(20, false)]
    [InlineData(30.001, true)]
    public async Task An_owner_on_another_host_is_taken_over_when_it_was_silent_for_30_seconds(double seconds, bool taken)
    {
        await Claim(Far, "x");
        await PassAsync(TimeSpan.FromSeconds(seconds));
        if (taken)
            (await Claim(Ann, "x")).ShouldBe([new Owned("x", 2)]);
        else
            await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"));
    }

    [SkippableFact]
    public async Task A_heartbeat_in_the_future_that_stands_still_while_it_is_watched_is_that_of_a_dead_owner()
    {
        await Claim(Far, "x");
        await PassAsync(-TimeSpan.FromHours(2)); // the clock was set back
        (await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"))).Message.ShouldContain("which is in the future");
        _clock.Elapsed += Ownership.StaleAfter;
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"));

        _clock.Elapsed += TimeSpan.FromTicks(1);
        (await Claim(Ann, "x")).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task One_that_moves_keeps_its_names()
    {
        var held = await Claim(Far, "x");
        await PassAsync(-TimeSpan.FromHours(2));
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"));
        _clock.Elapsed += Ownership.StaleAfter;
        await PassAsync(TimeSpan.FromTicks(1)); // so that the new heartbeat differs from the old one on a frozen clock too
        (await Ownership.HeartbeatAsync(held, Far.Writer, None)).ShouldBeEmpty();
        await PassAsync(-TimeSpan.FromHours(2));
        _clock.Elapsed += TimeSpan.FromSeconds(5);

        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"));
        (await Ownership.HolderAsync("x", None)).ShouldNotBeNull().IsAgeUnknown.ShouldBeTrue();
    }

    [SkippableFact]
    public async Task A_dead_process_of_this_host_loses_its_names_whatever_its_heartbeat_says()
    {
        await Claim(Ann, "x");
        await PassAsync(-TimeSpan.FromHours(2));
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Bob, "x"));
        _running.Remove((100, "s1"));
        (await Claim(Bob, "x")).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task An_owner_that_was_taken_over_while_its_heartbeat_stood_still_is_told_so()
    {
        var held = await Claim(Far, "x");
        await PassAsync(-TimeSpan.FromHours(2));
        (await Ownership.HolderAsync("x", None)).ShouldNotBeNull().IsAlive.ShouldBeTrue();
        _clock.Elapsed += Ownership.StaleAfter + TimeSpan.FromTicks(1);
        await Claim(Ann, "x");
        (await Ownership.HeartbeatAsync(held, Far.Writer, None)).ShouldBe(["x"]);
    }

    [SkippableFact]
    public async Task A_heartbeat_keeps_a_name_on_another_host()
    {
        var held = await Claim(Far, "x");
        await PassAsync(TimeSpan.FromSeconds(20));
        (await Ownership.HeartbeatAsync(held, Far.Writer, None)).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<AlreadyOwnedException>(() => Claim(Ann, "x"));
    }

    [SkippableFact]
    public async Task A_heartbeat_tells_an_owner_which_names_it_has_lost()
    {
        var held = await Claim(Far, "x", "y");
        await PassAsync(TimeSpan.FromMinutes(1));
        await Claim(Ann, "y");
        (await Ownership.HeartbeatAsync(held, Far.Writer, None)).ShouldBe(["y"]);
        (await Ownership.FindAsync("y", None)).ShouldNotBeNull().Epoch.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_released_name_is_free_and_its_next_epoch_one_more()
    {
        await Ownership.ReleaseAsync(await Claim(Ann, "x"), Ann.Writer, None);
        (await Ownership.FindAsync("x", None)).ShouldBeNull();
        (await Claim(Bob, "x")).ShouldBe([new Owned("x", 2)]);
    }

    [SkippableFact]
    public async Task Releasing_what_was_taken_over_does_not_touch_the_new_owner()
    {
        var held = await Claim(Ann, "x");
        _running.Remove((100, "s1"));
        await Claim(Bob, "x");
        await Ownership.ReleaseAsync(held, Ann.Writer, None);
        (await Ownership.FindAsync("x", None)).ShouldNotBeNull().Info.ShouldBe(Bob);
    }

    [SkippableFact]
    public async Task Of_two_processes_that_claim_at_once_one_wins()
    {
        await using var second = await OpenAsync();
        var other = new Ownership(second.Owners, _clock, (_, _) => true);
        Task[] claims = [Claim(Ann, "x"), other.ClaimAsync(["x"], Bob, None)];
        await Should.ThrowAsync<AlreadyOwnedException>(() => Task.WhenAll(claims));
        claims.Count(c => c.IsCompletedSuccessfully).ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_name_claimed_twice_in_one_claim_is_one_name()
    {
        (await Claim(Ann, "x", "x")).ShouldBe([new Owned("x", 1), new Owned("x", 1)]);
        (await Ownership.HoldersAsync(None)).ShouldHaveSingleItem().Owner.Name.ShouldBe("x");
    }

    [SkippableFact]
    public async Task Of_thousands_of_names_all_are_claimed_kept_and_let_go()
    {
        string[] names = [.. Enumerable.Range(0, 3000).Select(n => $"run/i{n:0000}")];
        var held = await Claim(Ann, names);
        (await Ownership.HeartbeatAsync(held, Ann.Writer, None)).ShouldBeEmpty();
        (await Ownership.HoldersAsync(None)).Select(h => h.Owner.Name).ShouldBe(names);
        await Ownership.ReleaseAsync(held, Ann.Writer, None);
        (await Ownership.HoldersAsync(None)).ShouldBeEmpty();
    }

    private Task<ImmutableArray<Owned>> Claim(OwnerInfo who, params ReadOnlySpan<string> names) =>
        Ownership.ClaimAsync([.. names], who, None);
}
