using System.Text.Json;
using AiMe.Kernel;

namespace AiMe.Simulation;

/// <summary>Compares what the host holds in memory, and what it reads back through a snapshot, with the fold from the first event.</summary>
public sealed record StateIsTheFold() : Invariant("state", "the state is the fold of the journal: in memory, and read back from a snapshot and the events behind it")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var line in evidence.Ledger.Lines)
        {
            var fold = new Lazy<byte[]>(() => Json(line.Faculty, line.State.State));
            // While an append is under way the two are at different places, and nothing can be said.
            if (evidence.Live(line.At) is { } live && live.SequenceNumber == line.State.SequenceNumber && Differs(line, fold, live))
                return $"{line.At} holds in memory another state than its {live.SequenceNumber} events give: {Difference(line, live)}";
            if (ReadBack(evidence.ReadBack(line), line, fold) is { } how)
                return how;
        }

        return null;
    }

    private static string? ReadBack(Task<StreamState> reading, Ledger.Line line, Lazy<byte[]> fold)
    {
        if (reading.Exception?.InnerException is { } failure)
            return $"{line.At} cannot be read back from its snapshot: {failure.Message}";
        var read = reading.Result; // nothing of it waits for anything
        return read.SequenceNumber != line.State.SequenceNumber || Differs(line, fold, read)
            ? $"{line.At} read back from its snapshot is another state at event {read.SequenceNumber} than its {line.State.SequenceNumber} events give: {Difference(line, read)}"
            : null;
    }

    private static bool Differs(Ledger.Line line, Lazy<byte[]> fold, StreamState other) =>
        !ReferenceEquals(line.State, other) && (line.State.Head != other.Head || line.State.Index != other.Index || !fold.Value.AsSpan().SequenceEqual(Json(line.Faculty, other.State)));

    private static byte[] Json(Faculty faculty, object state) => JsonSerializer.SerializeToUtf8Bytes(state, faculty.StateJson);

    private static string Difference(Ledger.Line line, StreamState other)
    {
        var (expected, found) = (JsonSerializer.SerializeToElement(line.State.State, line.Faculty.StateJson), JsonSerializer.SerializeToElement(other.State, line.Faculty.StateJson));
        foreach (var member in expected.EnumerateObject())
        {
            if (!found.TryGetProperty(member.Name, out var there) || there.GetRawText() != member.Value.GetRawText())
                return $"'{member.Name}' is {Short(there.ValueKind == JsonValueKind.Undefined ? "nothing" : there.GetRawText())} and not {Short(member.Value.GetRawText())}";
        }

        return $"its head is {other.Head} at index {other.Index} and not {line.State.Head} at {line.State.Index}";
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";
}
