using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Simulation.Mistakes;

namespace AiMe.Lab.Tests.History;

/// <summary>What a supervisor has written is followed, however the reading goes.</summary>
public sealed class RunFollowerTests
{
    private static readonly Shard First = new(1, 2),
        Second = new(2, 2);
    private static readonly RunPlan Plan = Lives.Plan(2);

    [Fact]
    public async Task What_was_read_before_a_reading_was_cut_off_is_told_by_the_next()
    {
        await using var journal = new InMemoryJournal(TimeProvider.System);
        var fails = -1;
        var cut = new OtherJournal(journal, read: rows => fails-- == 0 ? throw new OperationCanceledException() : rows);
        var follower = new RunFollower(cut, Plan.Run);
        await AppendAsync(journal, First, new ShardPlanned(Plan, First));
        await AppendAsync(journal, Second, new ShardPlanned(Plan, Second));
        await follower.CatchUpAsync(CancellationToken.None);

        await AppendAsync(journal, First, new ShardPlanned(Plan, First), new BudgetSet(new Budget(Tokens: 70, Usd: null)));
        fails = 1; // the first shard is read, the second is not
        await Should.ThrowAsync<OperationCanceledException>(() => follower.CatchUpAsync(CancellationToken.None));
        await follower.CatchUpAsync(CancellationToken.None);

        follower.Supervisors[0].State.Ledger.Budget.Tokens.ShouldBe(70);
    }

    // Appends the last of the events; those before it are there already.
    private static async Task AppendAsync(InMemoryJournal journal, Shard shard, params SupervisorEvent[] events)
    {
        var link = Link.Before(Loop.Supervisor);
        for (var n = 1; n <= events.Length; n++)
        {
            var (manifest, data) = (FacultyEvents.Codec.ManifestOf(events[n - 1]), FacultyEvents.Codec.Write(events[n - 1]));
            link = link.Next(n, n, manifest, data);
            var entry = new JournalEntry(n, manifest, new EventEnvelope(n, data, link).Write());
            if (n == events.Length)
                await journal.AppendAsync(Shard.StreamOf(Plan.Run, shard), new WriterId("w"), [entry], CancellationToken.None);
        }
    }
}
