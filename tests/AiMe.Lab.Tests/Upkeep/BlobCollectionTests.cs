using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Verification;
using AiMe.Lab.Upkeep;

namespace AiMe.Lab.Tests.Upkeep;

/// <summary>What <c>aime gc</c> removes, and what it must never remove.</summary>
public sealed class BlobCollectionTests
{
    [Fact]
    public async Task A_blob_to_which_no_event_refers_goes_and_every_other_one_stays()
    {
        using var lived = await LivedStore.LiveAsync();
        await using (var store = await lived.OpenAsync())
        {
            var orphan = await store.Blobs.PutAsync("nobody needs this"u8.ToArray(), default);
            Age(store);
            var found = await BlobCollection.FindAsync(store, superseded: false, null, default);
            found.Unused.Select(b => b.Id).ShouldBe([orphan]);
            store.Blobs.Has(orphan).ShouldBeTrue("finding removes nothing");

            BlobCollection.Remove(store, found).ShouldBe((1, 0, 17));
            store.Blobs.Has(orphan).ShouldBeFalse();
        }

        (await lived.VerifyAsync()).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task An_unused_blob_stays_for_an_hour_even_if_nobody_holds_a_run_yet()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        var orphan = await store.Blobs.PutAsync("an event will follow"u8.ToArray(), default);

        var young = await BlobCollection.FindAsync(store, superseded: false, null, default);
        (young.Unused.Length, young.Young).ShouldBe((0, 1));

        File.SetLastWriteTimeUtc(store.Blobs.PathOf(orphan), store.Blobs.NowUtc() - BlobCollection.Grace - TimeSpan.FromSeconds(1));
        (await BlobCollection.FindAsync(store, superseded: false, null, default)).Unused.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_blob_that_is_put_again_meanwhile_stays()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        var orphan = await store.Blobs.PutAsync("twice"u8.ToArray(), default);
        Age(store);
        var found = await BlobCollection.FindAsync(store, superseded: false, null, default);
        await store.Blobs.PutAsync("twice"u8.ToArray(), default);

        BlobCollection.Remove(store, found).Unused.ShouldBe(0);
        Encoding.UTF8.GetString(await store.Blobs.GetAsync(orphan, default)).ShouldBe("twice");
    }

    [Fact]
    public async Task Superseded_checkpoints_go_by_choice_and_verification_says_so()
    {
        using var lived = await LivedStore.LiveAsync();
        ModelId[] champions,
            gone;
        await using (var store = await lived.OpenAsync())
        {
            Age(store);
            var run = (await InstanceReader.ReadRunAsync(store.Journal, LivedStore.Run, default))!;
            var lineages = await LineageReader.ReadAsync(store.Journal, run, default);
            champions = [.. lineages.Select(l => l.Champion).Concat(lineages.Select(l => l.Base)).Distinct()];
            (await BlobCollection.FindAsync(store, superseded: false, null, default)).Superseded.ShouldBeEmpty();

            var found = await BlobCollection.FindAsync(store, superseded: true, null, default);
            found.Superseded.ShouldNotBeEmpty();
            gone = [.. found.Superseded.Select(b => new ModelId(b.Id.Sha256))];
            gone.Intersect(champions).ShouldBeEmpty();
            foreach (var waiting in run.Instances.Where(i => !i.Value.IsAtRest))
                lineages.First(l => l.Instance == waiting.Key).Models.Intersect(gone).ShouldBeEmpty("it is not at rest");
            BlobCollection.Remove(store, found).Superseded.ShouldBe(gone.Length);

            RemovedWeights.At(store.Blobs, gone[0]).ShouldNotBeNull();
            RemovedWeights.At(store.Blobs, champions[0]).ShouldBeNull();
            (
                await Should.ThrowAsync<CorruptBlobException>(() => store.Blobs.GetAsync(new BlobId(gone[0].Value), default))
            ).Message.ShouldContain("was removed by `aime gc`");
            (await BlobCollection.FindAsync(store, superseded: true, null, default)).Superseded.ShouldBeEmpty();
        }

        var report = await lived.VerifyAsync();
        report.Holds.ShouldBeTrue();
        report.Counts.RemovedCheckpoints.ShouldBe(gone.Length);
    }

    [Fact]
    public async Task A_checkpoint_that_a_waiting_input_asks_for_is_not_superseded()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        Age(store);
        var before = await BlobCollection.FindAsync(store, superseded: true, null, default);
        var wished = before.Superseded[0].Id;
        await store.Inbox.PutAsync(
            LivedStore.Run,
            [
                new InboxMessage(
                    "a1",
                    "kept-1",
                    Encoding.UTF8.GetBytes($$"""{"is":"appointment","model":"{{wished.Sha256}}"}"""),
                    DateTime.UnixEpoch
                ),
            ],
            default
        );

        var found = await BlobCollection.FindAsync(store, superseded: true, null, default);
        found.Superseded.ShouldBe(before.Superseded.RemoveAt(0));
    }

    [Fact]
    public async Task Beside_a_host_young_checkpoints_stay_and_those_of_its_run_stay_all()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        OwnerInfo far = new("omega", 1, "s", new WriterId("far"));
        await store.Ownership.ClaimAsync(["other"], far, default);
        (await BlobCollection.FindAsync(store, superseded: true, null, default)).Superseded.ShouldBeEmpty();
        Age(store);
        (await BlobCollection.FindAsync(store, superseded: true, null, default)).Superseded.ShouldNotBeEmpty();
        await store.Ownership.ClaimAsync([$"{LivedStore.Run}/kept-1"], far, default);
        (await BlobCollection.FindAsync(store, superseded: true, null, default)).Superseded.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_checkpoint_that_is_written_again_is_no_longer_removed()
    {
        using var lived = await LivedStore.LiveAsync();
        await using var store = await lived.OpenAsync();
        var weights = await store.Blobs.PutAsync("weights again"u8.ToArray(), default);
        store.Blobs.Remove(weights, DateTime.MaxValue, leaveMark: true).ShouldBeTrue();
        store.Blobs.RemovedAt(weights).ShouldNotBeNull();

        await store.Blobs.PutAsync("weights again"u8.ToArray(), default);
        store.Blobs.RemovedAt(weights).ShouldBeNull();
        store.Blobs.Has(weights).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("g")]
    [InlineData("0")]
    public void A_digest_is_found_whatever_stands_before_it(string before)
    {
        var digest = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        HashSet<string> found = new(StringComparer.Ordinal);
        RowDigests.AddTo(found, Encoding.UTF8.GetBytes($"{before}{digest}\"}} 0123 {digest[1..]}"));
        found.ShouldContain(digest);
    }

    // Blobs of a run that has just ended are young; those of a store that needs collecting are older.
    private static void Age(EventStore store)
    {
        var earlier = store.Blobs.NowUtc() - BlobCollection.Grace - TimeSpan.FromSeconds(10);
        foreach (var (id, _, _) in store.Blobs.All().ToList())
            File.SetLastWriteTimeUtc(store.Blobs.PathOf(id), earlier);
    }
}
