using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class SqliteGlanceTests : GlanceConformance
{
    private readonly TemporaryDirectory _directory = new();

    private protected override Task<EventStore> OpenAsync() =>
        EventStore.OpenAsync(_directory["store"], new FakeClock(), SqliteSettings.Default, (_, _) => true, None);

    private protected override int Schema => Sqlite.SqliteSchema.Version;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
