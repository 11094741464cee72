using AiMe.EventSourcing;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace AiMe.Actors.Persistence;

/// <summary>Snapshots in memory, whose bytes are written when they are read.</summary>
internal interface IStateSnapshots : ISnapshots
{
    /// <summary>Saves a state, and replaces one of the same stream and sequence number.</summary>
    Task SaveAsync(PersistenceId stream, long sequenceNumber, StoredState state);
}

/// <summary>
/// Akka snapshot store over AiMe's snapshots. It ignores a damaged snapshot and one of another version, because the
/// events are complete.
/// </summary>
public sealed class SnapshotPlugin : SnapshotStore
{
    /// <summary>The plugin's id in Akka's configuration.</summary>
    public const string Id = "akka.persistence.snapshot-store.aime";

    private readonly PluginSetup _setup = PluginSetup.Of(Context.System);

    /// <inheritdoc />
    protected override async Task<SelectedSnapshot> LoadAsync(
        string persistenceId,
        SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken
    )
    {
        var faculty = FacultyOf(persistenceId);
        return
            _setup.Snapshots is { } snapshots
            && await snapshots.LoadAsync(new PersistenceId(persistenceId), criteria.MaxSequenceNr, cancellationToken) is { } snapshot
            && snapshot.Manifest == faculty.StateManifest
            && (_setup.Rows is { } rows ? rows.Of(snapshot, faculty) : StreamState.Of(snapshot, faculty)) is { } state
            ? new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, snapshot.SequenceNumber, new DateTime(snapshot.CreatedTicks, DateTimeKind.Utc)),
                state
            )
            : null!; // Akka's value for no snapshot
    }

    /// <inheritdoc />
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var (stream, number, state) = (new PersistenceId(metadata.PersistenceId), metadata.SequenceNr, (StoredState)snapshot);
        return _setup.Snapshots switch
        {
            null => Task.CompletedTask,
            IStateSnapshots states => states.SaveAsync(stream, number, state),
            var snapshots => snapshots.SaveAsync(stream, number, state.Manifest, state.State, cancellationToken),
        };
    }

    /// <inheritdoc />
    // called after a failed save: there is nothing to delete
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _setup.Snapshots?.DeleteAsync(new PersistenceId(persistenceId), criteria.MaxSequenceNr, cancellationToken) ?? Task.CompletedTask;

    private FacultyDefinition FacultyOf(string persistenceId)
    {
        var name = persistenceId[(persistenceId.LastIndexOf('/') + 1)..];
        return persistenceId == _setup.Options.StreamOf(FacultyAddress.Supervisor).Value
            ? _setup.Options.Supervisor
            : _setup.Options.Faculties.Single(f => f.Name == name);
    }
}
