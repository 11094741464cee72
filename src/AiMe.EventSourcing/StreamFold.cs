namespace AiMe.EventSourcing;

/// <summary>Reads streams back into states.</summary>
public static class StreamFold
{
    /// <summary>
    /// Folds a stream, checking its chain: from the newest snapshot where one can be had, else from the first event.
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
    /// <param name="known">What was read before, or null where all is read anew.</param>
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

    // A snapshot that cannot be used is passed over: the events are the truth.
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
