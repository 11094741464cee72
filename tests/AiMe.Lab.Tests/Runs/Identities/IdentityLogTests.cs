using System.Collections.Immutable;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Identities;

namespace AiMe.Lab.Tests.Runs.Identities;

/// <summary>What is written about an identity's job before its run is planned.</summary>
public sealed class IdentityLogTests : IDisposable
{
    private static readonly ImmutableArray<TrainerEvent> Events =
    [
        new SubmissionIntended(0, "aime-1", "file-1", 1),
        new Submitted(0, "aime-1", "job-1"),
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("aime-log-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Events_are_read_back_by_another_process_in_order()
    {
        await using var store = await OpenAsync();
        IdentityLog log = new(store, "run-1");
        (await log.ReadAsync(CancellationToken.None)).ShouldBeEmpty();
        await log.AppendAsync(Events[..1]);
        await log.AppendAsync(Events[1..]);
        (await new IdentityLog(store, "run-1").ReadAsync(CancellationToken.None)).ShouldBe(Events);
        (await new IdentityLog(store, "run-2").ReadAsync(CancellationToken.None)).ShouldBeEmpty("another run has another job");
    }

    [Fact]
    public async Task An_altered_file_is_told_with_its_path_and_what_to_do()
    {
        await using var store = await OpenAsync();
        IdentityLog log = new(store, "run-1");
        await log.AppendAsync(Events);
        await File.WriteAllTextAsync(
            log.Path,
            (await File.ReadAllTextAsync(log.Path)).Replace("job-1\"", "job-1", StringComparison.Ordinal)
        );
        var told = await Should.ThrowAsync<ModelPreparationException>(() =>
            new IdentityLog(store, "run-1").ReadAsync(CancellationToken.None)
        );
        told.Message.ShouldStartWith($"{log.Path} was altered: ");
        told.Message.ShouldContain("restore it, or delete it");
    }

    [Fact]
    public async Task It_is_removed_with_its_run()
    {
        await using var store = await OpenAsync();
        IdentityLog log = new(store, "run-1");
        log.Remove();
        await log.AppendAsync(Events);
        log.Remove();
        File.Exists(log.Path).ShouldBeFalse();
    }

    private Task<EventStore> OpenAsync() =>
        EventStore.OpenAsync(_root, TimeProvider.System, SqliteSettings.Default, (_, _) => false, CancellationToken.None);
}
