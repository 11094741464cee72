using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History.Replay;

/// <summary>Whether a life ends where its supervisor recorded it.</summary>
internal static class InstanceEnd
{
    /// <summary>A chain alone does not tell when its end is cut off; the supervisor's anchor does, for a life at rest.</summary>
    /// <param name="heads">Of the five streams, as they were read.</param>
    /// <exception cref="CorruptJournalException">It ends elsewhere.</exception>
    public static async Task CheckAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        Heads heads,
        CancellationToken cancellationToken
    )
    {
        var (name, life) = (run.Plan!.Run, run.Instances[instance]);
        if (
            !life.IsAtRest
            || heads.Equals(life.Heads)
            || !await InstanceReader.IsStillAsync(journal, name, instance, life.Heads, cancellationToken)
        )
            return;
        if (Enumerable.Range(0, heads.Links.Length).All(i => heads.Links[i] == Link.Before(Loop.Faculties[i].Name)))
            throw new CorruptJournalException($"no row of {instance} is in this store: it was not restored from the file, or was deleted");
        var i = Enumerable.Range(0, heads.Links.Length).First(i => heads.Links[i] != life.Heads.Links[i]);
        throw Elsewhere(name, instance, i, heads.Links[i], life.Heads.Links[i]);
    }

    /// <summary>What is wrong with one stream that does not end where the supervisor recorded it.</summary>
    /// <param name="faculty">Its place among the heads.</param>
    /// <param name="head">The last link that was read.</param>
    public static CorruptJournalException Elsewhere(string run, string instance, int faculty, Link head, Link recorded)
    {
        var name = Loop.Faculties[faculty].Name;
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, name));
        // A life of which a file restored other ones has no row, and then nothing speaks of a changed one.
        return new CorruptJournalException(
            head == Link.Before(name)
                ? $"no row of {instance}'s {name} ({stream}) is in this store: it was not restored from the file, or was deleted"
                : $"the stream {stream} ends at the link {head}, but the supervisor recorded {recorded} when the life was "
                    + "finished: rows behind its last one were cut off or added"
        );
    }
}
