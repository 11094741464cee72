using System.Globalization;
using AiMe.Console.Output;
using AiMe.Journal;
using AiMe.Journal.Postgres;
using AiMe.Journal.Sqlite;

namespace AiMe.Console.Commands;

/// <summary>Opens the stores named on the command line or in the environment.</summary>
internal static class Stores
{
    /// <summary>Opens a store for writing and creates it if it is missing.</summary>
    /// <param name="synchronous">When writes reach the disk.</param>
    /// <param name="giveUp">Cancels waiting for a server that cannot be reached.</param>
    /// <exception cref="UsageException">The store cannot be opened or created.</exception>
    public static async Task<EventStore> OpenAsync(
        StoreAddress address,
        Synchronous synchronous,
        CancellationToken giveUp,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var settings = Settings(synchronous, giveUp);
            return await EventStore.OpenAsync(address, TimeProvider.System, settings, Processes.IsRunning, cancellationToken);
        }
        catch (JournalException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Opens a store for reading; creates nothing.</summary>
    /// <exception cref="UsageException">The store does not exist.</exception>
    public static EventStore OpenReadOnly(StoreAddress address)
    {
        try
        {
            var settings = Settings(Synchronous.Full, CancellationToken.None);
            return EventStore.OpenReadOnly(address, TimeProvider.System, settings, Processes.IsRunning);
        }
        catch (JournalException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Whether there is a store with a journal to read.</summary>
    /// <exception cref="UsageException">The server cannot be reached.</exception>
    public static bool HasJournal(StoreAddress address)
    {
        try
        {
            return EventStore.HasJournal(address);
        }
        catch (JournalException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static StoreSettings Settings(Synchronous synchronous, CancellationToken giveUp) =>
        new()
        {
            Sqlite = new SqliteSettings { Views = SqlViews.Sqlite, Synchronous = synchronous },
            Postgres = new PostgresSettings
            {
                Views = SqlViews.Postgres,
                Synchronous = synchronous,
                Patience = Patience(),
                Outages = new OutageLines(),
                GiveUp = giveUp,
            },
        };

    /// <exception cref="UsageException">AIME_STORE_PATIENCE is not a number of seconds.</exception>
    private static TimeSpan Patience()
    {
        if (SharedOptions.Variable("AIME_STORE_PATIENCE") is not { } text)
            return PostgresSettings.Default.Patience;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(
                $"AIME_STORE_PATIENCE: found '{text}', expected the number of seconds to wait for a lost server, from 0 to 86400"
            );
    }
}
