using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Verification;

/// <summary>
/// Checks one stream row by row: sequence numbers, links, payloads, states, snapshots. It stops at the first
/// divergence.
/// </summary>
/// <param name="place">The stream's index among the heads of its instance.</param>
/// <param name="detailed">
/// Whether to remember every link, so that a wrong anchor can be told from a stream that was cut off.
/// </param>
internal sealed class StreamCheck(
    FacultyDefinition faculty,
    PersistenceId id,
    int place,
    SnapshotCheck snapshots,
    BlobReferences references,
    bool detailed
)
{
    private readonly HashSet<Link>? _links = detailed ? [Link.Before(faculty.Name)] : null;
    private TamperDiagnosis? _diagnosis;

    public PersistenceId Id => id;

    public SnapshotCheck Snapshots => snapshots;

    /// <summary>The state up to which the stream is in order.</summary>
    public StreamState Current { get; private set; } = new(faculty.Initial, 0, 0, Link.Before(faculty.Name));

    /// <summary>The first divergence of its events, or null.</summary>
    public Divergence? Broken { get; private set; }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Checks the next row.</summary>
    /// <param name="happened">Its event.</param>
    /// <returns>Null if the stream is not, or no longer, in order.</returns>
    public ChainStep? Take(JournalRow row, out Event? happened)
    {
        Rows++;
        Bytes += row.Message.Length;
        happened = null;
        if (_diagnosis is { } diagnosis)
            (Broken, _diagnosis) = (diagnosis.Name(row), null);
        if (Broken is not null)
            return null;
        if (row.SequenceNumber != Current.SequenceNumber + 1)
            return Break(
                RowPlace.Of(row, 0) with
                {
                    SequenceNumber = Current.SequenceNumber + 1,
                },
                "sequence_number",
                $"{Current.SequenceNumber + 1}",
                $"{row.SequenceNumber}",
                Gap(row)
            );
        if (Read(row) is not { } envelope)
            return null;
        var link = Current.Head.Next(row.SequenceNumber, envelope.Index, row.Manifest, envelope.Data.Span);
        if (link != envelope.Link)
        {
            _diagnosis = new TamperDiagnosis(Current.Head, Current.Index, row, envelope);
            return null;
        }

        return Fold(row, envelope, link, out happened);
    }

    /// <summary>Ends the check.</summary>
    public void End()
    {
        if (_diagnosis is { } diagnosis)
            (Broken, _diagnosis) = (diagnosis.Name(next: null), null);
        if (Broken is null)
            snapshots.End(Current);
    }

    /// <summary>Ends the rows, although the table may have had higher numbers.</summary>
    /// <param name="highest">Read before the rows, so that newer rows are not counted.</param>
    public void EndRows(long highest)
    {
        if (_diagnosis is null && Broken is null && highest > Current.SequenceNumber)
            Break(
                new RowPlace(id, 0, Current.SequenceNumber + 1, 0, ""),
                "deleted",
                "0",
                "1",
                $"rows up to {highest} exist, but are marked as deleted; the host never deletes events"
            );
    }

    /// <summary>Ends the rows, because the database cannot read the next one.</summary>
    public void EndUnreadable(string why) =>
        Accuse(
            new RowPlace(id, 0, Current.SequenceNumber + 1, 0, "").Diverges(
                "row",
                "a row that can be read",
                why,
                "the journal's file is damaged here"
            )
        );

    /// <summary>Records a divergence that other checks found in this stream.</summary>
    public void Accuse(Divergence divergence) => Broken ??= divergence;

    /// <summary>Whether the chain ever had a link; only known in a detailed check.</summary>
    public bool Had(Link link) => _links?.Contains(link) ?? true;

    private string Gap(JournalRow row) =>
        row.SequenceNumber > Current.SequenceNumber
            ? "rows were deleted, marked as deleted, or given other numbers"
            : "a row follows one with a higher number: a sequence number was altered";

    private EventEnvelope? Read(JournalRow row)
    {
        try
        {
            var envelope = EventEnvelope.Read(row.Message);
            // White space and escapes do not change the meaning, but the host writes none, so the row was altered.
            var canonical = envelope.Data.Length + Digits(envelope.Index) + "{'i':,'d':,'h':''}".Length + 32;
            if (row.Message.Length == canonical)
                return envelope;
            Break(
                RowPlace.Of(row, envelope.Index),
                "message",
                $"{canonical} bytes",
                $"{row.Message.Length} bytes",
                "the payload's JSON is not the canonical text that the host writes"
            );
        }
        catch (CorruptEventException e)
        {
            Break(
                RowPlace.Of(row, 0),
                JsonPlace.OfFault(row.Message.Span) ?? "message",
                "{\"i\":index,\"d\":{the event},\"h\":\"link\"}",
                e.Message,
                "the payload cannot be read"
            );
        }

        return null;
    }

    private ChainStep? Fold(JournalRow row, EventEnvelope envelope, Link link, out Event? happened)
    {
        happened = null;
        try
        {
            happened = FacultyEvents.Codec.Read(row.Manifest, envelope.Data.Span);
        }
        catch (CorruptEventException e)
        {
            return Break(
                RowPlace.Of(row, envelope.Index),
                JsonPlace.OfData(e.InnerException),
                row.Manifest,
                e.Message,
                "the chain is intact, but this build does not know the event's form: another build wrote it"
            );
        }

        if (!faculty.Events.IsInstanceOfType(happened))
            return Break(
                RowPlace.Of(row, envelope.Index),
                "manifest",
                $"an event of {faculty.Name}",
                row.Manifest,
                "the chain is intact, but the event is another faculty's: this history was forged"
            );
        try
        {
            Current = new StreamState(faculty.Evolve(Current.State, happened), row.SequenceNumber, envelope.Index, link);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Break(
                RowPlace.Of(row, envelope.Index),
                "d",
                "an event that can follow the state before it",
                $"{e.GetType().Name}: {e.Message}",
                "the chain is intact, but the event cannot be folded: this history was forged, or written by a build that folds differently"
            );
        }

        _links?.Add(link);
        snapshots.At(faculty, Current);
        references.Take(RowPlace.Of(row, envelope.Index), happened);
        return new ChainStep(RowPlace.Of(row, envelope.Index), place, link, row.Writer, Anchors.InInstance(happened));
    }

    private ChainStep? Break(RowPlace at, string field, string expected, string found, string meaning)
    {
        Broken = at.Diverges(field, expected, found, meaning);
        return null;
    }

    private static int Digits(long number)
    {
        var digits = number < 0 ? 2 : 1;
        for (; number is >= 10 or <= -10; number /= 10)
            digits++;
        return digits;
    }
}
