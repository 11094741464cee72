using AiMe.Journal.Sqlite;
using AiMe.Kernel;

namespace AiMe.Journal;

/// <summary>What <c>--store DIR</c> names: <c>journal.db</c>, <c>blobs/</c>, <c>models/</c>.</summary>
public sealed class Store : IAsyncDisposable
{
    private readonly IDatabase _database;

    private Store(string root, IDatabase database, TimeProvider clock, ProcessLiveness isRunning, bool isReadOnly)
    {
        (Root, _database, IsReadOnly) = (root, database, isReadOnly);
        Blobs = new FileBlobs(Path.Combine(root, "blobs"));
        Ownership = new Ownership(database.Owners, clock, isRunning);
        Glance = new Glance(database.SingleRows);
        Inbox = new Inbox(database.Letters);
    }

    /// <summary>The directory's full path.</summary>
    public string Root { get; }

    /// <summary>Whether it was opened for reading; then writing to its journal is a bug.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The events.</summary>
    public IJournal Journal => _database;

    /// <summary>The snapshots, in the journal's file.</summary>
    public ISnapshots Snapshots => _database;

    /// <summary>Weights and datasets.</summary>
    public FileBlobs Blobs { get; }

    /// <summary>Who runs which instance.</summary>
    public Ownership Ownership { get; }

    /// <summary>Single rows of the journal, for those who look often.</summary>
    public Glance Glance { get; }

    /// <summary>What waits for runs, from any process.</summary>
    public Inbox Inbox { get; }

    /// <summary>Where pretrained base models are kept.</summary>
    public string ModelsDirectory => Path.Combine(Root, "models");

    /// <summary>Opens a store for writing and creates what is missing of it.</summary>
    /// <param name="clock">Gives the <c>created</c> ticks and times the heartbeats.</param>
    /// <param name="isRunning">Whether a process of this host lives: <see cref="Processes.IsRunning"/>.</param>
    /// <exception cref="JournalException">A file where a directory belongs, or a journal that cannot be opened.</exception>
    public static async Task<Store> OpenAsync(string directory, TimeProvider clock, SqliteSettings settings, ProcessLiveness isRunning, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(directory);
        foreach (var wanted in new[] { root, Path.Combine(root, "blobs"), Path.Combine(root, "models") })
            Create(wanted);
        return new Store(root, await SqliteJournal.OpenAsync(JournalPath(root), clock, settings, cancellationToken), clock, isRunning, isReadOnly: false);
    }

    /// <summary>Opens a store for reading commands; creates nothing.</summary>
    /// <exception cref="JournalException">No store there, or one whose journal cannot be read.</exception>
    public static Store OpenReadOnly(string directory, TimeProvider clock, ProcessLiveness isRunning)
    {
        var root = Path.GetFullPath(directory);
        RefuseFile(root);
        if (!Directory.Exists(root))
            throw new JournalException($"There is no store at {root}: name the directory that a run was given with --store.");
        return new Store(root, SqliteJournal.OpenReadOnly(JournalPath(root)), clock, isRunning, isReadOnly: true);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static string JournalPath(string root) => Path.Combine(root, "journal.db");

    private static void Create(string directory)
    {
        RefuseFile(directory);
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The directory {directory} cannot be created ({e.Message}): choose another --store.", e);
        }
    }

    private static void RefuseFile(string directory)
    {
        if (File.Exists(directory))
            throw new JournalException($"{directory} is a file where a directory belongs: a store is a directory that holds journal.db, blobs/ and models/. Move the file away or choose another --store.");
    }
}
