using AiMe.EventSourcing;

namespace AiMe.Lab.Verification;

/// <summary>
/// Who wrote a life, or a supervisor's stream, in order: once another writer has taken over, an earlier one never writes
/// again.
/// </summary>
/// <remarks>
/// A life and its supervisor may be written by two processes at once: that is how a cluster hosts them.
/// Akka.Persistence.Sql's plugin has one id for a node's whole
/// time, so it comes back with an instance that comes back to the node; that accuses nobody.
/// </remarks>
internal sealed class Writers
{
    private readonly HashSet<WriterId> _gone = [];
    private WriterId? _now;
    private RowPlace _since;

    /// <summary>Takes the next row's writer.</summary>
    /// <returns>Null, or that somebody wrote between two rows of one writer; it names the row with which that began.</returns>
    public Divergence? Take(WriterId writer, RowPlace place)
    {
        if (writer == _now)
            return null;
        var again =
            _gone.Contains(writer) && !writer.IsOfAkkaSql
                ? _since.Diverges(
                    "writer_uuid",
                    writer.Value,
                    _now!.Value.Value,
                    $"the writer changes here and back again at {place}: it was altered, or two processes wrote at once"
                )
                : null;
        if (_now is { } before)
            _gone.Add(before);
        (_now, _since) = (writer, place);
        return again;
    }
}
