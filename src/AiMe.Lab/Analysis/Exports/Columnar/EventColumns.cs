using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>A row of the journal in the table <c>events</c>.</summary>
/// <param name="Instance">Null for the Supervisor.</param>
internal sealed record EventRow(string Run, string? Instance, string Faculty, JournalRow Row, long Index, string Payload)
{
    public static EventRow Of(string run, string? instance, string faculty, JournalRow row)
    {
        var envelope = EventEnvelope.Read(row.Message);
        return new(
            run,
            instance,
            faculty,
            row with
            {
                Message = default, // the payload has it as text
            },
            envelope.Index,
            Encoding.UTF8.GetString(envelope.Data.Span)
        );
    }
}

/// <summary>The table <c>events</c>: the rows of the journal.</summary>
internal static class EventColumns
{
    public static ImmutableArray<TableColumn<EventRow>> All { get; } =
    [
        new TableColumn<EventRow>.Utf8Text("run", e => e.Run),
        new TableColumn<EventRow>.Utf8Text("instance", e => e.Instance),
        new TableColumn<EventRow>.Utf8Text("faculty", e => e.Faculty),
        new TableColumn<EventRow>.Utf8Text("stream", e => e.Row.PersistenceId.Value),
        new TableColumn<EventRow>.Whole("sequence_number", e => e.Row.SequenceNumber),
        new TableColumn<EventRow>.Whole("index", e => e.Index),
        new TableColumn<EventRow>.Utf8Text("manifest", e => e.Row.Manifest),
        new TableColumn<EventRow>.Time("written_at", e => new DateTime(e.Row.CreatedTicks, DateTimeKind.Utc)),
        new TableColumn<EventRow>.Utf8Text("writer", e => e.Row.Writer.Value),
        new TableColumn<EventRow>.Utf8Text("payload", e => e.Payload),
    ];

    /// <summary>Roughly how many characters an event holds.</summary>
    public static long Characters(EventRow row) => row.Payload.Length;
}
