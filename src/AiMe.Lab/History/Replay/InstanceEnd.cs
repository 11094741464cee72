using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History.Replay;

/// <summary>Checks that an instance ends where its supervisor recorded it.</summary>
internal static class InstanceEnd
{
    /// <summary>
    /// Detects rows that were cut off the end of an idle instance, which a chain alone does not show; the supervisor's
    /// anchor does.
    /// </summary>
    /// <param name="heads">Heads of the five streams, as they were read.</param>
    /// <exception cref="CorruptJournalException">It ends elsewhere.</exception>
    public static async Task CheckAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        Heads heads,
        CancellationToken cancellationToken
    )
    {
        var (name, recorded) = (run.Plan!.Run, run.Instances[instance]);
        if (
            !recorded.IsAtRest
            || heads.Equals(recorded.Heads)
            || !await InstanceReader.IsStillAsync(journal, name, instance, recorded.Heads, cancellationToken)
        )
            return;
        if (Enumerable.Range(0, heads.Links.Length).All(i => heads.Links[i] == Link.Before(Loop.Faculties[i].Name)))
            throw new CorruptJournalException($"no row of {instance} is in this store: it was not restored from the file, or was deleted");
        var i = Enumerable.Range(0, heads.Links.Length).First(i => heads.Links[i] != recorded.Heads.Links[i]);
        throw Elsewhere(name, instance, i, heads.Links[i], recorded.Heads.Links[i]);
    }

    /// <summary>The error of a stream that does not end where the supervisor recorded it.</summary>
    /// <param name="faculty">Its index among the heads.</param>
    /// <param name="head">The last link that was read.</param>
    public static CorruptJournalException Elsewhere(string run, string instance, int faculty, Link head, Link recorded)
    {
        var name = Loop.Faculties[faculty].Name;
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, name));
        // An instance that was not in a restored file has no rows, which is no sign of tampering.
        return new CorruptJournalException(
            head == Link.Before(name)
                ? $"no row of {instance}'s {name} ({stream}) is in this store: it was not restored from the file, or was deleted"
                : $"the stream {stream} ends at the link {head}, but the supervisor recorded {recorded} when the instance was "
                    + "finished: rows were cut off its end or added"
        );
    }
}
