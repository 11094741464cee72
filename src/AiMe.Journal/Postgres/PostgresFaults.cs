using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// What PostgreSQL's and the network's errors mean to a researcher. No message repeats the connection string.
/// </summary>
/// <remarks>Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html.</remarks>
internal static class PostgresFaults
{
    // The driver's words when it knows of each of several hosts that it is away, or has not the role that is asked for.
    private const string NoHost = "No suitable host";

    /// <summary>The failure in words: the database, what is wrong, what to do.</summary>
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
                    $"The journal's server at {place} does not answer in time: look at its load and its log, then run the "
                        + "same command again; what was acknowledged is kept.",
                NpgsqlException when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
                    $"The journal's server at {place} asks for a password and none was given: set PGPASSWORD, or name a "
                        + "file of passwords in PGPASSFILE.",
                _ => $"The connection to the journal at {place} failed ({e.Message}): see that the server runs, then run "
                    + "the same command again; what was acknowledged is kept.",
            },
            e
        );

    /// <summary>The failure of whoever waited for the server in vain.</summary>
    /// <param name="waited">Since the outage began.</param>
    /// <param name="byPatience">Whether the patience ran out; else the person wanted to wait no longer.</param>
    public static JournalException GivenUp(Exception e, string place, TimeSpan waited, bool byPatience) =>
        new(
            $"The journal's server at {place} was waited for {Words(waited)} and is still away ({Reason(e)}): "
                + "see that it runs and can be reached, then run the same command again; what was acknowledged is kept."
                + (byPatience ? " AIME_STORE_PATIENCE is how many seconds it is waited for." : ""),
            e
        );

    /// <summary>What an attempt failed with, in a few words.</summary>
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

    /// <summary>An exception of the driver on a connection that is gone, as the loss that it is.</summary>
    public static DbException Lost(Exception e) => new NpgsqlException("The connection was lost.", new IOException(e.Message, e));

    /// <summary>Whether the connection is gone or useless, so that another one may do better.</summary>
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
    /// Whether the server undid a transaction so that another could go on: the same may be tried again at once.
    /// </summary>
    public static bool IsCollision(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether a sequence number is taken: another process has written the stream.</summary>
    public static bool IsTaken(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } p && !IsOrdering(p);

    /// <summary>
    /// Whether a value is to blame, and not the database: others in the same transaction can do without it.
    /// </summary>
    public static bool IsOfValue(Exception e) => e is PostgresException { SqlState: ['2', '2', ..] or ['5', '4', ..] } or ArgumentException;

    /// <summary>What is to be said where nothing can be written.</summary>
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
                $"There is no database at {place}: make it with `createdb`, or correct Database in --store.",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"The server refuses the login at {place}: correct Username in --store and the password in PGPASSWORD, "
                    + "PGPASSFILE or AIME_STORE; the server's pg_hba.conf says who may come in.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The journal at {place} may not be used by this user ({p.MessageText}): grant it what docs/OPERATIONS.md "
                    + "lists, or name another user.",
            PostgresErrorCodes.UniqueViolation when IsOrdering(p) =>
                $"The journal at {place} numbers its rows anew from below the newest (it was restored without its "
                    + "sequence): run SELECT setval(pg_get_serial_sequence('journal', 'ordering'), (SELECT max(ordering) FROM "
                    + "journal)) there.",
            PostgresErrorCodes.DiskFull =>
                $"The disk that holds the journal at {place} is full: free some space on the server, then run the same "
                    + "command again; what was acknowledged is kept.",
            PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly(place),
            PostgresErrorCodes.TooManyConnections =>
                $"The server at {place} has no connection left: end others, or raise its max_connections.",
            "57P01" or "57P02" or "57P03" =>
                $"The journal's server at {place} is stopping or starting ({p.MessageText}): wait for it, then run the "
                    + "same command again; what was acknowledged is kept.",
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable =>
                $"The journal's server at {place} gave a statement up ({p.MessageText}): another transaction holds what "
                    + "it needs; end that one, then run the same command again.",
            ['5', '8', ..] =>
                $"Reading or writing the journal at {place} failed on the server ({p.MessageText}): check its disk and its log.",
            ['X', 'X', ..] => $"The journal at {place} is damaged on the server ({p.MessageText}): restore it from a backup.",
            _ => $"The journal at {place} failed: {p.MessageText} (PostgreSQL code {p.SqlState}).",
        };
}
