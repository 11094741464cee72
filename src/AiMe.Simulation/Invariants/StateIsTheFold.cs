using System.Buffers;
using System.Text.Json;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Invariants;

/// <summary>
/// Compares states in the host's memory, and states read from a snapshot, with the fold from the first event.
/// </summary>
public sealed record StateIsTheFold()
    : Invariant("state", "the state is the fold of the journal, in memory and when read from a snapshot and the events after it")
{
    [ThreadStatic]
    private static (Json Fold, Json Other)? t_json; // reused, because states are large

    [ThreadStatic]
    private static StateEquality? t_equality;

    internal override string? Broken(Evidence evidence)
    {
        foreach (var stream in evidence.Ledger.Streams)
        {
            if ((Live(evidence, stream) ?? ReadBack(evidence, stream)) is { } how)
                return how;
        }

        return null;
    }

    // During an append the two are at different events and cannot be compared.
    private static string? Live(Evidence evidence, DurableRecord.DurableStream stream)
    {
        if (
            evidence.Live(stream.At) is not { } live
            || live.SequenceNumber != stream.State.SequenceNumber
            || !evidence.IsNew(stream.State, live)
        )
            return null;
        return Differs(stream, live)
            ? $"the state of {stream.At} in memory differs from the fold of its {live.SequenceNumber} events: {Difference(stream, live)}"
            : null;
    }

    // Once for each snapshot, with the events after it at that time; at the end, with all events.
    private static string? ReadBack(Evidence evidence, DurableRecord.DurableStream stream)
    {
        if (evidence.Newest(stream) is not { } snapshot || !evidence.IsNew(evidence.AtEnd ? stream.State : stream, snapshot))
            return null;
        var reading = evidence.ReadBack(stream);
        if (reading.Exception?.InnerException is { } failure)
            return $"{stream.At} cannot be read from its snapshot: {failure.Message}";
        var read = reading.Result; // it has completed: the disk's reader is synchronous
        return read.SequenceNumber != stream.State.SequenceNumber || Differs(stream, read)
            ? $"the state of {stream.At} from its snapshot, at event {read.SequenceNumber}, differs from the fold of its "
                + $"{stream.State.SequenceNumber} events: {Difference(stream, read)}"
            : null;
    }

    private static bool Differs(DurableRecord.DurableStream stream, StreamState other)
    {
        if (ReferenceEquals(stream.State.State, other.State) && stream.State == other)
            return false;
        if (stream.State.Head != other.Head || stream.State.Index != other.Index)
            return true;
        t_equality ??= new StateEquality(stream.Faculty.StateJson.Options);
        return !t_equality.Equals(stream.State.State, other.State) && HaveDifferentJson(stream.Faculty, stream.State.State, other.State);
    }

    private static bool HaveDifferentJson(FacultyDefinition faculty, object state, object other)
    {
        t_json ??= (new Json(), new Json());
        var (fold, compared) = t_json.Value;
        return !fold.Of(faculty, state).SequenceEqual(compared.Of(faculty, other));
    }

    private static string Difference(DurableRecord.DurableStream stream, StreamState other)
    {
        var (expected, found) = (
            JsonSerializer.SerializeToElement(stream.State.State, stream.Faculty.StateJson),
            JsonSerializer.SerializeToElement(other.State, stream.Faculty.StateJson)
        );
        foreach (var member in expected.EnumerateObject())
        {
            if (!found.TryGetProperty(member.Name, out var there) || there.GetRawText() != member.Value.GetRawText())
                return $"'{member.Name}' is {Short(there.ValueKind == JsonValueKind.Undefined ? "missing" : there.GetRawText())}, "
                    + $"expected {Short(member.Value.GetRawText())}";
        }

        return $"its head is {other.Head} at index {other.Index}, expected {stream.State.Head} at {stream.State.Index}";
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";

    // Writes a state as JSON into a reused buffer.
    private sealed class Json
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(1 << 14);
        private readonly Utf8JsonWriter _writer;
        private object? _last;

        public Json() => _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });

        public ReadOnlySpan<byte> Of(FacultyDefinition faculty, object state)
        {
            if (ReferenceEquals(state, _last))
                return _bytes.WrittenSpan;
            _last = state;
            _bytes.ResetWrittenCount();
            _writer.Reset();
            JsonSerializer.Serialize(_writer, state, faculty.StateJson);
            return _bytes.WrittenSpan;
        }
    }
}
