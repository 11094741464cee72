using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>The cost of calls of a hosted model.</summary>
/// <param name="Tokens">Tokens read, written, embedded and trained on.</param>
/// <param name="Usd">US dollars at the experiment's prices; 0 if it names none.</param>
public readonly record struct Cost(long Tokens, decimal Usd)
{
    /// <summary>The sum of both figures.</summary>
    public static Cost operator +(Cost a, Cost b) => new(a.Tokens + b.Tokens, a.Usd + b.Usd);

    /// <summary>The difference of both figures.</summary>
    public static Cost operator -(Cost a, Cost b) => new(a.Tokens - b.Tokens, a.Usd - b.Usd);

    /// <summary>The maximum of each figure.</summary>
    public static Cost Max(Cost a, Cost b) => new(Math.Max(a.Tokens, b.Tokens), Math.Max(a.Usd, b.Usd));
}

/// <summary>The greatest cost of a run, for all its processes together. Null is unlimited.</summary>
/// <param name="Tokens">Tokens, 0 or more.</param>
/// <param name="Usd">US dollars, 0 or more.</param>
/// <param name="Prices">Prices for counting dollars; null if nothing costs dollars.</param>
public sealed record Budget(long? Tokens, decimal? Usd, TokenPrices? Prices = null)
{
    /// <summary>A budget without limits.</summary>
    public static Budget None { get; } = new(null, null);

    /// <summary>Whether the budget limits anything.</summary>
    [JsonIgnore]
    public bool IsBound => Tokens is not null || Usd is not null;

    /// <summary>Whether a cost is within the budget.</summary>
    public bool Holds(Cost cost) => !(cost.Tokens > Tokens || cost.Usd > Usd);

    /// <summary>The share of a shard, in proportion to its instances; the whole budget for null.</summary>
    /// <remarks>Rounded down to whole tokens and millionths of a dollar.</remarks>
    public Budget ShareOf(RunPlan plan, Shard? shard)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (shard is null)
            return this;
        var (part, whole) = (shard.InstancesOf(plan).Count(), plan.Instances.Count());
        return this with
        {
            Tokens = Tokens * part / whole,
            Usd = Usd is { } usd ? Math.Round(usd * part / whole, 6, MidpointRounding.ToZero) : null,
        };
    }
}

/// <summary>The spending of one process of the run.</summary>
/// <param name="Reservations">Number of granted reservations, including the empty one that opens the account.</param>
/// <param name="Refusals">Ordinal of the last refused reservation; 0 for none.</param>
/// <param name="Reserved">Sum of all grants.</param>
/// <param name="Spent">Spending that the process has reported.</param>
/// <param name="IsClosed">
/// Whether the process has reported all its spending, so that the rest is free again. A killed process never does: all
/// its grants count as spent.
/// </param>
public sealed record Account(int Reservations, int Refusals, Cost Reserved, Cost Spent, bool IsClosed)
{
    /// <summary>The account before the first reservation.</summary>
    public static Account Empty { get; } = new(0, 0, default, default, IsClosed: false);

    /// <summary>The part that is no longer free.</summary>
    [JsonIgnore]
    public Cost Committed => IsClosed ? Spent : Cost.Max(Reserved, Spent);
}

