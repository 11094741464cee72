using System.Buffers;
using System.Text.Json;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Invariants;

/// <summary>
/// Compares what the host holds in memory, and what it reads back through a snapshot, with the fold from the first
/// event.
/// </summary>
public sealed record StateIsTheFold()
    : Invariant("state", "the state is the fold of the journal: in memory, and read back from a snapshot and the events behind it")
{
    [ThreadStatic]
    private static (Json Fold, Json Other)? t_json; // states are large, and are written for nothing but to be compared

    internal override string? Broken(Evidence evidence)
    {
        t_json ??= (new Json(), new Json());
        foreach (var line in evidence.Ledger.Lines)
        {
            if ((Live(evidence, line) ?? ReadBack(evidence, line)) is { } how)
                return how;
        }

        return null;
    }

    // While an append is under way the two are at different places, and nothing can be said.
    private static string? Live(Evidence evidence, DurableRecord.DurableStream line)
    {
        if (evidence.Live(line.At) is not { } live || live.SequenceNumber != line.State.SequenceNumber || !evidence.IsNew(line.State, live))
            return null;
        return Differs(line, live)
            ? $"{line.At} holds in memory another state than its {live.SequenceNumber} events give: {Difference(line, live)}"
            : null;
    }

    // Once for each snapshot, with the events that are behind it then; and at the end with all of them.
    private static string? ReadBack(Evidence evidence, DurableRecord.DurableStream line)
    {
        if (evidence.Newest(line) is not { } snapshot || !evidence.IsNew(evidence.AtEnd ? line.State : line, snapshot))
            return null;
        var reading = evidence.ReadBack(line);
        if (reading.Exception?.InnerException is { } failure)
            return $"{line.At} cannot be read back from its snapshot: {failure.Message}";
        var read = reading.Result; // nothing of it waits for anything
        return read.SequenceNumber != line.State.SequenceNumber || Differs(line, read)
            ? $"{line.At} read back from its snapshot is another state at event {read.SequenceNumber} than its "
                + $"{line.State.SequenceNumber} events give: {Difference(line, read)}"
            : null;
    }

    private static bool Differs(DurableRecord.DurableStream line, StreamState other)
    {
        if (ReferenceEquals(line.State.State, other.State) && line.State == other)
            return false;
        var (fold, compared) = t_json!.Value;
        return line.State.Head != other.Head
            || line.State.Index != other.Index
            || !fold.Of(line.Faculty, line.State.State).SequenceEqual(compared.Of(line.Faculty, other.State));
    }

    private static string Difference(DurableRecord.DurableStream line, StreamState other)
    {
        var (expected, found) = (
            JsonSerializer.SerializeToElement(line.State.State, line.Faculty.StateJson),
            JsonSerializer.SerializeToElement(other.State, line.Faculty.StateJson)
        );
        foreach (var member in expected.EnumerateObject())
        {
            if (!found.TryGetProperty(member.Name, out var there) || there.GetRawText() != member.Value.GetRawText())
                return $"'{member.Name}' is {Short(there.ValueKind == JsonValueKind.Undefined ? "nothing" : there.GetRawText())} "
                    + $"and not {Short(member.Value.GetRawText())}";
        }

        return $"its head is {other.Head} at index {other.Index} and not {line.State.Head} at {line.State.Index}";
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";

    // A state as JSON, in memory that is used again.
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
