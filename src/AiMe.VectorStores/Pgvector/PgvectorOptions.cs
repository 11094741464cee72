using System.Text.RegularExpressions;

namespace AiMe.VectorStores.Pgvector;

/// <summary>Where memories are in PostgreSQL.</summary>
/// <param name="Host">The server's name, or the directory of its socket.</param>
/// <param name="Password">Null if none is needed. It is never shown.</param>
/// <param name="Table">Created if it is missing; lower-case letters, digits and _.</param>
/// <param name="Hnsw">Whether an approximate index is made and searched; else a search compares with every memory of the instance.</param>
/// <param name="Timeout">For one command.</param>
public sealed partial record PgvectorOptions(
    string Host,
    int Port,
    string Database,
    string User,
    string? Password,
    string Table,
    bool Hnsw,
    TimeSpan Timeout
)
{
    /// <summary>The table's name, which is part of SQL and so has no other characters.</summary>
    public string Table { get; } =
        Named().IsMatch(Table)
            ? Table
            : throw new ArgumentException($"The table is named {Table}; expected lower-case letters, digits and _, at most 48.");

    /// <inheritdoc />
    public override string ToString() => $"pgvector at {Host}:{Port}/{Database}";

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,47}$")]
    private static partial Regex Named();
}