/// <summary>The run's budget, and an account for each process that ever worked on the run.</summary>
/// <param name="Accounts">Accounts by the writer id of the process' session.</param>
/// <param name="Refusals">
/// Number of refused reservations. Each pauses all processes of the run, even if another process returns a grant
/// meanwhile.
/// </param>
/// <param name="Refused">
/// The last refusal, for which the run has paused; null if a budget was set or a new session received a grant since.
/// </param>
public sealed record SpendingLedger(
    Budget Budget,
    ImmutableSortedDictionary<string, Account> Accounts,
    int Refusals,
    SpendingRefused? Refused
)
{
    // Grants are a fraction of the remaining budget: few and large at first, small when the budget runs out.
    private const int Part = 50;

    /// <summary>A ledger without limits and spending.</summary>
    public static SpendingLedger Empty { get; } =
        new(Budget.None, ImmutableSortedDictionary.Create<string, Account>(StringComparer.Ordinal), Refusals: 0, Refused: null);

    /// <summary>The sum of spent and reserved costs.</summary>
    [JsonIgnore]
    public Cost Committed => Accounts.Values.Aggregate(default(Cost), (sum, a) => sum + a.Committed);

    /// <summary>The sum of reported costs.</summary>
    [JsonIgnore]
    public Cost Spent => Accounts.Values.Aggregate(default(Cost), (sum, a) => sum + a.Spent);

    /// <summary>The account of a session.</summary>
    public Account Of(string holder) => Accounts.GetValueOrDefault(holder, Account.Empty);

    /// <summary>Whether an additional cost is within the budget.</summary>
    public bool Holds(Cost more) => Budget.Holds(Committed + more);

    /// <summary>
    /// The grant for a need: at least the need, and up to a fraction of the remaining budget, so that not every call
    /// needs a reservation.
    /// </summary>
    public Cost Grant(Cost need)
    {
        var committed = Committed;
        return Cost.Max(
            need,
            new(
                need.Tokens > 0 ? (Budget.Tokens - committed.Tokens) / Part ?? 0 : 0,
                need.Usd > 0 && Budget.Usd is { } usd ? Math.Round((usd - committed.Usd) / Part, 6) : 0
            )
        );
    }

    /// <summary>The sum of the ledgers of shards.</summary>
    public static SpendingLedger Sum(IEnumerable<SpendingLedger> ledgers) =>
        ledgers.Aggregate(
            (a, b) =>
                new SpendingLedger(
                    new Budget(a.Budget.Tokens + b.Budget.Tokens, a.Budget.Usd + b.Budget.Usd, b.Budget.Prices ?? a.Budget.Prices),
                    a.Accounts.SetItems(b.Accounts),
                    a.Refusals + b.Refusals,
                    b.Refused ?? a.Refused
                )
        );

    internal static Decision<SupervisorEvent> Set(SpendingLedger ledger, SetBudget s) =>
        s.Budget == ledger.Budget ? NoEvents.NoEffects : [new BudgetSet(s.Budget)];

    internal static Decision<SupervisorEvent> Reserve(SpendingLedger ledger, ReserveSpending r)
    {
        var account = ledger.Of(r.Holder);
        if (account.IsClosed || Math.Max(account.Reservations, account.Refusals) >= r.Ordinal)
            return NoEvents.NoEffects;
        return r.Need == default || ledger.Holds(r.Need) // an empty need only opens an account
            ? [new SpendingReserved(r.Holder, r.Ordinal, ledger.Grant(r.Need), r.Spent)]
            : [new SpendingRefused(r.Holder, r.Ordinal, r.Need)];
    }

    internal static Decision<SupervisorEvent> Settle(SpendingLedger ledger, SettleSpending s) =>
        ledger.Of(s.Holder).IsClosed ? NoEvents.NoEffects : [new SpendingSettled(s.Holder, s.Spent)];

    internal SpendingLedger With(BudgetSet s) => this with { Budget = s.Budget, Refused = null };

    internal SpendingLedger With(SpendingReserved r) =>
        this with
        {
            Refused = Of(r.Holder).Reserved == default && r.Amount != default ? null : Refused,
            Accounts = Accounts.SetItem(
                r.Holder,
                Of(r.Holder) with
                {
                    Reservations = r.Ordinal,
                    Reserved = Of(r.Holder).Reserved + r.Amount,
                    Spent = r.Spent,
                }
            ),
        };

    internal SpendingLedger With(SpendingRefused r) =>
        this with
        {
            Accounts = Accounts.SetItem(r.Holder, Of(r.Holder) with { Refusals = r.Ordinal }),
            Refusals = Refusals + 1,
            Refused = r,
        };

    internal SpendingLedger With(SpendingSettled s) =>
        this with
        {
            Accounts = Accounts.SetItem(s.Holder, Of(s.Holder) with { Spent = s.Spent, IsClosed = true }),
        };
}
