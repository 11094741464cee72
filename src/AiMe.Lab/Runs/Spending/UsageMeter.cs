using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Runs.Spending;

/// <summary>
/// Keeps the calls of this process within the run's budget and the server's rate limits, and counts their cost.
/// </summary>
/// <remarks>
/// Both are shared with the other processes that host the run: the supervisor keeps the budget, in the journal, and the
/// host keeps the rates.
/// </remarks>
/// <param name="prices">Null if they are unknown: then no dollars are counted.</param>
/// <param name="limits">Null for none.</param>
/// <param name="of">Before the names of its rates; empty for the run's own model.</param>
public sealed class UsageMeter(TokenPrices? prices, CallLimits? limits, string of = "") : IUsageMeter
{
    private readonly MeterShare? _requests = limits?.RequestsPerMinute is { } requests ? new(new Rate($"{of}requests", requests)) : null;
    private readonly MeterShare? _tokens = limits?.TokensPerMinute is { } tokens ? new(new Rate($"{of}tokens", tokens)) : null;
    private ImmutableArray<UsageMeter> _others = [];
    private readonly Turns _line = new();
    private volatile BudgetReservation? _reservation;
    private volatile IRates? _rates;
    private volatile TokenPrices? _prices = prices;
    private int _waiting;

    /// <summary>The rates that the host keeps.</summary>
    public ImmutableArray<Rate> Rates =>
        [.. new[] { _requests, _tokens }.OfType<MeterShare>().Select(q => q.Rate), .. _others.SelectMany(o => o.Rates)];

    /// <summary>A meter for another server: the same budget at its own prices, and its own rates.</summary>
    /// <param name="of">Its name among the meters of a run.</param>
    public UsageMeter Beside(string of, TokenPrices? prices, CallLimits? limits)
    {
        // Once the session is open, the host's rates are fixed.
        UsageMeter other = new(prices, _reservation is null ? limits : null, $"{of} ") { _reservation = _reservation, _rates = _rates };
        ImmutableInterlocked.Update(ref _others, others => others.Add(other));
        return other;
    }

    /// <inheritdoc />
    /// <exception cref="StaysOwedException">The budget is used up, or the session is closed.</exception>
    public async Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken)
    {
        if (_reservation is not { } reservation)
            return _ => { }; // a user asks without hosting a run
        var cost = CostOf(most, _prices);
        await reservation.SetAsideAsync(cost, cancellationToken);
        return used => reservation.Settle(cost, CostOf(used, _prices));
    }

    /// <inheritdoc />
    /// <remarks>
    /// Calls are served one after another, so that none holds units of one rate while it waits for another.
    /// </remarks>
    /// <exception cref="StaysOwedException">The session is closed.</exception>
    public async Task TurnAsync(long tokens, CancellationToken cancellationToken)
    {
        if (_rates is not { } rates || _reservation is not { } reservation || _requests is null && _tokens is null)
            return;
        var waiting = Interlocked.Increment(ref _waiting);
        try
        {
            await reservation.WhileOpenAsync(
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

    /// <summary>The cost of tokens.</summary>
    public static Cost CostOf(TokenUse use, TokenPrices? prices) =>
        new(
            use.Total,
            prices is null
                ? 0
                : (use.Input * prices.Input + use.Output * prices.Output + use.Embedded * prices.Embeddings + use.Trained * prices.Training)
                    / 1_000_000
        );

    /// <summary>Sets the prices of the run's ledger in place of the initial ones.</summary>
    internal void Price(TokenPrices known) => _prices = known;

    /// <summary>
    /// Connects a session's reservation and its host's rates. They are unavailable once the session is closed, until
    /// the next one.
    /// </summary>
    internal void Open(BudgetReservation reservation, IRates rates)
    {
        (_reservation, _rates) = (reservation, rates);
        foreach (var other in _others)
            other.Open(reservation, rates);
    }

    /// <summary>This process' units of a rate. A request covers all waiting calls.</summary>
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
