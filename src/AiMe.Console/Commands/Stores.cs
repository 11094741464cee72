using System.Globalization;
using AiMe.Console.Output;
using AiMe.Journal;
using AiMe.Journal.Postgres;
using AiMe.Journal.Sqlite;

namespace AiMe.Console.Commands;

/// <summary>Opens stores as the command line and the environment name them.</summary>
internal static class Stores
{
    /// <summary>A store for writing, made where it is missing.</summary>
    /// <param name="synchronous">When what is written is on the disk.</param>
    /// <param name="giveUp">Cancelled when a server that is away is not to be waited for any longer.</param>
    /// <exception cref="UsageException">There can be no store there.</exception>
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

    /// <summary>A store for reading; nothing is made.</summary>
    /// <exception cref="UsageException">There is no store there.</exception>
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

    /// <exception cref="UsageException">AIME_STORE_PATIENCE is no number of seconds.</exception>
    private static TimeSpan Patience()
    {
        if (SharedOptions.Variable("AIME_STORE_PATIENCE") is not { } text)
            return PostgresSettings.Default.Patience;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(
                $"AIME_STORE_PATIENCE: found '{text}', expected the seconds for which a lost server is waited for, from 0 to 86400"
            );
    }
}
