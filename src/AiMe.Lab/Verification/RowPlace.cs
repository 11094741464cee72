using AiMe.EventSourcing;

namespace AiMe.Lab.Verification;

/// <summary>The place of a row.</summary>
/// <param name="Ordering">0 if the row is missing.</param>
/// <param name="Index">Index of its event in the instance; 0 if it cannot be read.</param>
internal readonly record struct RowPlace(PersistenceId Stream, long Ordering, long SequenceNumber, long Index, string Manifest)
{
    /// <summary>The place of a row.</summary>
    public static RowPlace Of(JournalRow row, long index) => new(row.PersistenceId, row.Ordering, row.SequenceNumber, index, row.Manifest);

    /// <summary>A divergence here.</summary>
    public Divergence Diverges(string field, string expected, string found, string meaning) =>
        new(
            Stream.Value,
            Ordering > 0 ? Ordering : null,
            SequenceNumber,
            Index > 0 ? Index : null,
            Manifest.Length > 0 ? Manifest : null,
            field,
            expected,
            found,
            meaning
        );

    /// <inheritdoc />
    public override string ToString() => $"{Stream} {SequenceNumber} (ordering {Ordering})";
}

/// <summary>A row of an instance whose own stream is in order up to it.</summary>
/// <param name="Faculty">Its stream's index among the heads.</param>
/// <param name="Anchor">The heads that its event carries, or null.</param>
internal readonly record struct ChainStep(RowPlace Place, int Faculty, Link Link, WriterId Writer, Heads? Anchor);
