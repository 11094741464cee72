using System.Text;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Verification;
using AiMe.Lab.Upkeep;

namespace AiMe.Lab.Tests.Upkeep;

public sealed class RunRemovalTests
{
    [Fact]
    public async Task A_run_goes_with_its_rows_its_owners_and_its_blobs_but_not_with_those_of_others()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        foreach (var (id, _, _) in store.Blobs.All().ToList())
            File.SetLastWriteTimeUtc(store.Blobs.PathOf(id), store.Blobs.NowUtc() - BlobCollection.Grace - TimeSpan.FromSeconds(10));
        var shared = store.Blobs.All().First().Id;
        await store.Journal.AppendAsync(
            new PersistenceId("other-12345678/a-1/memory"),
            new WriterId("w"),
            [new JournalEntry(1, "test.happened@1", Encoding.UTF8.GetBytes($"{{\"d\":\"{shared.Sha256}\"}}"))],
            default
        );
        var run = (await InstanceReader.ReadRunAsync(store.Journal, LivedStore.Run, default))!;
        var content = await RunRemoval.FindAsync(store, run, null, default);
        (content.Instances, content.SharedBlobs).ShouldBe((4, 1));
        content.Events.ShouldBe(lived.Rows().Count - 1);

        var (blobs, _) = await RunRemoval.RemoveAsync(store, run, content, vectors: null, default);

        blobs.ShouldBe(content.Blobs.Length);
        store.Blobs.All().Select(b => b.Id).ShouldBe([shared]);
        (await store.Journal.PersistenceIdsAsync("", default)).Select(p => p.Value).ShouldBe(["other-12345678/a-1/memory"]);
        lived.Snapshots().ShouldBeEmpty();
        (await store.Ownership.HoldersAsync(default)).ShouldBeEmpty();
        (await store.CompactAsync(default)).ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_run_that_a_process_hosts_stays_as_it_is()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        var before = lived.Rows().Count;
        var run = (await InstanceReader.ReadRunAsync(store.Journal, LivedStore.Run, default))!;
        var content = await RunRemoval.FindAsync(store, run, null, default);
        await store.Ownership.ClaimAsync(
            [$"{LivedStore.Run}/{run.Instances.Keys.First()}"],
            new OwnerInfo("omega", 1, "s", new WriterId("far")),
            default
        );

        await Should.ThrowAsync<AlreadyOwnedException>(() => RunRemoval.RemoveAsync(store, run, content, vectors: null, default));
        lived.Rows().Count.ShouldBe(before);
    }
}
