using System.Security.Cryptography;
using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>What every place for blobs must do.</summary>
public abstract class BlobConformance
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    protected abstract IBlobs Blobs { get; }

    [Fact]
    public async Task A_blob_is_addressed_by_its_SHA_256_and_read_as_it_was_put()
    {
        var id = await Blobs.PutAsync(Content, None);
        id.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Content)));
        (await Blobs.GetAsync(id, None)).ShouldBe(Content);
        Blobs.Has(id).ShouldBeTrue();
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob() => (await Blobs.GetAsync(await Blobs.PutAsync(default, None), None)).ShouldBeEmpty();

    [Fact]
    public async Task Changing_what_was_read_does_not_change_the_blob()
    {
        var id = await Blobs.PutAsync(Content, None);
        (await Blobs.GetAsync(id, None))[0] = 99;
        (await Blobs.GetAsync(id, None)).ShouldBe(Content);
    }

    [Fact]
    public async Task A_blob_that_was_never_put_is_missing_by_name()
    {
        var id = new BlobId(new string('a', 64));
        Blobs.Has(id).ShouldBeFalse();
        (await Should.ThrowAsync<CorruptBlobException>(() => Blobs.GetAsync(id, None))).Message.ShouldContain(id.Sha256);
    }

    [Fact]
    public async Task The_same_and_other_blobs_may_be_put_at_once()
    {
        var ids = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => Task.Run(() => Blobs.PutAsync(new byte[] { (byte)(i % 4) }, None)))
        );
        ids.Distinct().Count().ShouldBe(4);
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
            (await Blobs.GetAsync(id, None)).ShouldBe([(byte)(i % 4)]);
    }
}

public sealed class InMemoryBlobTests : BlobConformance
{
    protected override IBlobs Blobs { get; } = new InMemoryBlobs();
}

public sealed class FileBlobTests : BlobConformance, IDisposable
{
    private static readonly byte[] Weights = [1, 2, 3, 4, 5, 6, 7, 8];
    private readonly TemporaryDirectory _directory = new();
    private readonly FileBlobs _blobs;

    public FileBlobTests() => _blobs = new FileBlobs(_directory["blobs"]);

    protected override IBlobs Blobs => _blobs;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_blob_is_one_file_two_levels_down_and_nothing_temporary_is_left()
    {
        var id = await _blobs.PutAsync(Weights, None);
        Directory
            .EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
            .ShouldBe([Path.Combine(_directory["blobs"], id.Sha256[..2], id.Sha256[2..4], id.Sha256)]);
    }

    [Fact]
    public async Task A_damaged_blob_is_reported_with_file_expected_and_actual_digest()
    {
        var id = await _blobs.PutAsync(Weights, None);
        byte[] damaged = [1, 2, 3, 4, 5, 6, 7, 9];
        await File.WriteAllBytesAsync(_blobs.PathOf(id), damaged);
        var message = (await Should.ThrowAsync<CorruptBlobException>(() => _blobs.GetAsync(id, None))).Message;
        message.ShouldContain(_blobs.PathOf(id));
        message.ShouldContain($"expected SHA-256 {id}, found {Convert.ToHexStringLower(SHA256.HashData(damaged))}");
    }

    [Fact]
    public async Task A_truncated_blob_is_reported_with_its_length()
    {
        var id = await _blobs.PutAsync(Weights, None);
        await File.WriteAllBytesAsync(_blobs.PathOf(id), Weights[..3]);
        (await Should.ThrowAsync<CorruptBlobException>(() => _blobs.GetAsync(id, None))).Message.ShouldContain("over 3 bytes");
    }

    [Fact]
    public async Task Putting_a_blob_again_heals_a_damaged_file()
    {
        var id = await _blobs.PutAsync(Weights, None);
        await File.WriteAllBytesAsync(_blobs.PathOf(id), []);
        await _blobs.PutAsync(Weights, None);
        (await _blobs.GetAsync(id, None)).ShouldBe(Weights);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    [InlineData("")]
    public async Task An_id_that_is_no_digest_never_becomes_a_path(string id) =>
        await Should.ThrowAsync<ArgumentException>(() => _blobs.GetAsync(new BlobId(id), None));

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_reported_by_name()
    {
        await File.WriteAllTextAsync(_directory["file"], "");
        var blobs = new FileBlobs(_directory["file"]);
        (await Should.ThrowAsync<JournalException>(() => blobs.PutAsync(Weights, None))).Message.ShouldContain(_directory["file"]);
    }
}
