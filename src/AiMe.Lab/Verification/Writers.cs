using AiMe.EventSourcing;

namespace AiMe.Lab.Verification;

/// <summary>
/// Checks the order of the writers of an instance, or of a supervisor's stream: once another writer has taken over, an
/// earlier one never writes again.
/// </summary>
/// <remarks>
/// In a cluster two processes may write an instance and its supervisor at once. Akka.Persistence.Sql's plugin has one
/// id for a node's whole uptime, so the id recurs when an instance returns to the node; that is not a divergence.
/// </remarks>
internal sealed class Writers
{
    private readonly HashSet<WriterId> _gone = [];
    private WriterId? _now;
    private RowPlace _since;

    /// <summary>Checks the next row's writer.</summary>
    /// <returns>
    /// Null, or the divergence that another process wrote between two rows of one writer; it names the row with which
    /// that began.
    /// </returns>
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
