using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Whether a life ends where its supervisor recorded it.</summary>
internal static class LifeEnd
{
    /// <summary>A chain alone does not tell when its end is cut off; the supervisor's anchor does, for a life at rest.</summary>
    /// <param name="heads">Of the five streams, as they were read.</param>
    /// <exception cref="CorruptJournalException">It ends elsewhere.</exception>
    public static async Task CheckAsync(IJournal journal, SupervisorState run, string instance, Heads heads, CancellationToken cancellationToken)
    {
        var (name, life) = (run.Plan!.Run, run.Lives[instance]);
        if (!life.IsAtRest || heads.Equals(life.Heads) || !await LifeReader.IsStillAsync(journal, name, instance, life.Heads, cancellationToken))
            return;
        var i = Enumerable.Range(0, heads.Links.Length).First(i => heads.Links[i] != life.Heads.Links[i]);
        var stream = PersistenceId.Of(name, new Address(instance, Loop.Faculties[i].Name));
        throw new CorruptJournalException($"the stream {stream} ends at the link {heads.Links[i]}, but the supervisor recorded {life.Heads.Links[i]} when the life was finished: rows behind its last one were cut off or added");
    }
}
