using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Reviews;

/// <summary>What became of an answer or its withdrawal.</summary>
public enum ReviewReceipt
{
    /// <summary>It is durable. The next host of the run takes it up, a running one at once.</summary>
    Taken,

    /// <summary>The person has answered the same before; nothing was written.</summary>
    Unchanged,

    /// <summary>The experience is not held, or its round has its verdicts already; nothing was written.</summary>
    NotOpen,
}

/// <summary>Takes people's answers on held experiences. They are durable in the run's inbox before a method returns.</summary>
/// <remarks>
/// Needs no host and no model. A process that hosts the run takes the answers up within a fraction of a second; else the next
/// one does. A person's last answer counts, up to the verdicts of the round.
/// </remarks>
public sealed class ReviewDesk(EventStore store, string run, TimeProvider time)
{
    /// <summary>Greatest length of a name, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>Greatest length of a note, in characters.</summary>
    public const int LongestNote = 4000;

    /// <summary>The queue that this desk serves.</summary>
    public ReviewQueue Queue { get; } = new(store, run);

    /// <summary>What is wrong with a reviewer's name; null if nothing is.</summary>
    public static string? FaultOf(string name) =>
        string.IsNullOrWhiteSpace(name) ? "a reviewer's name is empty; expected a name of your choice"
        : name.Length > LongestName ? $"a reviewer's name has {name.Length} characters; expected at most {LongestName}"
        : name.Any(char.IsControl) || name.Trim() != name
            ? "a reviewer's name has control characters, or blanks at an end; expected plain text"
        : null;

    /// <summary>Takes an answer.</summary>
    /// <param name="note">In the person's words; null for none.</param>
    public async Task<ReviewReceipt> AnswerAsync(
        string instance,
        MemoryId experience,
        string by,
        Verdict verdict,
        string? note,
        CancellationToken cancellationToken
    )
    {
        if (FaultOf(by) is { } fault)
            throw new ArgumentException(fault, nameof(by));
        ArgumentOutOfRangeException.ThrowIfEqual((int)verdict, (int)Verdict.Hold);
        if ((await Queue.LookAsync(cancellationToken)).Find(instance, experience) is not { } held)
            return ReviewReceipt.NotOpen;
        if (held.By(by) is { } before && before.Verdict == verdict && before.Note == note)
            return ReviewReceipt.Unchanged;
        await PutAsync(instance, new ReviewAnswer(experience, by, verdict, note), cancellationToken);
        return ReviewReceipt.Taken;
    }

    /// <summary>Withdraws a person's answer; possible until the round has its verdicts.</summary>
    public async Task<ReviewReceipt> UndoAsync(string instance, MemoryId experience, string by, CancellationToken cancellationToken)
    {
        if ((await Queue.LookAsync(cancellationToken)).Find(instance, experience) is not { } held)
            return ReviewReceipt.NotOpen;
        if (held.By(by) is null)
            return ReviewReceipt.Unchanged;
        await PutAsync(instance, new ReviewAnswer(experience, by), cancellationToken);
        return ReviewReceipt.Taken;
    }

    // An answer that no host has taken up is replaced, so that the next host does not settle a round by it. The new one is durable
    // first: a process that is killed between the two loses none.
    private async Task PutAsync(string instance, ReviewAnswer answer, CancellationToken cancellationToken)
    {
        var waiting = await store.Inbox.WaitingAsync(run, cancellationToken);
        ImmutableArray<string> earlier =
        [
            .. waiting
                .Where(m =>
                    m.Instance == instance
                    && InputJson.FindReview(m) is { } old
                    && (old.Experience, old.By) == (answer.Experience, answer.By)
                )
                .Select(m => m.Arrival),
        ];
        var arrival = RandomNumberGenerator.GetHexString(24, lowercase: true);
        await store.Inbox.PutAsync(
            run,
            [new InboxMessage(arrival, instance, InputJson.Write(answer), time.GetUtcNow().UtcDateTime)],
            cancellationToken
        );
        if (!earlier.IsEmpty)
            await store.Inbox.RemoveAsync(earlier, cancellationToken);
    }
}
