using System.IO.Compression;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Verification;

/// <summary>A journal that an old build wrote: it is read, folded, verified and compared as it ever was.</summary>
public sealed class HeirloomTests : IDisposable
{
    private const string Run = "heirloom-533f38cd",
        Digest = "cae7e1ceeccf154f4331679f83efc1b04d05609e17ca3a5f7178ba3b05e1a03e";
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-heirloom-").FullName;
    private readonly EventStore _store;

    public HeirloomTests()
    {
        var data = Path.Combine(AppContext.BaseDirectory, "Data", "Heirloom");
        foreach (var blob in Directory.GetFiles(Path.Combine(data, "blobs"), "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(_directory, Path.GetRelativePath(data, blob));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(blob, to);
        }

        using (var packed = new GZipStream(File.OpenRead(Path.Combine(data, "journal.db.gz")), CompressionMode.Decompress))
        using (var journal = File.Create(Path.Combine(_directory, "journal.db")))
            packed.CopyTo(journal);
        _store = EventStore.OpenReadOnly(_directory, TimeProvider.System, (_, _) => false);
    }

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task It_is_listed_with_the_digest_that_it_printed()
    {
        (await InstanceReader.RunsAsync(_store.Journal, default)).ShouldBe([Run]);
        var run = (await InstanceReader.ReadRunAsync(_store.Journal, Run, default))!;
        run.Digest.ShouldBe(Digest);
        run.Plan!.Origin.ShouldBeNull("the old plan did not say where its model came from");
        run.Instances.ShouldAllBe(l => l.Value.Status == InstanceState.Finished);
    }

    [Fact]
    public async Task Its_instances_fold_to_the_digest_that_it_printed()
    {
        var run = (await InstanceReader.ReadRunAsync(_store.Journal, Run, default))!;
        foreach (var instance in run.Instances.Keys)
            (await InstanceReader.ReadAsync(_store.Journal, run, instance, default))
                .Select(e => e.Happened)
                .OfType<Stored>()
                .Count()
                .ShouldBe(72);
        (await Verifier.VerifyAsync(_store, null, null, null, default)).Runs.Single().Digest.ShouldBe(Digest);
    }

    [Fact]
    public async Task It_verifies_but_for_the_weights_that_were_left_out_and_its_snapshots_are_named_as_another_build_s()
    {
        var found = await Verifier.VerifyAsync(_store, null, null, null, default);
        found
            .Divergences.Select(d => (d.Expected[..4], d.Meaning))
            .Order()
            .ShouldBe(
                new[] { "3ff9", "5a80", "9af3" }.Select(sha =>
                    (sha, "a blob that this event refers to is gone: restore it from a copy of the store")
                )
            );
        found.Counts.Blobs.ShouldBe(7);
        found.Counts.OtherSnapshots.ShouldBe([KeyValuePair.Create("self.state@1", 2)]);
        found.Instances.ShouldAllBe(l => l.Beyond == 0);
    }

    [Fact]
    public async Task It_compares()
    {
        var comparison = RunComparison.Of(await RunRecord.ReadAsync(_store.Journal, Run, default));
        comparison
            .Variants.Select(v => (v.Name, v.Weights))
            .ShouldBe([("keep-all", Weighting.Changed), ("frozen", Weighting.NeverTrained)], ignoreOrder: true);
    }
}
