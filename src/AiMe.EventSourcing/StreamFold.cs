namespace AiMe.EventSourcing;

/// <summary>Folds streams to states.</summary>
public static class StreamFold
{
    /// <summary>
    /// Folds a stream and verifies its chain, starting at the newest usable snapshot or at the first event.
    /// </summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue the chain.
    /// </exception>
    public static Task<StreamState> ReadAsync(
        FacultyDefinition faculty,
        PersistenceId stream,
        IJournal journal,
        ISnapshots? snapshots,
        EventCodec catalogue,
        CancellationToken cancellationToken
    ) => ReadAsync(faculty, stream, journal, snapshots, catalogue, known: null, cancellationToken);

    /// <inheritdoc cref="ReadAsync(FacultyDefinition, PersistenceId, IJournal, ISnapshots, EventCodec, CancellationToken)" />
    /// <param name="known">Cache of decoded rows; null to decode all.</param>
    public static async Task<StreamState> ReadAsync(
        FacultyDefinition faculty,
        PersistenceId stream,
        IJournal journal,
        ISnapshots? snapshots,
        EventCodec catalogue,
        RowCache? known,
        CancellationToken cancellationToken
    )
    {
        var current = await FromSnapshotAsync(faculty, stream, snapshots, known, cancellationToken) ?? StreamState.Before(faculty);
        await foreach (var row in journal.ReadAsync(stream, current.SequenceNumber + 1, long.MaxValue, cancellationToken))
            current = current.Next(faculty, row, catalogue, known, out _);
        return current;
    }

    // An unusable snapshot is ignored: the events are complete without it.
    private static async Task<StreamState?> FromSnapshotAsync(
        FacultyDefinition faculty,
        PersistenceId stream,
        ISnapshots? snapshots,
        RowCache? known,
        CancellationToken cancellationToken
    )
    {
        if (
            snapshots is null
            || await snapshots.LoadAsync(stream, long.MaxValue, cancellationToken) is not { } snapshot
            || snapshot.Manifest != faculty.StateManifest
        )
            return null;
        return known is null ? StreamState.Of(snapshot, faculty) : known.Of(snapshot, faculty);
    }
}
