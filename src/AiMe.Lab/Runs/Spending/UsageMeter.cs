using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Runs.Spending;

/// <summary>Keeps the calls of this process within the run's budget and the server's rates, and counts what they cost.</summary>
/// <remarks>
/// Both are kept together with whoever else carries the run: the budget by its supervisor, in the journal, and the rates by
/// its host.
/// </remarks>
/// <param name="prices">Null where they are not known: then nothing costs dollars.</param>
/// <param name="limits">Null for none.</param>
public sealed class UsageMeter(TokenPrices? prices, CallLimits? limits) : IUsageMeter
{
    private readonly MeterShare? _requests = limits?.RequestsPerMinute is { } requests ? new(new Rate("requests", requests)) : null;
    private readonly MeterShare? _tokens = limits?.TokensPerMinute is { } tokens ? new(new Rate("tokens", tokens)) : null;
    private readonly Turns _line = new();
    private volatile BudgetReservation? _purse;
    private volatile IRates? _rates;
    private volatile TokenPrices? _prices = prices;
    private int _waiting;

    /// <summary>What a host is to keep.</summary>
    public ImmutableArray<Rate> Rates => [.. new[] { _requests, _tokens }.OfType<MeterShare>().Select(q => q.Rate)];

    /// <inheritdoc />
    /// <exception cref="StaysOwedException">The budget is used up, or the session is closed.</exception>
    public async Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken)
    {
        if (_purse is not { } purse)
            return _ => { }; // no run is hosted: a person asks, beside it
        var cost = CostOf(most, _prices);
        await purse.SetAsideAsync(cost, cancellationToken);
        return used => purse.Settle(cost, CostOf(used, _prices));
    }

    /// <inheritdoc />
    /// <remarks>One call after the other, so that none gathers units while it waits for those of another rate.</remarks>
    /// <exception cref="StaysOwedException">The session is closed.</exception>
    public async Task TurnAsync(long tokens, CancellationToken cancellationToken)
    {
        if (_rates is not { } rates || _purse is not { } purse || _requests is null && _tokens is null)
            return;
        var waiting = Interlocked.Increment(ref _waiting);
        try
        {
            await purse.WhileOpenAsync(
                open =>
                    _line.InTurnAsync(
                        async () =>
                        {
                            if (_tokens is not null)
                                await _tokens.TakeAsync(rates, tokens, () => tokens * Volatile.Read(ref _waiting), open);
                            if (_requests is not null)
                                await _requests.TakeAsync(rates, 1, () => Volatile.Read(ref _waiting), open);
                            return waiting;
                        },
                        open
                    ),
                cancellationToken
            );
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>What tokens cost.</summary>
    public static Cost CostOf(TokenUse use, TokenPrices? prices) =>
        new(
            use.Total,
            prices is null
                ? 0
                : (use.Input * prices.Input + use.Output * prices.Output + use.Embedded * prices.Embeddings + use.Trained * prices.Training)
                    / 1_000_000
        );

    /// <summary>The prices that the run's ledger names, in place of those that it began with.</summary>
    internal void Price(TokenPrices known) => _prices = known;

    /// <summary>From now on a session pays, and its host gives the turns. When it is closed nobody does, till the next.</summary>
    internal void Open(BudgetReservation purse, IRates rates) => (_purse, _rates) = (purse, rates);

    /// <summary>What this process has of a rate. It asks for what those that wait need together.</summary>
    private sealed class MeterShare(Rate rate)
    {
        private long _have;

        public Rate Rate => rate;

        public async Task TakeAsync(IRates rates, long units, Func<long> together, CancellationToken cancellationToken)
        {
            while (_have < units)
                _have += await rates.TakeAsync(
                    rate.Name,
                    (int)Math.Clamp(Math.Max(units, together()) - _have, 1, int.MaxValue),
                    cancellationToken
                );
            _have -= units;
        }
    }
}
