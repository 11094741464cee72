using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Tests.History;

public sealed class ExperimentRunsTests
{
    [Theory]
    [InlineData("a-00000001", 20, 10)]
    [InlineData("b-00000002", 10, 20)]
    [InlineData("b-00000002", 10, 10)]
    public async Task The_newest_run_is_the_one_that_was_started_last(string newest, int first, int second)
    {
        await using var journal = new InMemoryJournal(TimeProvider.System);
        await StartAsync(journal, "a-00000001/supervisor", first, 99);
        await StartAsync(journal, "b-00000002/supervisor", second);

        (await ExperimentRuns.NewestAsync(journal, ["b-00000002", "a-00000001"], CancellationToken.None)).ShouldBe(newest);
    }

    [Fact]
    public async Task A_run_in_shards_was_started_with_its_first_shard()
    {
        await using var journal = new InMemoryJournal(TimeProvider.System);
        await StartAsync(journal, "a-00000001/supervisor/1-of-2", 30);
        await StartAsync(journal, "a-00000001/supervisor/2-of-2", 10);
        await StartAsync(journal, "b-00000002/supervisor", 20);

        (await ExperimentRuns.NewestAsync(journal, ["a-00000001", "b-00000002"], CancellationToken.None)).ShouldBe("b-00000002");
    }

    private static Task StartAsync(InMemoryJournal journal, string stream, params int[] seconds) =>
        journal.AppendAsync(
            new PersistenceId(stream),
            new WriterId("w"),
            [.. seconds.Select((s, n) => new JournalEntry(n + 1, "test.happened@1", default, TimeSpan.FromSeconds(s).Ticks))],
            CancellationToken.None
        );
}
