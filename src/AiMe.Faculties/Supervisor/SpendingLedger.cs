using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>What calls of a hosted model come to.</summary>
/// <param name="Tokens">Read, written, embedded and trained on.</param>
/// <param name="Usd">US dollars at the experiment's prices; 0 where it names none.</param>
public readonly record struct Cost(long Tokens, decimal Usd)
{
    /// <summary>Both together.</summary>
    public static Cost operator +(Cost a, Cost b) => new(a.Tokens + b.Tokens, a.Usd + b.Usd);

    /// <summary>The rest of the one without the other.</summary>
    public static Cost operator -(Cost a, Cost b) => new(a.Tokens - b.Tokens, a.Usd - b.Usd);

    /// <summary>The greater of either figure.</summary>
    public static Cost Max(Cost a, Cost b) => new(Math.Max(a.Tokens, b.Tokens), Math.Max(a.Usd, b.Usd));
}

/// <summary>What a run may cost at most, all that carry it together. Null bounds nothing.</summary>
/// <param name="Tokens">0 or more.</param>
/// <param name="Usd">US dollars, 0 or more.</param>
/// <param name="Prices">At which dollars are counted, by whoever carries the run; null where nothing costs any.</param>
public sealed record Budget(long? Tokens, decimal? Usd, TokenPrices? Prices = null)
{
    /// <summary>No bound.</summary>
    public static Budget None { get; } = new(null, null);

    /// <summary>Whether it bounds anything.</summary>
    [JsonIgnore]
    public bool IsBound => Tokens is not null || Usd is not null;

    /// <summary>Whether so much lies within it.</summary>
    public bool Holds(Cost cost) => !(cost.Tokens > Tokens || cost.Usd > Usd);

    /// <summary>
    /// The part of a shard, by its instances, rounded down to whole tokens and millionths of a dollar; all of it for
    /// null.
    /// </summary>
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

/// <summary>What one process that carries the run may spend, and has spent.</summary>
/// <param name="Reservations">How often it was given something; its opening, with nothing, among them.</param>
/// <param name="Refusals">The ordinal of the last reservation that it was refused; 0 for none.</param>
/// <param name="Reserved">All that it was given.</param>
/// <param name="Spent">As far as it has told.</param>
/// <param name="IsClosed">
/// Whether it has told all, so that the rest is free again. A process that was killed never does: what it was given
/// counts as spent.
/// </param>
public sealed record Account(int Reservations, int Refusals, Cost Reserved, Cost Spent, bool IsClosed)
{
    /// <summary>Before the first reservation.</summary>
    public static Account Empty { get; } = new(0, 0, default, default, IsClosed: false);

    /// <summary>What of it is no longer free.</summary>
    [JsonIgnore]
    public Cost Committed => IsClosed ? Spent : Cost.Max(Reserved, Spent);
}

/// <summary>The run's budget, and an account for each process that ever carried it.</summary>
/// <param name="Accounts">By the writer id of the process' session.</param>
/// <param name="Refusals">
/// How often something was asked for that could not be given: each pauses all that carry the run then, even where
/// another gives something back meanwhile.
/// </param>
/// <param name="Refused">
/// The last of these: the run has paused for it. Null where a budget was set since, or a new session has been given
/// something.
/// </param>
public sealed record SpendingLedger(
    Budget Budget,
    ImmutableSortedDictionary<string, Account> Accounts,
    int Refusals,
    SpendingRefused? Refused
)
{
    // A part of what is left: few reservations while there is much, small ones when it runs out.
    private const int Part = 50;

    /// <summary>Nothing is bounded, nothing spent.</summary>
    public static SpendingLedger Empty { get; } =
        new(Budget.None, ImmutableSortedDictionary.Create<string, Account>(StringComparer.Ordinal), Refusals: 0, Refused: null);

    /// <summary>What is spent or set aside.</summary>
    [JsonIgnore]
    public Cost Committed => Accounts.Values.Aggregate(default(Cost), (sum, a) => sum + a.Committed);

    /// <summary>What is known to be spent.</summary>
    [JsonIgnore]
    public Cost Spent => Accounts.Values.Aggregate(default(Cost), (sum, a) => sum + a.Spent);

    /// <summary>The account of a session.</summary>
    public Account Of(string holder) => Accounts.GetValueOrDefault(holder, Account.Empty);

    /// <summary>Whether so much more is within the budget.</summary>
    public bool Holds(Cost more) => Budget.Holds(Committed + more);

    /// <summary>
    /// What is given to one who needs so much: no less, and up to a part of what is left, so that it need not ask for
    /// each call.
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

    /// <summary>Shards' ledgers together.</summary>
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
        s.Budget == ledger.Budget ? Again.Nothing : [new BudgetSet(s.Budget)];

    internal static Decision<SupervisorEvent> Reserve(SpendingLedger ledger, ReserveSpending r)
    {
        var account = ledger.Of(r.Holder);
        if (account.IsClosed || Math.Max(account.Reservations, account.Refusals) >= r.Ordinal)
            return Again.Nothing;
        return r.Need == default || ledger.Holds(r.Need) // who asks for nothing only opens an account
            ? [new SpendingReserved(r.Holder, r.Ordinal, ledger.Grant(r.Need), r.Spent)]
            : [new SpendingRefused(r.Holder, r.Ordinal, r.Need)];
    }

    internal static Decision<SupervisorEvent> Settle(SpendingLedger ledger, SettleSpending s) =>
        ledger.Of(s.Holder).IsClosed ? Again.Nothing : [new SpendingSettled(s.Holder, s.Spent)];

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
