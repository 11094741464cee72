using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;
using AiMe.Journal;
using LinqToDB;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiMe.Akka;

/// <summary>
/// The journal plugins of a node, all on the store's own tables. Each writes under a writer id of its own. A life that comes back to a node
/// after others had it writes through the next of them, so that no writer is seen to come back: that is how <c>verify</c> finds two that write at once.
/// </summary>
internal static class Journals
{
    private const int ReturnsAtMost = 15;

    /// <summary>The plugin of a life that has come back so often.</summary>
    public static string IdOf(int returns) => $"akka.persistence.journal.{NameOf(returns % (ReturnsAtMost + 1))}";

    /// <summary>Adds the plugins, and the one for snapshots.</summary>
    public static void Add(AkkaConfigurationBuilder akka, StoreAddress address)
    {
        var (connection, provider) = address switch
        {
            DirectoryAddress directory => ($"Data Source={directory.Journal}", ProviderName.SQLiteMS),
            PostgresAddress server => (server.Connection, ProviderName.PostgreSQL15),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        for (var i = 0; i <= ReturnsAtMost; i++)
        {
            // The store has made the tables; ours stand beside them. Events bear no tags, and the journal has no column for them.
            akka.WithSqlPersistence(
                connection, provider, i == 0 ? PersistenceMode.Both : PersistenceMode.Journal, autoInitialize: false, pluginIdentifier: NameOf(i), isDefaultPlugin: i == 0,
                tagStorageMode: TagMode.TagTable, useWriterUuidColumn: true, journalBuilder: journal => Describe(journal, i == 0));
            akka.AddHocon(ConfigurationFactory.ParseString($"akka.persistence.journal.{NameOf(i)} {{ batch-size = 400, parallelism = 2 }}"), HoconAddMode.Prepend);
        }
    }

    private static void Describe(AkkaPersistenceJournalBuilder journal, bool isFirst)
    {
        if (isFirst)
            journal.WithHealthCheck(HealthStatus.Unhealthy, "journal", [HealthEndpoint.Ready]);
    }

    private static string NameOf(int i) => i == 0 ? "sql" : $"sql-{i}";
}
