using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Verification;

/// <summary>
/// Finds which part of a row was altered if its link does not follow from its content, from the rows around it.
/// </summary>
/// <param name="Head">The link before it.</param>
/// <param name="Index">Index of the event before it in its stream.</param>
internal sealed record TamperDiagnosis(Link Head, long Index, JournalRow Row, EventEnvelope Envelope)
{
    // Two events of one stream are at most the events of one cycle and one round's end apart, which is far less.
    private const int IndicesTried = 4096;

    private static readonly ImmutableArray<string> Manifests = [.. FacultyEvents.Codec.Manifests, .. Upcasts.All.Select(u => u.From)];

    /// <summary>The link that follows from the content.</summary>
    public Link Computed { get; } = Head.Next(Row.SequenceNumber, Envelope.Index, Row.Manifest, Envelope.Data.Span);

    /// <summary>The divergence.</summary>
    /// <param name="next">The next row, or null if it is the last.</param>
    public Divergence Name(JournalRow? next)
    {
        var behind = next is null ? null : Read(next);
        if (behind is { } b && Computed.Next(next!.SequenceNumber, b.Index, next.Manifest, b.Data.Span) == b.Link)
            return At(
                "h",
                $"{Computed}",
                $"{Envelope.Link}",
                "the link was altered: the next row continues from the link that follows from the content"
            );
        if (behind is { } swapped && Head.Next(Row.SequenceNumber, swapped.Index, next!.Manifest, swapped.Data.Span) == swapped.Link)
            return At(
                "sequence_number",
                $"the payload of {next.SequenceNumber}",
                "another one",
                "two rows were swapped: the next one belongs here"
            );
        if (Manifests.FirstOrDefault(m => LinkOf(Envelope.Index, m) == Envelope.Link) is { } manifest)
            return At("manifest", manifest, Row.Manifest, "the manifest was altered: the link is right with the expected one");
        for (var i = Index + 1; i <= Index + IndicesTried; i++)
        {
            if (LinkOf(i, Row.Manifest) == Envelope.Link)
                return At("i", $"{i}", $"{Envelope.Index}", "the index was altered: the link is right with the expected one");
        }

        var continues = behind is { } e && Envelope.Link.Next(next!.SequenceNumber, e.Index, next.Manifest, e.Data.Span) == e.Link;
        return At(
            continues ? "d" : "d or h",
            $"{Envelope.Link}",
            $"{Computed}",
            continues
                ? "the event was altered: the next row continues from the stored link"
                : "the event, its link, its place, or the row before it was altered"
        );
    }

    private Divergence At(string field, string expected, string found, string meaning) =>
        new(Row.PersistenceId.Value, Row.Ordering, Row.SequenceNumber, Envelope.Index, Row.Manifest, field, expected, found, meaning);

    private Link LinkOf(long index, string manifest) => Head.Next(Row.SequenceNumber, index, manifest, Envelope.Data.Span);

    private static EventEnvelope? Read(JournalRow row)
    {
        try
        {
            return EventEnvelope.Read(row.Message);
        }
        catch (CorruptEventException)
        {
            return null; // it says nothing about the row before it
        }
    }
}
