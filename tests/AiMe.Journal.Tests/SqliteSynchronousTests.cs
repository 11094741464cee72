using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>When an append is on the disk is the store's setting: before it is acknowledged, unless told otherwise.</summary>
public sealed class SqliteSynchronousTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    // The numbers are SQLite's: https://www.sqlite.org/pragma.html#pragma_synchronous
    [Theory]
    [InlineData(Synchronous.Full, 2)]
    [InlineData(Synchronous.Normal, 1)]
    public async Task The_writer_syncs_as_it_was_told(Synchronous wanted, long pragma)
    {
        await using var journal = await SqliteJournal.OpenAsync(
            _directory["journal.db"],
            new FakeClock(),
            SqliteSettings.Default with
            {
                Synchronous = wanted,
            },
            None
        );
        (await journal.WriteAsync(0, s => s.Session.Number("PRAGMA synchronous"), None)).ShouldBe(pragma);
    }

    [Fact]
    public void Unless_told_otherwise_it_is_on_the_disk_before_it_is_acknowledged() =>
        SqliteSettings.Default.Synchronous.ShouldBe(Synchronous.Full);
}
