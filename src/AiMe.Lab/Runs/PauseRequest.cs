using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.Runs;

/// <summary>Asks the process that hosts a run, wherever it is, to stop it gracefully: as an interruption there would.</summary>
/// <remarks>
/// The request travels through the run's inbox, but is no input: it is never journalled. It names the epoch of the host that it
/// is meant for, so that a later host drops it.
/// </remarks>
public static class PauseRequest
{
    // No instance has such a name.
    private const string Marker = "*pause ";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks the host of a run, or of one of its shards, and waits until it has released the run.</summary>
    /// <param name="patience">How long to wait; then the request is taken back.</param>
    /// <returns>False if nobody hosts it, or the host did not respond in time.</returns>
    public static async Task<bool> SendAsync(
        string run,
        Shard? shard,
        EventStore store,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var name = RunSession.OwnedName(run, shard);
        if (await store.Ownership.FindAsync(name, cancellationToken) is not { } owner)
            return false;
        var began = time.GetTimestamp();
        var arrival = RandomNumberGenerator.GetHexString(24, lowercase: true);
        await store.Inbox.PutAsync(
            run,
            [new InboxMessage(arrival, To(owner.Name, owner.Epoch), Encoding.UTF8.GetBytes("{}"), time.GetUtcNow().UtcDateTime)],
            cancellationToken
        );
        try
        {
            while (time.GetElapsedTime(began) < patience)
            {
                if ((await store.Ownership.FindAsync(name, cancellationToken))?.Epoch != owner.Epoch)
                    return true;
                await Task.Delay(LookEvery, time, cancellationToken);
            }

            return false;
        }
        finally
        {
            await store.Inbox.RemoveAsync([arrival], CancellationToken.None);
        }
    }

    /// <summary>Whether an inbox message is such a request, to any host of the run.</summary>
    internal static bool Is(InboxMessage message) => message.Instance.StartsWith(Marker, StringComparison.Ordinal);

    /// <summary>Whether it is to a host of this run or shard, an earlier one among them.</summary>
    internal static bool IsTo(InboxMessage message, string name) =>
        message.Instance.StartsWith($"{Marker}{name} ", StringComparison.Ordinal);

    /// <summary>Whether it asks this very host.</summary>
    internal static bool Asks(InboxMessage message, Owned held) => message.Instance == To(held.Name, held.Epoch);

    /// <summary>Where a request to a host stands in the place of an instance.</summary>
    internal static string To(string name, long epoch) => string.Create(CultureInfo.InvariantCulture, $"{Marker}{name} {epoch}");
}
