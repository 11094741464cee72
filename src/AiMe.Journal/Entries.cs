using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Limits of an append, which every journal checks before it touches the store.</summary>
internal static class Entries
{
    public const int LongestManifest = 500,
        LongestWriter = 128;

    /// <summary>A quarter of SQLite's limit for one value, and far above any event.</summary>
    public const int LargestMessage = 256 * 1024 * 1024;

    /// <exception cref="ArgumentException">No journal could store the append: a bug of the caller.</exception>
    public static void Check(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries)
    {
        CheckStream(stream);
        Check(
            writer.Value is { Length: > 0 and <= LongestWriter },
            $"A writer's id has 1 to {LongestWriter} characters, not '{writer.Value}'."
        );
        Check(!entries.IsDefaultOrEmpty, $"An append to {stream} needs at least one entry.");
        for (var i = 0; i < entries.Length; i++)
            CheckEntry(stream, entries[i], expected: entries[0].SequenceNumber + i);
    }

    public static void CheckStream(PersistenceId stream) =>
        Check(
            stream.Value is { Length: > 0 and <= PersistenceId.MaximumLength },
            $"A persistence id has 1 to {PersistenceId.MaximumLength} characters, not '{stream.Value}'."
        );

    public static SecondWriterException Conflict(PersistenceId stream, long offered, long highest) =>
        new(
            offered <= highest
                ? $"{stream}: sequence number {offered} is already taken (the stream ends at {highest}): another process writes "
                    + "to this stream."
                : $"{stream}: sequence number {offered} would leave a gap after {highest}: another process wrote or lost "
                    + "events of this stream."
        );

    private static void CheckEntry(PersistenceId stream, JournalEntry entry, long expected)
    {
        Check(
            entry.SequenceNumber == expected && expected > 0,
            $"{stream}: the entries of an append are consecutive from 1 up; found {entry.SequenceNumber}, expected {expected}."
        );
        Check(
            entry.Manifest is { Length: > 0 and <= LongestManifest },
            $"{stream}: a manifest has 1 to {LongestManifest} characters, not '{entry.Manifest}'."
        );
        Check(
            entry.Message.Length <= LargestMessage,
            $"{stream}: event {entry.SequenceNumber} has {entry.Message.Length} bytes; at most {LargestMessage} fit: use a blob."
        );
    }

    // The text is formatted only if the check fails, because every append passes here.
    private static void Check(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise)
    {
        if (!holds)
            throw new ArgumentException(otherwise.ToString());
    }

    [InterpolatedStringHandler]
    private ref struct Otherwise
    {
        private DefaultInterpolatedStringHandler _text;

        public Otherwise(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? default : new(literalLength, formattedCount);
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
