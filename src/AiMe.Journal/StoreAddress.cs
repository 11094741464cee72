using System.Collections.Immutable;
using AiMe.Journal.Postgres;
using Npgsql;

namespace AiMe.Journal;

/// <summary>Where a store is: a closed set. Neither its text nor its arguments ever show a password.</summary>
public abstract record StoreAddress
{
    /// <summary>Where runs are kept unless told otherwise; for PostgreSQL, where its blobs and models are.</summary>
    public const string DefaultDirectory = ".aime";

    private protected StoreAddress(string root) => Root = Path.GetFullPath(root);

    /// <summary>The full path of the directory that holds <c>blobs/</c>, <c>models/</c> and <c>corpora/</c>.</summary>
    public string Root { get; }

    /// <summary>As it was named; what stands in it of a password is left out.</summary>
    public abstract string Given { get; }

    /// <summary>
    /// What names it on a command line: <c>--store</c>, and <c>--blobs</c> where that is not what it would be anyway.
    /// Empty where a password stands in the address: that can only have come from the environment, and comes from there
    /// again.
    /// </summary>
    public abstract ImmutableArray<string> Arguments { get; }

    /// <summary>Reads an address as a person writes it.</summary>
    /// <param name="text">
    /// A directory, a connection string such as <c>Host=localhost;Database=aime</c>, or a <c>postgresql://</c> URI.
    /// </param>
    /// <param name="blobs">
    /// For PostgreSQL, the directory for blobs and models; null for <see cref="DefaultDirectory"/>. A directory keeps
    /// its own.
    /// </param>
    /// <exception cref="StoreAddressException">It is neither.</exception>
    public static StoreAddress Parse(string text, string? blobs)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim().Length == 0)
            throw new StoreAddressException(
                "the store's address is empty: name a directory, or a PostgreSQL database as Host=...;Database=..."
            );
        return PostgresText.IsOne(text) ? PostgresText.Read(text, blobs) : new DirectoryAddress(text);
    }

    /// <summary>As messages name it: a full path, or a URI without a password.</summary>
    public abstract string Place { get; }

    /// <summary>The same as <see cref="Given"/>.</summary>
    public sealed override string ToString() => Given;
}

/// <summary>A directory with <c>journal.db</c>, <c>blobs/</c> and <c>models/</c>.</summary>
public sealed record DirectoryAddress : StoreAddress
{
    /// <param name="path">Of the directory, which need not be there.</param>
    public DirectoryAddress(string path)
        : base(path) => Given = path;

    /// <summary>The journal's file.</summary>
    public string Journal => Path.Combine(Root, "journal.db");

    /// <inheritdoc />
    public override string Given { get; }

    /// <inheritdoc />
    public override ImmutableArray<string> Arguments => ["--store", Given];

    /// <inheritdoc />
    public bool Equals(DirectoryAddress? other) => other is not null && Root == other.Root;

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Root);

    /// <inheritdoc />
    public override string Place => Root;
}

/// <summary>A PostgreSQL database, with a directory for blobs and models beside it.</summary>
public sealed record PostgresAddress : StoreAddress
{
    private readonly string? _blobs;

    internal PostgresAddress(NpgsqlConnectionStringBuilder connection, string? blobs)
        : base(blobs ?? DefaultDirectory) => (Connection, _blobs) = (connection.ConnectionString, blobs);

    /// <summary>The connection string, which may hold a password: for a database driver, and nobody else.</summary>
    public string Connection { get; }

    /// <summary>Whether a password stands in it.</summary>
    public bool HasPassword =>
        new NpgsqlConnectionStringBuilder(Connection) is var c
        && (!string.IsNullOrEmpty(c.Password) || !string.IsNullOrEmpty(c.SslPassword));

    /// <inheritdoc />
    public override string Given => new NpgsqlConnectionStringBuilder(Connection) { Password = null, SslPassword = null }.ConnectionString;

    /// <inheritdoc />
    public override ImmutableArray<string> Arguments =>
        HasPassword ? [] : ["--store", Given, .. _blobs is null ? Array.Empty<string>() : ["--blobs", _blobs]];

    /// <inheritdoc />
    public override string Place
    {
        get
        {
            var c = new NpgsqlConnectionStringBuilder(Connection);
            return $"postgresql://{(c.Username is { Length: > 0 } user ? $"{Uri.EscapeDataString(user)}@" : "")}{(c.Host!.Contains('/') ? Uri.EscapeDataString(c.Host) : c.Host)}{(c.Port == NpgsqlConnection.DefaultPort ? "" : $":{c.Port}")}/{Uri.EscapeDataString(c.Database!)}";
        }
    }
}

/// <summary>A text that is no store's address.</summary>
/// <param name="unknown">The word that is not known, where that is what is wrong.</param>
/// <param name="known">The words that are.</param>
public sealed class StoreAddressException(string message, string? unknown = null, ImmutableArray<string> known = default)
    : Exception(message)
{
    /// <summary>The word that is not known; null where something else is wrong.</summary>
    public string? Unknown { get; } = unknown;

    /// <summary>The words that might have been meant.</summary>
    public ImmutableArray<string> Known { get; } = known.IsDefault ? [] : known;
}
