using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Journal.Sqlite;

namespace AiMe.Journal;

/// <summary>How a store is opened, whichever database it is in.</summary>
public sealed record StoreSettings
{
    /// <summary>Where the address is a directory.</summary>
    public SqliteSettings Sqlite { get; init; } = SqliteSettings.Default;

    /// <summary>Where it is a database.</summary>
    public PostgresSettings Postgres { get; init; } = PostgresSettings.Default;
}

/// <summary>
/// What <c>--store</c> names: a journal (<c>journal.db</c>, or a PostgreSQL database), and a directory with
/// <c>blobs/</c> and <c>models/</c>.
/// </summary>
public sealed class EventStore : IAsyncDisposable
{
    private readonly IDatabase _database;

    private EventStore(StoreAddress address, IDatabase database, TimeProvider clock, ProcessLiveness isRunning, bool isReadOnly)
    {
        (Address, _database, IsReadOnly) = (address, database, isReadOnly);
        Blobs = new FileBlobs(Path.Combine(Root, "blobs"));
        Ownership = new Ownership(database.Owners, clock, isRunning);
        database.ConfirmAsync = Ownership.ConfirmAsync;
        Glance = new JournalQueries(database.SingleRows);
        Inbox = new Inbox(database.Letters);
    }

    /// <summary>Where it is; messages call it by its place.</summary>
    public StoreAddress Address { get; }

    /// <summary>
    /// The full path of the directory with blobs and models: the store itself, where it is a directory.
    /// </summary>
    public string Root => Address.Root;

    /// <summary>Whether it was opened for reading; then writing to its journal is a bug.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The events.</summary>
    public IJournal Journal => _database;

    /// <summary>The snapshots, in the journal's database.</summary>
    public ISnapshots Snapshots => _database;

    /// <summary>Weights and datasets.</summary>
    public FileBlobs Blobs { get; }

    /// <summary>Who runs which instance.</summary>
    public Ownership Ownership { get; }

    /// <summary>Single rows of the journal, for those who look often.</summary>
    public JournalQueries Glance { get; }

    /// <summary>What waits for runs, from any process.</summary>
    public Inbox Inbox { get; }

    /// <summary>Where pretrained base models are kept.</summary>
    public string ModelsDirectory => Path.Combine(Root, "models");

    /// <inheritdoc cref="OpenAsync(StoreAddress,TimeProvider,StoreSettings,ProcessLiveness,CancellationToken)" />
    public static Task<EventStore> OpenAsync(
        string directory,
        TimeProvider clock,
        SqliteSettings settings,
        ProcessLiveness isRunning,
        CancellationToken cancellationToken
    ) => OpenAsync(new DirectoryAddress(directory), clock, new StoreSettings { Sqlite = settings }, isRunning, cancellationToken);

    /// <summary>Opens a store for writing and creates what is missing of it, but no database.</summary>
    /// <param name="clock">Gives the <c>created</c> ticks and times the heartbeats.</param>
    /// <param name="isRunning">Whether a process of this host lives: <see cref="Processes.IsRunning"/>.</param>
    /// <exception cref="JournalException">
    /// A file where a directory belongs, or a journal that cannot be opened.
    /// </exception>
    public static async Task<EventStore> OpenAsync(
        StoreAddress address,
        TimeProvider clock,
        StoreSettings settings,
        ProcessLiveness isRunning,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(settings);
        RefuseFiles(address.Root);
        IDatabase database;
        switch (address)
        {
            case DirectoryAddress d:
                CreateDirectories(d.Root);
                database = await SqliteJournal.OpenAsync(d.Journal, clock, settings.Sqlite, cancellationToken);
                break;
            case PostgresAddress p:
                database = await PostgresJournal.OpenAsync(p, clock, settings.Postgres, cancellationToken);
                CreateDirectories(p.Root); // after the database: a server that is not there must leave nothing behind
                break;
            default:
                throw new UnreachableException();
        }

        return new EventStore(address, database, clock, isRunning, isReadOnly: false);
    }

    /// <inheritdoc cref="OpenReadOnly(StoreAddress,TimeProvider,StoreSettings,ProcessLiveness)" />
    public static EventStore OpenReadOnly(string directory, TimeProvider clock, ProcessLiveness isRunning) =>
        OpenReadOnly(new DirectoryAddress(directory), clock, new StoreSettings(), isRunning);

    /// <summary>Opens a store for reading commands; creates nothing.</summary>
    /// <param name="settings">Of a database, how it is waited for while it is away.</param>
    /// <exception cref="JournalException">No store there, or one whose journal cannot be read.</exception>
    public static EventStore OpenReadOnly(StoreAddress address, TimeProvider clock, StoreSettings settings, ProcessLiveness isRunning)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(settings);
        RefuseFile(address.Root);
        if (address is DirectoryAddress && !Directory.Exists(address.Root))
            throw new JournalException($"There is no store at {address.Root}: name the directory that a run was given with --store.");
        IDatabase database = address switch
        {
            DirectoryAddress d => SqliteJournal.OpenReadOnly(d.Journal),
            PostgresAddress p => PostgresJournal.OpenReadOnly(p, clock, settings.Postgres),
            _ => throw new UnreachableException(),
        };
        return new EventStore(address, database, clock, isRunning, isReadOnly: true);
    }

    /// <summary>Whether a journal is there already. Creates nothing.</summary>
    /// <exception cref="JournalException">The server cannot be asked.</exception>
    public static bool HasJournal(StoreAddress address) =>
        address switch
        {
            DirectoryAddress d => File.Exists(d.Journal),
            PostgresAddress p => PostgresJournal.IsThere(p),
            _ => throw new UnreachableException(),
        };

    /// <summary>How the server keeps its word; null for a journal in a file.</summary>
    /// <exception cref="JournalException">It cannot be reached.</exception>
    public async Task<ServerFacts?> ServerAsync(CancellationToken cancellationToken) =>
        _database is PostgresJournal p ? await p.FactsAsync(cancellationToken) : null;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void CreateDirectories(string root)
    {
        foreach (var directory in DirectoriesOf(root))
        {
            try
            {
                Directory.CreateDirectory(directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new JournalException($"The directory {directory} cannot be created ({e.Message}): choose another --store.", e);
            }
        }
    }

    private static void RefuseFiles(string root)
    {
        foreach (var directory in DirectoriesOf(root))
            RefuseFile(directory);
    }

    private static void RefuseFile(string directory)
    {
        if (File.Exists(directory))
            throw new JournalException(
                $"{directory} is a file where a directory belongs: a store is a directory that holds journal.db, blobs/ "
                    + "and models/. Move the file away or choose another --store."
            );
    }

    private static string[] DirectoriesOf(string root) => [root, Path.Combine(root, "blobs"), Path.Combine(root, "models")];
}
