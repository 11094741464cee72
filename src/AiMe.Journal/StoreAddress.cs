using System.Collections.Immutable;
using AiMe.Journal.Postgres;
using Npgsql;

namespace AiMe.Journal;

/// <summary>The address of a store: a closed set. Neither its text nor its arguments ever show a password.</summary>
public abstract record StoreAddress
{
    /// <summary>The default directory of a store; for PostgreSQL, the default directory of blobs and models.</summary>
    public const string DefaultDirectory = ".aime";

    private protected StoreAddress(string root) => Root = Path.GetFullPath(root);

    /// <summary>The full path of the directory with <c>blobs/</c>, <c>models/</c> and <c>corpora/</c>.</summary>
    public string Root { get; }

    /// <summary>The address as given, without a password.</summary>
    public abstract string Given { get; }

    /// <summary>
    /// Command line arguments for the store: <c>--store</c>, and <c>--blobs</c> if it differs from the default. Empty
    /// if the address has a password.
    /// </summary>
    /// <remarks>An address with a password can only come from the environment, which provides it again.</remarks>
    public abstract ImmutableArray<string> Arguments { get; }

    /// <summary>Parses an address as a user writes it.</summary>
    /// <param name="text">
    /// A directory, a connection string such as <c>Host=localhost;Database=aime</c>, or a <c>postgresql://</c> URI.
    /// </param>
    /// <param name="blobs">
    /// For PostgreSQL, the directory for blobs and models; null for <see cref="DefaultDirectory"/>. Ignored for a
    /// directory.
    /// </param>
    /// <exception cref="StoreAddressException">The text is not an address.</exception>
    public static StoreAddress Parse(string text, string? blobs)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim().Length == 0)
            throw new StoreAddressException(
                "the store's address is empty: name a directory, or a PostgreSQL database as Host=...;Database=..."
            );
        return PostgresText.IsOne(text) ? PostgresText.Read(text, blobs) : new DirectoryAddress(text);
    }

    /// <summary>The address in messages: a full path, or a URI without a password.</summary>
    public abstract string Place { get; }

    /// <summary>The same as <see cref="Given"/>.</summary>
    public sealed override string ToString() => Given;
}

/// <summary>A directory with <c>journal.db</c>, <c>blobs/</c>, <c>models/</c>, and <c>ratings/</c> once somebody rates pairs.</summary>
public sealed record DirectoryAddress : StoreAddress
{
    /// <param name="path">Path of the directory, which need not exist.</param>
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

/// <summary>A PostgreSQL database, with a directory for blobs and models.</summary>
public sealed record PostgresAddress : StoreAddress
{
    private readonly string? _blobs;

    internal PostgresAddress(NpgsqlConnectionStringBuilder connection, string? blobs)
        : base(blobs ?? DefaultDirectory) => (Connection, _blobs) = (connection.ConnectionString, blobs);

    /// <summary>The connection string, for a database driver only: it may contain a password.</summary>
    public string Connection { get; }

    /// <summary>Whether the connection string contains a password.</summary>
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
            var user = c.Username is { Length: > 0 } name ? $"{Uri.EscapeDataString(name)}@" : "";
            var host = c.Host!.Contains('/') ? Uri.EscapeDataString(c.Host) : c.Host;
            var port = c.Port == NpgsqlConnection.DefaultPort ? "" : $":{c.Port}";
            return $"postgresql://{user}{host}{port}/{Uri.EscapeDataString(c.Database!)}";
        }
    }
}

/// <summary>A text is not the address of a store.</summary>
/// <param name="unknown">The unknown word, if that is the cause.</param>
/// <param name="known">The known words.</param>
public sealed class StoreAddressException(string message, string? unknown = null, ImmutableArray<string> known = default)
    : Exception(message)
{
    /// <summary>The unknown word; null for another cause.</summary>
    public string? Unknown { get; } = unknown;

    /// <summary>The known words, for suggestions.</summary>
    public ImmutableArray<string> Known { get; } = known.IsDefault ? [] : known;
}
