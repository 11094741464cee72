using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class EventStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory["runs/store"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_is_a_directory_of_a_journal_blobs_and_models()
    {
        await using (var store = await Open())
        {
            await store.Journal.Append(Stream("a"), 1, 1);
            await store.Blobs.PutAsync(new byte[] { 1 }, None);
            store.ModelsDirectory.ShouldBe(Path.Combine(Root, "models"));
        }

        Directory
            .EnumerateFileSystemEntries(Root)
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["blobs", "journal.db", "models"]);
    }

    [Fact]
    public async Task A_store_opened_for_reading_gives_what_was_written()
    {
        BlobId blob;
        await using (var store = await Open())
        {
            await store.Journal.Append(Stream("a"), 1, 2);
            await store.Snapshots.SaveAsync(Stream("a"), 2, "memory.state@1", default, None);
            await store.Ownership.ClaimAsync(["x"], OwnerInfo.Here(Writer), None);
            blob = await store.Blobs.PutAsync(new byte[] { 1 }, None);
        }

        await using var reading = EventStore.OpenReadOnly(Root, new FakeClock(), Processes.IsRunning);
        (await reading.Journal.Numbers(Stream("a"))).ShouldBe([1, 2]);
        (await reading.Snapshots.LoadAsync(Stream("a"), 2, None)).ShouldNotBeNull();
        (await reading.Blobs.GetAsync(blob, None)).ShouldBe([1]);
        (await reading.Ownership.FindAsync("x", None)).ShouldNotBeNull().Info.ProcessId.ShouldBe(Environment.ProcessId);
        reading.IsReadOnly.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("blobs")]
    [InlineData("models")]
    public async Task A_file_where_a_directory_belongs_is_the_error(string which)
    {
        var file = Path.TrimEndingDirectorySeparator(Path.Combine(Root, which));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "notes");
        (await Should.ThrowAsync<JournalException>(Open)).Message.ShouldContain($"{file} is a file, expected a directory");
        (await File.ReadAllTextAsync(file)).ShouldBe("notes");
    }

    [Fact]
    public void Reading_a_store_that_is_not_there_creates_nothing()
    {
        Should
            .Throw<JournalException>(() => EventStore.OpenReadOnly(Root, new FakeClock(), Processes.IsRunning))
            .Message.ShouldContain($"There is no store at {Root}");
        Directory.Exists(Root).ShouldBeFalse();
    }

    [Fact]
    public void Reading_a_directory_without_a_journal_is_an_error_that_names_the_file()
    {
        Directory.CreateDirectory(Root);
        Should
            .Throw<JournalException>(() => EventStore.OpenReadOnly(Root, new FakeClock(), Processes.IsRunning))
            .Message.ShouldContain(Path.Combine(Root, "journal.db"));
    }

    private Task<EventStore> Open() => EventStore.OpenAsync(Root, new FakeClock(), SqliteSettings.Default, Processes.IsRunning, None);
}
