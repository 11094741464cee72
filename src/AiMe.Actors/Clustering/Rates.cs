using AiMe.EventSourcing;
using Akka.Actor;

namespace AiMe.Actors.Clustering;

/// <summary>
/// Keeps the rates of a run for all nodes: there is one in the cluster. Who asks is answered in turn, or told to ask
/// again.
/// </summary>
/// <remarks>
/// Where nodes were told different figures of one rate, the least that was asked for in the last minute holds.
/// </remarks>
internal sealed class RatesActor : ReceiveActor
{
    private static readonly TimeSpan HoldAtMost = TimeSpan.FromSeconds(5),
        Holds = TimeSpan.FromMinutes(1);

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
            || asked.PerMinute > kept.Rate.PerMinute && _time.GetElapsedTime(kept.Asked) > Holds
        )
            kept = (asked, new RateKeeper([asked], _time), 0);
        _kept[asked.Name] = kept with { Asked = asked.PerMinute == kept.Rate.PerMinute ? _time.GetTimestamp() : kept.Asked };
        return kept.Keeper;
    }

    protected override void PostStop() => _over.Cancel();

    private static async Task<UnitsTaken> AnswerAsync(RateKeeper keeper, TakeUnits take, TimeProvider time, CancellationToken over)
    {
        using var patience = new CancellationTokenSource(HoldAtMost, time);
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

/// <summary>The cluster's rates, as a node asks for them.</summary>
internal sealed class ClusterRates(IActorRef keeper, IEnumerable<Rate> rates) : IRates
{
    // Longer than the keeper holds a question: what is not answered then was lost, with what may have been taken.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Rate> _rates = rates.ToDictionary(r => r.Name, StringComparer.Ordinal);

    public async Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var take = new TakeUnits(
            _rates.GetValueOrDefault(rate) ?? throw new ArgumentException($"No rate '{rate}' is kept.", nameof(rate)),
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
                // The keeper is on its way to another node, or has just arrived there.
            }
        }
    }
}

/// <summary>To the keeper of the rates, from any node: wait for a turn, and take so many units or fewer.</summary>
public sealed record TakeUnits(Rate Rate, int Wanted);

/// <summary>
/// From the keeper of the rates: so many were taken; 0 if the turn did not come in time, and the question is to be
/// asked again.
/// </summary>
public sealed record UnitsTaken(int Given);
