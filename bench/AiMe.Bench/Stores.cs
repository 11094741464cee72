using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Bench;

/// <summary>A kind of store that can be measured, and what it can do by itself.</summary>
internal abstract class Store(string name)
{
    public string Name => name;

    /// <summary>What <see cref="OpenAsync"/> opens in a directory, as an address.</summary>
    public abstract Task<AiMe.Journal.StoreAddress> AddressAsync(string directory);

    /// <summary>Opens a journal in an empty directory, or one that was filled there before.</summary>
    public abstract Task<IJournal> OpenAsync(string directory, CancellationToken cancelled);

    /// <summary>How rows can be written by hand beside so many instances; first what asks of the store exactly what they ask.</summary>
    public abstract IEnumerable<BareWrite> BareWrites(int instances);

    /// <summary>Reads every column of every row as the driver gives it, and does nothing with it: all in their order, or stream by stream.</summary>
    public abstract Task<Work> BareReadAsync(string directory, ImmutableArray<PersistenceId>? streams);

    /// <summary>Processor time that the store's own processes have used so far, for what they did for anybody; zero where it has none or they cannot be seen.</summary>
    public virtual TimeSpan Served => TimeSpan.Zero;

    /// <summary>All that this machine has, ready. Says of a server that is missing that its figures are.</summary>
    public static async Task<IReadOnlyList<Store>> AllAsync(Measuring bench)
    {
        var sqlite = new SqliteStore();
        if (await PostgresStore.TryStartAsync(bench.Place, bench.Cancelled) is { } postgres)
            return [sqlite, postgres];
        await Console.Error.WriteLineAsync($"  no figures of PostgreSQL: {Tests.Postgres.TestServer.Missing}");
        return [sqlite];
    }
}

/// <summary>Rows written by hand: a limit of the store.</summary>
/// <param name="Name">As the table of figures shows it; unique among the stores.</param>
/// <param name="WriteAsync">Writes so many rows into an empty directory.</param>
internal sealed record BareWrite(string Name, Func<string, int, CancellationToken, Task<Work>> WriteAsync);
