using System.Collections.Immutable;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Models;

namespace AiMe.Lab;

/// <summary>Keeps the calls of this process within the run's budget and the server's rates, and counts what they cost.</summary>
/// <remarks>Both are kept together with whoever else carries the run: the budget by its supervisor, in the journal, and the rates by its host.</remarks>
/// <param name="prices">Null where they are not known: then nothing costs dollars.</param>
/// <param name="limits">Null for none.</param>
public sealed class Meter(TokenPrices? prices, CallLimits? limits) : IMeter
{
    private readonly Queueing? _requests = limits?.RequestsPerMinute is { } requests ? new(new Rate("requests", requests)) : null;
    private readonly Queueing? _tokens = limits?.TokensPerMinute is { } tokens ? new(new Rate("tokens", tokens)) : null;
    private volatile Purse? _purse;
    private volatile IRates? _rates;

    /// <summary>What a host is to keep.</summary>
    public ImmutableArray<Rate> Rates => [.. new[] { _requests, _tokens }.OfType<Queueing>().Select(q => q.Rate)];

    /// <inheritdoc />
    /// <exception cref="StaysOwedException">The budget is used up.</exception>
    public async Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken)
    {
        if (_purse is not { } purse)
            return _ => { }; // no run is hosted: a person asks, beside it
        var cost = CostOf(most);
        await purse.SetAsideAsync(cost, cancellationToken);
        return used => purse.Settle(cost, CostOf(used));
    }

    /// <inheritdoc />
    public async Task TurnAsync(long tokens, CancellationToken cancellationToken)
    {
        if (_rates is not { } rates)
            return;
        if (_requests is not null)
            await _requests.TakeAsync(rates, 1, cancellationToken);
        if (_tokens is not null)
            await _tokens.TakeAsync(rates, tokens, cancellationToken);
    }

    /// <summary>What tokens cost.</summary>
    public Cost CostOf(TokenUse use) => new(use.Total, prices is null ? 0 : (use.Input * prices.Input + use.Output * prices.Output + use.Embedded * prices.Embeddings + use.Trained * prices.Training) / 1_000_000);

    /// <summary>From now on a session pays, and its host gives the turns. When it is closed nobody does, till the next.</summary>
    internal void Open(Purse purse, IRates rates) => (_purse, _rates) = (purse, rates);

    /// <summary>Requests of this process that wait for a rate: those that wait together ask for what they need together.</summary>
    private sealed class Queueing(Rate rate)
    {
        private readonly Turns _turns = new();
        private long _waiting;
        private long _have;

        public Rate Rate => rate;

        public async Task TakeAsync(IRates rates, long units, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref _waiting, units);
            var waits = units;
            try
            {
                await _turns.InTurnAsync(async () =>
                {
                    while (_have < units)
                        _have += await rates.TakeAsync(rate.Name, (int)Math.Clamp(Interlocked.Read(ref _waiting) - _have, 1, int.MaxValue), cancellationToken);
                    Interlocked.Add(ref _waiting, -Interlocked.Exchange(ref waits, 0));
                    return _have -= units;
                }, cancellationToken);
            }
            finally
            {
                Interlocked.Add(ref _waiting, -waits); // it went away unserved
            }
        }
    }
}
