using AiMe.EventSourcing;
using Akka.Actor;

namespace AiMe.Actors.Clustering;

/// <summary>Cluster singleton that keeps the rates of a run for all nodes.</summary>
/// <remarks>
/// Requests are served in order; one that is not served in time is answered with 0 units and must be repeated. If nodes
/// name different limits for one rate, the lowest limit requested within the last minute holds.
/// </remarks>
internal sealed class RatesActor : ReceiveActor
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5),
        LimitHolds = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (Rate Rate, RateKeeper Keeper, long Asked)> _kept = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _over = new();
    private readonly TimeProvider _time;

    public RatesActor(TimeProvider time)
    {
        _time = time;
        Receive<TakeUnits>(take => _ = AnswerAsync(KeeperOf(take.Rate), take, time, _over.Token).PipeTo(Sender));
        Receive<FinishAndStop>(_ => Context.Stop(Self));
    }

    private RateKeeper KeeperOf(Rate asked)
    {
        var isKept = _kept.TryGetValue(asked.Name, out var kept);
        if (
            !isKept
            || asked.PerMinute < kept.Rate.PerMinute
            || asked.PerMinute > kept.Rate.PerMinute && _time.GetElapsedTime(kept.Asked) > LimitHolds
        )
            kept = (asked, new RateKeeper([asked], _time), 0);
        _kept[asked.Name] = kept with { Asked = asked.PerMinute == kept.Rate.PerMinute ? _time.GetTimestamp() : kept.Asked };
        return kept.Keeper;
    }

    protected override void PostStop() => _over.Cancel();

    private static async Task<UnitsTaken> AnswerAsync(RateKeeper keeper, TakeUnits take, TimeProvider time, CancellationToken over)
    {
        using var patience = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, patience.Token);
        try
        {
            return new UnitsTaken(await keeper.TakeAsync(take.Rate.Name, take.Wanted, either.Token));
        }
        catch (OperationCanceledException)
        {
            return new UnitsTaken(0);
        }
    }
}

/// <summary>A node's access to the rates of its cluster.</summary>
internal sealed class ClusterRates(IActorRef keeper, IEnumerable<Rate> rates) : IRates
{
    // Longer than the singleton holds a request: if there is no answer by then, a message was lost, and possibly some
    // units with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Rate> _rates = rates.ToDictionary(r => r.Name, StringComparer.Ordinal);

    public async Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var take = new TakeUnits(
            _rates.GetValueOrDefault(rate) ?? throw new ArgumentException($"There is no rate '{rate}'.", nameof(rate)),
            wanted
        );
        while (true)
        {
            try
            {
                if (await keeper.Ask<UnitsTaken>(take, Patience, cancellationToken) is { Given: > 0 and var given })
                    return given;
            }
            catch (AskTimeoutException)
            {
                // The singleton is moving to another node, or has just moved.
            }
        }
    }
}

/// <summary>
/// To <see cref="RatesActor"/>, from any node: wait for a turn, then take up to this number of units.
/// </summary>
public sealed record TakeUnits(Rate Rate, int Wanted);

/// <summary>Reply of <see cref="RatesActor"/>: the number of units taken, 0 if the turn did not come in time.</summary>
public sealed record UnitsTaken(int Given);
