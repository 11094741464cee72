using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>Translates SQLite's error codes.</summary>
internal static class SqliteFaults
{
    /// <summary>The failure in words: the path, the cause and the remedy.</summary>
    /// <remarks>Codes: https://www.sqlite.org/rescode.html (primary result codes).</remarks>
    public static JournalException Of(SqliteException e, string path) =>
        new(
            e.SqliteErrorCode switch
            {
                3 or 8 or 23 =>
                    $"The journal {path} cannot be written: make the file and its directory writable, or choose another --store.",
                5 or 6 => $"The journal {path} is locked by another process: wait for it or stop it, then run the same command again.",
                10 => $"Reading or writing the journal {path} failed (SQLite I/O error {e.SqliteExtendedErrorCode}): check "
                    + "the disk, then run the same command again; acknowledged events are kept.",
                11 => $"The journal {path} is damaged ({e.Message}): restore a copy of journal.db together with its -wal "
                    + $"file, or salvage the rows with `sqlite3 {path} .recover`.",
                13 => $"The disk that holds the journal {path} is full: free some space, then run the same command again; "
                    + "acknowledged events are kept.",
                14 when File.Exists(path) =>
                    $"The journal {path} can be read but not written (a read-only file system, or no permission for its "
                        + "directory): reading commands work; to write, choose another --store.",
                14 => $"The journal {path} cannot be opened: it must be a file in an existing directory that you may use.",
                26 => $"{path} is not a SQLite database: move the file away or choose another --store.",
                _ => $"The journal {path} failed: {e.Message} (SQLite code {e.SqliteExtendedErrorCode}).",
            },
            e
        );
}
