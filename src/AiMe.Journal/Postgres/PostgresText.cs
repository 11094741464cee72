using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// Parses PostgreSQL connection strings and URIs. No message repeats a value, because it may be a password.
/// </summary>
internal static partial class PostgresText
{
    private static readonly ImmutableArray<string> Keywords =
    [
        "Host",
        "Port",
        "Database",
        "Username",
        "Password",
        "Passfile",
        "Search Path",
        "Options",
        "Application Name",
        "Timeout",
        "Command Timeout",
        "Keepalive",
        "SSL Mode",
        "SSL Negotiation",
        "SSL Certificate",
        "SSL Key",
        "SSL Password",
        "Root Certificate",
        "Channel Binding",
        "Maximum Pool Size",
    ];

    // The parameter names of libpq, with those of Npgsql.
    private static readonly ImmutableArray<(string Parameter, string Keyword)> Parameters =
    [
        ("host", "Host"),
        ("port", "Port"),
        ("dbname", "Database"),
        ("user", "Username"),
        ("password", "Password"),
        ("passfile", "Passfile"),
        ("options", "Options"),
        ("application_name", "Application Name"),
        ("connect_timeout", "Timeout"),
        ("sslmode", "SSL Mode"),
        ("sslcert", "SSL Certificate"),
        ("sslkey", "SSL Key"),
        ("sslpassword", "SSL Password"),
        ("sslrootcert", "Root Certificate"),
        ("channel_binding", "Channel Binding"),
    ];

    /// <summary>
    /// Whether a text names PostgreSQL and not a directory: a URI of its scheme, or text that starts with
    /// <c>word=value</c>.
    /// </summary>
    public static bool IsOne(string text) => IsUri(text) || Assignment().IsMatch(text) && !Directory.Exists(text);

    /// <exception cref="StoreAddressException">The text cannot be parsed, or has no host or database.</exception>
    public static PostgresAddress Read(string text, string? blobs)
    {
        var connection = IsUri(text) ? OfUri(text) : OfKeywords(text);
        if (string.IsNullOrEmpty(connection.Host))
            throw new StoreAddressException(
                "the PostgreSQL address has no host: write Host=... (a name, an address, or the directory of a Unix socket)"
            );
        if (string.IsNullOrEmpty(connection.Database))
            throw new StoreAddressException("the PostgreSQL address has no database: write Database=...");
        return new(connection, blobs);
    }

    private static bool IsUri(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder OfKeywords(string text)
    {
        System.Data.Common.DbConnectionStringBuilder pairs = [];
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new StoreAddressException(
                "the PostgreSQL connection string cannot be parsed: expected Host=...;Database=... with a semicolon "
                    + "between the pairs, and quotes around a value that contains one"
            );
        }

        var connection = new NpgsqlConnectionStringBuilder();
        foreach (string keyword in pairs.Keys)
            Set(connection, keyword, pairs[keyword], Keywords);
        return connection;
    }

    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        var parts = UriForm().Match(text);
        if (!parts.Success)
            throw new StoreAddressException(
                "the PostgreSQL URI cannot be parsed: expected postgresql://user@host:port/database, with special characters "
                    + "percent-encoded"
            );
        var connection = new NpgsqlConnectionStringBuilder();
        foreach (var name in new[] { "user", "password", "host", "port", "dbname" })
        {
            if (parts.Groups[name] is { Success: true, Length: > 0 } part)
                Set(connection, name, Uri.UnescapeDataString(part.Value.Trim('[', ']')));
        }

        foreach (var pair in parts.Groups["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            Set(connection, at < 0 ? pair : pair[..at], at < 0 ? "" : Uri.UnescapeDataString(pair[(at + 1)..]));
        }

        return connection;
    }

    private static void Set(NpgsqlConnectionStringBuilder connection, string parameter, string value)
    {
        var keyword = Parameters.FirstOrDefault(p => p.Parameter == parameter).Keyword
            ?? throw new StoreAddressException(
                $"the PostgreSQL URI has an unknown parameter '{parameter}'",
                parameter,
                [.. Parameters.Select(p => p.Parameter)]
            );
        Set(
            connection,
            keyword,
            keyword is "SSL Mode" or "Channel Binding" ? value.Replace("-", "", StringComparison.Ordinal) : value,
            Keywords
        );
    }

    private static void Set(NpgsqlConnectionStringBuilder connection, string keyword, object? value, ImmutableArray<string> known)
    {
        if (!connection.ContainsKey(keyword))
            throw new StoreAddressException(
                $"the PostgreSQL connection string has an unknown keyword '{keyword}' (to name a directory with such a name, "
                    + "write ./ before it)",
                keyword,
                [.. known.Select(k => k.ToLowerInvariant())]
            );
        try
        {
            connection[keyword] = value;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or NotSupportedException)
        {
            throw new StoreAddressException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the PostgreSQL connection string has a value for '{keyword}' that cannot be used{Expected(keyword)}"
                )
            );
        }
    }

    private static string Expected(string keyword) =>
        keyword.ToLowerInvariant() switch
        {
            "port" => ": expected a number from 1 to 65535",
            "ssl mode" or "sslmode" => $": expected one of {string.Join(", ", Enum.GetNames<SslMode>())}",
            "timeout" or "command timeout" or "keepalive" => ": expected a number of seconds",
            _ => "",
        };

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z ]*=")]
    private static partial Regex Assignment();

    // The host may be the percent-encoded path of a socket's directory, or an IPv6 address in brackets.
    [GeneratedRegex(
        @"^postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<host>\[[0-9A-Fa-f:.]+\]|[^:@/?\[\]]*)"
            + @"(?::(?<port>[0-9]+))?(?:/(?<dbname>[^?/]*))?(?:\?(?<query>.*))?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex UriForm();
}
