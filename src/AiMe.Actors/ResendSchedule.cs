using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Actors;

/// <summary>
/// Decides which unacknowledged messages to resend: after one interval, then after twice as many each time.
/// </summary>
internal sealed class ResendSchedule
{
    private const int WaitAtMost = 100;

    private Dictionary<string, (int Due, int Wait)> _unacknowledged = new(StringComparer.Ordinal);
    private int _intervals;

    /// <summary>Advances by one interval, and returns the messages to resend.</summary>
    /// <param name="pending">The effects that are pending now.</param>
    /// <param name="all">
    /// Whether to resend every message that was already pending at the last interval, because a node came or went.
    /// </param>
    public ImmutableArray<Effect> Due(ImmutableArray<Effect> pending, bool all)
    {
        _intervals++;
        var (due, next) = (ImmutableArray.CreateBuilder<Effect>(), new Dictionary<string, (int Due, int Wait)>(StringComparer.Ordinal));
        foreach (var tell in pending.OfType<Tell>())
        {
            if (!_unacknowledged.TryGetValue(tell.Key, out var known))
            {
                next[tell.Key] = (_intervals + 1, 1);
                continue;
            }

            var isDue = all || _intervals >= known.Due;
            if (isDue)
                due.Add(tell);
            var wait = isDue ? Math.Min(known.Wait * 2, WaitAtMost) : known.Wait;
            next[tell.Key] = (isDue ? _intervals + wait : known.Due, wait);
        }

        _unacknowledged = next;
        return due.ToImmutable();
    }
}

/// <summary>To the supervisor: an interval has passed.</summary>
internal sealed record ResendDue : Akka.Actor.INoSerializationVerificationNeeded
{
    public static readonly ResendDue Instance = new();
}

/// <summary>On the event stream of a node: a node has joined or left, so messages may have been lost.</summary>
internal sealed record ResendAll : Akka.Actor.INoSerializationVerificationNeeded
{
    public static readonly ResendAll Instance = new();
}
