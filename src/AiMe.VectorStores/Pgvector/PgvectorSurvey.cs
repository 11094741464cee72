using Npgsql;

namespace AiMe.VectorStores.Pgvector;

/// <summary>Asks a database what it has of pgvector and of the table, in transactions that may change nothing.</summary>
internal sealed class PgvectorSurvey(PgvectorCalls calls, PgvectorOptions options)
{
    // Searches by an index go on until they have enough, which older versions cannot.
    private static readonly Version s_leastForHnsw = new(0, 8);

    /// <summary>What there is.</summary>
    public async Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken)
    {
        var facts = await ReadAsync(FactsAsync, cancellationToken);
        StoreDescription description = new(
            $"PostgreSQL {facts.Server}, {ExtensionOf(facts)}",
            "table",
            options.Table,
            facts.Exists,
            facts.Dimensions,
            facts.Dimensions is null ? null : "cosine",
            Memories: 0,
            RefusalOf(facts, dimensions)
        );
        if (facts.Dimensions is null || facts.MayChange != true)
            return description;
        try
        {
            return description with { Memories = await ReadAsync(CountAsync, cancellationToken) };
        }
        catch (VectorStoreException refusal) when (!refusal.IsTransient)
        {
            return description with { Refusal = refusal };
        }
    }

    private static string ExtensionOf(PgvectorFacts facts) =>
        facts switch
        {
            { Extension: { } version } => $"pgvector {version}",
            { Offered: { } version } => $"pgvector {version}, which the database does not have yet",
            _ => "without pgvector",
        };

    private Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        calls.InTransactionAsync(
            async (connection, token) =>
            {
                await PgvectorCalls.ExecuteAsync(connection, PgvectorTable.ReadOnly, token);
                return await read(connection, token);
            },
            reload: false,
            cancellationToken
        );

    private async Task<PgvectorFacts> FactsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var dimensions = (int?)await PgvectorCalls.AskAsync(connection, PgvectorTable.DimensionsOf, options.Table, cancellationToken);
        var exists = await PgvectorCalls.AskAsync(connection, PgvectorTable.Exists, options.Table, cancellationToken) is true;
        await using NpgsqlCommand ask = new(PgvectorTable.Facts, connection) { Parameters = { new() { Value = options.Table } } };
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new PgvectorFacts(
            reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.IsDBNull(5) ? null : reader.GetBoolean(5),
            exists,
            dimensions
        );
    }

    // Refused if the table has no column digest: AiMe did not make it.
    private async Task<long> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand ask = new(PgvectorTable.Count(options.Table), connection);
        return (long)(await ask.ExecuteScalarAsync(cancellationToken))!;
    }

    private VectorStoreException? RefusalOf(PgvectorFacts facts, int? dimensions) =>
        facts switch
        {
            { Extension: null, Offered: null } => calls.Failures.Refusal(
                "the server does not have the extension vector",
                "Install pgvector on the server"
            ),
            { Extension: null, MayMakeExtension: false } => calls.Failures.Refusal(
                $"the database has no extension vector, and the role {options.User} may not make it",
                "Make it as another role: CREATE EXTENSION vector"
            ),
            { Extension: { } version } when options.Hnsw && Version.TryParse(version, out var has) && has < s_leastForHnsw =>
                calls.Failures.Refusal(
                    $"search: hnsw needs pgvector {s_leastForHnsw} or newer, and the database has {version}",
                    "Update the extension, or search exactly"
                ),
            { Exists: false, MayMakeTable: false } => calls.Failures.Refusal(
                $"there is no table {options.Table}, and the role {options.User} may not make one",
                "Give the role the right CREATE on the schema"
            ),
            { Exists: true, Dimensions: null } => calls.Failures.Refusal(
                $"table {options.Table} was not made by AiMe: it has no column vector",
                "Give the name of another table"
            ),
            { Exists: true, MayChange: not true } => calls.Failures.Refusal(
                $"the role {options.User} may not read and change table {options.Table}",
                "Give the role the rights SELECT, INSERT, UPDATE and DELETE on it"
            ),
            { Dimensions: { } some } when dimensions is { } wanted && some != wanted => calls.Failures.OtherDimensions(
                "table",
                options.Table,
                some,
                wanted
            ),
            _ => null,
        };

    /// <summary>What the database says; <see cref="PgvectorTable.Facts"/> has the words.</summary>
    private sealed record PgvectorFacts(
        string Server,
        string? Extension,
        string? Offered,
        bool MayMakeExtension,
        bool MayMakeTable,
        bool? MayChange,
        bool Exists,
        int? Dimensions
    );
}
