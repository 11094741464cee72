using AiMe.EventSourcing;

namespace AiMe.Journal.Tests;

public sealed class InMemoryJournalTests : JournalConformance
{
    protected override IJournal Journal { get; } = new InMemoryJournal(new FakeClock());

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Journal.DisposeAsync().AsTask();
}

public sealed class InMemorySnapshotTests : SnapshotConformance
{
    protected override ISnapshots Snapshots { get; } = new InMemoryJournal(new FakeClock());

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;
}
