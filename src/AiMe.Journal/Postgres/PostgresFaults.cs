using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>Translates errors of PostgreSQL and of the network. No message repeats the connection string.</summary>
/// <remarks>Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html.</remarks>
internal static class PostgresFaults
{
    // The driver's message if each of several hosts is known to be unreachable, or to lack the requested role.
    private const string NoHost = "No suitable host";

    /// <summary>The failure in words: the database, the cause and the remedy.</summary>
    public static JournalException Of(Exception e, string place) =>
        new(
            e switch
            {
                PostgresException p => Of(p, place),
                NpgsqlException { InnerException: AggregateException } =>
                    $"The journal's server at {place} cannot be reached ({Reason(e)}): "
                        + "start it, or correct hosts and ports in --store; then run the same command again.",
                NpgsqlException { InnerException: SocketException s } =>
                    $"The journal's server at {place} cannot be reached ({s.SocketErrorCode}): start it, or correct host "
                        + "and port in --store; then run the same command again.",
                NpgsqlException { InnerException: TimeoutException } =>
                    $"The journal's server at {place} does not answer in time: check its load and its log, then run the "
                        + "same command again; acknowledged events are kept.",
                NpgsqlException when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
                    $"The journal's server at {place} requires a password and none was given: set PGPASSWORD, or name a "
                        + "password file in PGPASSFILE.",
                _ => $"The connection to the journal at {place} failed ({e.Message}): check that the server is running, then run "
                    + "the same command again; acknowledged events are kept.",
            },
            e
        );

    /// <summary>The failure of an operation that waited for the server in vain.</summary>
    /// <param name="waited">Time since the outage began.</param>
    /// <param name="byPatience">Whether the patience ran out; otherwise the user stopped waiting.</param>
    public static JournalException GivenUp(Exception e, string place, TimeSpan waited, bool byPatience) =>
        new(
            $"The journal's server at {place} is still unreachable after {Words(waited)} ({Reason(e)}): "
                + "check that it is running and reachable, then run the same command again; acknowledged events are kept."
                + (byPatience ? " AIME_STORE_PATIENCE sets how many seconds to wait." : ""),
            e
        );

    /// <summary>Why an attempt failed, in a few words.</summary>
    public static string Reason(Exception e) =>
        e switch
        {
            PostgresException p => p.MessageText,
            AggregateException a => string.Join("; ", a.InnerExceptions.Select(Reason).Distinct(StringComparer.Ordinal)),
            NpgsqlException { InnerException: AggregateException a } => Reason(a),
            NpgsqlException { InnerException: TimeoutException } => "no answer in time",
            NpgsqlException { InnerException: SocketException s } => s.Message,
            OperationCanceledException => "no answer yet",
            _ => e.Message,
        };

    /// <summary>Wraps an exception of the driver on a closed connection as a lost connection.</summary>
    public static DbException Lost(Exception e) => new NpgsqlException("The connection was lost.", new IOException(e.Message, e));

    /// <summary>Whether the connection is lost or unusable, so that a new one may succeed.</summary>
    public static bool IsLoss(Exception e) =>
        e switch
        {
            PostgresException p => p.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "53300" or ['0', '8', ..],
            NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
            NpgsqlException { InnerException: AggregateException a } => a.InnerExceptions.Any(IsLoss),
            NpgsqlException { InnerException: null } n when n.Message.StartsWith(NoHost, StringComparison.Ordinal) => true,
            NpgsqlException n => n.IsTransient,
            IOException or SocketException => true,
            _ => false,
        };

    /// <summary>
    /// Whether the server rolled back a transaction in favour of another: it can be repeated at once.
    /// </summary>
    public static bool IsCollision(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether a sequence number is taken: another process has written to the stream.</summary>
    public static bool IsTaken(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } p && !IsOrdering(p);

    /// <summary>
    /// Whether a value caused the failure and not the database: the rest of the transaction can succeed without it.
    /// </summary>
    public static bool IsOfValue(Exception e) => e is PostgresException { SqlState: ['2', '2', ..] or ['5', '4', ..] } or ArgumentException;

    /// <summary>The message for a database that cannot be written.</summary>
    public static string ReadOnly(string place) =>
        $"The journal at {place} can be read but not written (a standby server, or a read-only database): reading "
        + "commands work; to write, name the primary server in --store.";

    private static string Words(TimeSpan span) =>
        span < TimeSpan.FromMinutes(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} minutes");

    private static bool IsOrdering(PostgresException p) => p.ConstraintName is "PK_journal" or "PK_tags";

    private static string Of(PostgresException p, string place) =>
        p.SqlState switch
        {
            PostgresErrorCodes.InvalidCatalogName =>
                $"There is no database at {place}: create it with `createdb`, or correct Database in --store.",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"The server refuses the login at {place}: correct Username in --store and the password in PGPASSWORD, "
                    + "PGPASSFILE or AIME_STORE; the server's pg_hba.conf decides who may connect.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The user may not use the journal at {place} ({p.MessageText}): grant the privileges that docs/OPERATIONS.md "
                    + "lists, or name another user.",
            PostgresErrorCodes.UniqueViolation when IsOrdering(p) =>
                $"The journal at {place} assigns orderings below its newest row (it was restored without its "
                    + "sequence): run SELECT setval(pg_get_serial_sequence('journal', 'ordering'), (SELECT max(ordering) FROM "
                    + "journal)) there.",
            PostgresErrorCodes.DiskFull =>
                $"The disk that holds the journal at {place} is full: free some space on the server, then run the same "
                    + "command again; acknowledged events are kept.",
            PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly(place),
            PostgresErrorCodes.TooManyConnections =>
                $"The server at {place} has no free connection: close others, or raise its max_connections.",
            "57P01" or "57P02" or "57P03" =>
                $"The journal's server at {place} is stopping or starting ({p.MessageText}): wait for it, then run the "
                    + "same command again; acknowledged events are kept.",
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable =>
                $"The journal's server at {place} cancelled a statement ({p.MessageText}): another transaction holds a lock "
                    + "that it needs; end that one, then run the same command again.",
            ['5', '8', ..] =>
                $"Reading or writing the journal at {place} failed on the server ({p.MessageText}): check its disk and its log.",
            ['X', 'X', ..] => $"The journal at {place} is damaged on the server ({p.MessageText}): restore it from a backup.",
            _ => $"The journal at {place} failed: {p.MessageText} (PostgreSQL code {p.SqlState}).",
        };
}
