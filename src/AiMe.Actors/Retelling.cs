using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Actors;

/// <summary>
/// Which messages are told again, since nothing has shown that they arrived: after one interval, then after twice as
/// many each time.
/// </summary>
internal sealed class Retelling
{
    private const int WaitAtMost = 100;

    private Dictionary<string, (int Due, int Wait)> _owed = new(StringComparer.Ordinal);
    private int _intervals;

    /// <summary>One interval has passed.</summary>
    /// <param name="pending">What is owed now.</param>
    /// <param name="all">
    /// Whether to tell again all that was owed at the last interval already: a node came or went.
    /// </param>
    public ImmutableArray<Effect> Due(ImmutableArray<Effect> pending, bool all)
    {
        _intervals++;
        var (due, still) = (ImmutableArray.CreateBuilder<Effect>(), new Dictionary<string, (int Due, int Wait)>(StringComparer.Ordinal));
        foreach (var tell in pending.OfType<Tell>())
        {
            if (!_owed.TryGetValue(tell.Key, out var known))
            {
                still[tell.Key] = (_intervals + 1, 1);
                continue;
            }

            var isDue = all || _intervals >= known.Due;
            if (isDue)
                due.Add(tell);
            var wait = isDue ? Math.Min(known.Wait * 2, WaitAtMost) : known.Wait;
            still[tell.Key] = (isDue ? _intervals + wait : known.Due, wait);
        }

        _owed = still;
        return due.ToImmutable();
    }
}

/// <summary>To the supervisor: an interval has passed.</summary>
internal sealed record Retell : Akka.Actor.INoSerializationVerificationNeeded
{
    public static readonly Retell Instance = new();
}

/// <summary>On the event stream of a node: another node has come or gone, so messages may have been lost.</summary>
internal sealed record RetellAll : Akka.Actor.INoSerializationVerificationNeeded
{
    public static readonly RetellAll Instance = new();
}
