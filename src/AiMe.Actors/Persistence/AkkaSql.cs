using AiMe.Journal;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;
using LinqToDB;

namespace AiMe.Actors.Persistence;

/// <summary>
/// The journal plugin of Akka.Persistence.Sql on the store's own tables. It and AiMe's plugin read and continue each
/// other's events.
/// </summary>
public static class AkkaSql
{
    /// <summary>The plugin's id in Akka's configuration.</summary>
    public const string Id = "akka.persistence.journal.sql";

    /// <summary>Adds the plugin and its read journal.</summary>
    /// <param name="address">The store; its tables must exist.</param>
    public static AkkaConfigurationBuilder WithAkkaSql(this AkkaConfigurationBuilder builder, StoreAddress address)
    {
        var (connection, provider) = address switch
        {
            DirectoryAddress directory => ($"Data Source={directory.Journal}", ProviderName.SQLiteMS),
            PostgresAddress server => (server.Connection, ProviderName.PostgreSQL15),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return builder
            .WithSqlPersistence(
                connection,
                provider,
                PersistenceMode.Journal,
                autoInitialize: false,
                isDefaultPlugin: false,
                tagStorageMode: TagMode.TagTable,
                useWriterUuidColumn: true
            )
            .WithCustomSerializer("aime-rows", [typeof(EncodedEvent)], system => new EncodedEventSerializer(system))
            // The plugin drops a write that exceeds its buffer, so the buffer is larger than the number of instances in
            // a run.
            .AddHocon(
                ConfigurationFactory.ParseString(
                    $$"""
                    {{Id}} {
                      batch-size = 400
                      parallelism = 2
                      buffer-size = 200000
                      recovery-event-timeout = 1h
                      circuit-breaker.call-timeout = 1h
                    }
                    """
                ),
                HoconAddMode.Prepend
            );
    }
}
