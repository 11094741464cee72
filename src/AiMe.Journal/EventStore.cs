using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Journal.Sqlite;

namespace AiMe.Journal;

/// <summary>Settings for opening a store, for each kind of database.</summary>
public sealed record StoreSettings
{
    /// <summary>Settings for a journal in a directory.</summary>
    public SqliteSettings Sqlite { get; init; } = SqliteSettings.Default;

    /// <summary>Settings for a journal in a PostgreSQL database.</summary>
    public PostgresSettings Postgres { get; init; } = PostgresSettings.Default;
}

/// <summary>
/// A store, as <c>--store</c> names it: a journal (<c>journal.db</c>, or a PostgreSQL database) and a directory with
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
        Inbox = new Inbox(database.Inbox);
    }

    /// <summary>The address of the store; messages name it by its place.</summary>
    public StoreAddress Address { get; }

    /// <summary>
    /// The full path of the directory with blobs and models; for a directory address, the store itself.
    /// </summary>
    public string Root => Address.Root;

    /// <summary>Whether the store was opened for reading; writing to its journal is then a bug.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The journal of events.</summary>
    public IJournal Journal => _database;

    /// <summary>The snapshots, in the journal's database.</summary>
    public ISnapshots Snapshots => _database;

    /// <summary>Weights and datasets.</summary>
    public FileBlobs Blobs { get; }

    /// <summary>Which process owns which instance.</summary>
    public Ownership Ownership { get; }

    /// <summary>Fast queries of single rows.</summary>
    public JournalQueries Glance { get; }

    /// <summary>The inbox of each run, which any process can write to.</summary>
    public Inbox Inbox { get; }

    /// <summary>The directory of pretrained base models.</summary>
    public string ModelsDirectory => Path.Combine(Root, "models");

    /// <inheritdoc cref="OpenAsync(StoreAddress,TimeProvider,StoreSettings,ProcessLiveness,CancellationToken)" />
    public static Task<EventStore> OpenAsync(
        string directory,
        TimeProvider clock,
        SqliteSettings settings,
        ProcessLiveness isRunning,
        CancellationToken cancellationToken
    ) => OpenAsync(new DirectoryAddress(directory), clock, new StoreSettings { Sqlite = settings }, isRunning, cancellationToken);

    /// <summary>Opens a store for writing. Creates its missing parts, but not the database.</summary>
    /// <param name="clock">Gives the <c>created</c> ticks and times the heartbeats.</param>
    /// <param name="isRunning">
    /// Tests whether a process of this host is running: <see cref="Processes.IsRunning"/>.
    /// </param>
    /// <exception cref="JournalException">
    /// A file is in the place of a directory, or the journal cannot be opened.
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
                CreateDirectories(p.Root); // after the database: if the server is unreachable, nothing must be left behind
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
    /// <param name="settings">For a database: how to wait for an unreachable server.</param>
    /// <exception cref="JournalException">There is no store, or its journal cannot be read.</exception>
    public static EventStore OpenReadOnly(StoreAddress address, TimeProvider clock, StoreSettings settings, ProcessLiveness isRunning)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(settings);
        RefuseFile(address.Root);
        if (address is DirectoryAddress && !Directory.Exists(address.Root))
            throw new JournalException($"There is no store at {address.Root}: name the directory that was passed to the run as --store.");
        IDatabase database = address switch
        {
            DirectoryAddress d => SqliteJournal.OpenReadOnly(d.Journal),
            PostgresAddress p => PostgresJournal.OpenReadOnly(p, clock, settings.Postgres),
            _ => throw new UnreachableException(),
        };
        return new EventStore(address, database, clock, isRunning, isReadOnly: true);
    }

    /// <summary>Whether a journal exists. Creates nothing.</summary>
    /// <exception cref="JournalException">The server cannot be reached.</exception>
    public static bool HasJournal(StoreAddress address) =>
        address switch
        {
            DirectoryAddress d => File.Exists(d.Journal),
            PostgresAddress p => PostgresJournal.IsThere(p),
            _ => throw new UnreachableException(),
        };

    /// <summary>Settings of the server that affect durability; null for a journal in a file.</summary>
    /// <exception cref="JournalException">The server cannot be reached.</exception>
    public async Task<ServerFacts?> ServerAsync(CancellationToken cancellationToken) =>
        _database is PostgresJournal p ? await p.FactsAsync(cancellationToken) : null;

    /// <summary>
    /// Removes a run: its events, snapshots, inbox and owners, in one transaction. The caller owns the run's names, and
    /// releases them afterwards. Blobs stay.
    /// </summary>
    /// <returns>Removed events.</returns>
    public async Task<long> RemoveRunAsync(string run, CancellationToken cancellationToken)
    {
        var streams = await Journal.PersistenceIdsAsync($"{run}/", cancellationToken);
        return await _database.Removal.RemoveAsync(run, [.. streams.Select(s => s.Value)], cancellationToken);
    }

    /// <summary>Rewrites the journal's file without free space. No other process may use the store.</summary>
    /// <returns>The bytes by which it shrank; null if the database does this by itself.</returns>
    /// <exception cref="JournalException">Another process uses the file, or the disk is full; nothing was changed.</exception>
    public Task<long?> CompactAsync(CancellationToken cancellationToken) => _database.Removal.CompactAsync(cancellationToken);

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
                $"{directory} is a file, expected a directory: a store is a directory with journal.db, blobs/ "
                    + "and models/. Move the file away, or choose another --store."
            );
    }

    private static string[] DirectoriesOf(string root) => [root, Path.Combine(root, "blobs"), Path.Combine(root, "models")];
}
