using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

/// <summary>The run's budget: what may be reserved, and what of it is spent.</summary>
public sealed class SpendingLedgerTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 1, stimuli: 4, internalEvery: 0, every: 2);
    private static readonly BudgetSet Bound = new(new Budget(Tokens: 10_000, Usd: 2));

    [Fact]
    public void A_budget_is_set_once_and_anew_when_it_is_another()
    {
        var set = Given().When(new SetBudget(Bound.Budget)).Then(Bound).Hands().AndTheSameAgain();
        set.Afterwards.When(new SetBudget(Bound.Budget with { Usd = 3 })).Then(new BudgetSet(Bound.Budget with { Usd = 3 }));
        Given().When(new SetBudget(Budget.None)).Then();
    }

    [Fact]
    public void A_reservation_is_no_less_than_is_needed_and_up_to_a_fiftieth_of_what_is_left()
    {
        Given(Bound)
            .When(Needs("a", 1, 100, 0.001m))
            .Then(new SpendingReserved("a", 1, new Cost(200, 0.04m), default))
            .Hands()
            .AndTheSameAgain();
        Given(Bound).When(Needs("a", 1, 800, 0.5m)).Then(new SpendingReserved("a", 1, new Cost(800, 0.5m), default));
    }

    [Fact]
    public void A_reservation_that_was_made_is_not_made_again() =>
        Given(Bound, new SpendingReserved("a", 1, new Cost(500, 0.1m), default)).When(Needs("a", 1, 100, 0)).Then();

    [Fact]
    public void What_is_not_within_the_budget_is_refused_so_that_all_who_carry_the_run_see_it()
    {
        Given(Bound).When(Needs("a", 1, 10_001, 0)).Then(new SpendingRefused("a", 1, new Cost(10_001, 0))).Hands().AndTheSameAgain();
        Given(Bound).When(Needs("a", 1, 1, 2.01m)).Then(new SpendingRefused("a", 1, new Cost(1, 2.01m)));
        var refused = Given(Bound, new SpendingReserved("b", 1, new Cost(9_900, 0), default))
            .When(Needs("a", 1, 101, 0))
            .Then(new SpendingRefused("a", 1, new Cost(101, 0)));
        refused.Afterwards.When(Needs("c", 1, 5_000, 0)).Then(new SpendingRefused("c", 1, new Cost(5_000, 0)));
        refused.Afterwards.When(Needs("a", 2, 100, 0)).ThenOf(typeof(SpendingReserved));
        Given(Bound, new SpendingRefused("a", 3, new Cost(10_001, 0)), new SpendingRefused("b", 2, new Cost(10_001, 0)))
            .When(Needs("a", 3, 10_001, 0))
            .Then();
    }

    [Fact]
    public void Refusals_are_counted_and_nothing_that_is_given_back_takes_one_away()
    {
        var ledger = LedgerOf(
            Bound,
            new SpendingReserved("b", 1, new Cost(9_900, 0), default),
            new SpendingRefused("a", 1, new Cost(101, 0)),
            new SpendingSettled("b", new Cost(10, 0))
        );
        (ledger.Refusals, ledger.Refused).ShouldBe((1, new SpendingRefused("a", 1, new Cost(101, 0))), "the run has paused");
        ledger.With(new BudgetSet(new Budget(20_000, 2))).Refused.ShouldBeNull();
        ledger.With(new SpendingReserved("c", 1, new Cost(10, 0), default)).Refused.ShouldBeNull("a new session goes on");
        ledger.With(new SpendingReserved("b", 2, new Cost(10, 0), default)).Refused.ShouldNotBeNull("an old one is about to pause too");
    }

    [Fact]
    public void Who_asks_for_nothing_opens_an_account_even_where_nothing_is_left_and_the_run_stays_paused()
    {
        Event[] past =
        [
            Bound,
            new SpendingReserved("killed", 1, new Cost(10_000, 0), new Cost(10_500, 0)),
            new SpendingRefused("a", 1, new Cost(101, 0)),
        ];
        var opened = Given(past).When(Needs("b", 1, 0, 0)).Then(new SpendingReserved("b", 1, default, default)).Hands().AndTheSameAgain();
        ((SupervisorState)opened.Afterwards.State).Ledger.Refused.ShouldNotBeNull("nothing was given");
        LedgerOf([.. past, new SpendingReserved("b", 1, default, default), new SpendingReserved("b", 2, new Cost(10, 0), default)])
            .Refused.ShouldBeNull();
    }

    [Fact]
    public void What_is_settled_and_was_not_spent_is_free_again_and_nothing_more_is_reserved_for_who_has_settled()
    {
        Event[] past = [Bound, new SpendingReserved("b", 1, new Cost(9_900, 0), default)];
        var settled = Given(past)
            .When(new SettleSpending("b", new Cost(400, 0.3m)))
            .Then(new SpendingSettled("b", new Cost(400, 0.3m)))
            .Hands()
            .AndTheSameAgain();
        settled.Afterwards.When(new SettleSpending("b", new Cost(500, 0.3m))).Then();
        settled.Afterwards.When(Needs("b", 2, 1, 0)).Then();
        settled.Afterwards.When(Needs("a", 1, 9_600, 0)).ThenOf(typeof(SpendingReserved));
    }

    [Fact]
    public void Who_never_settles_counts_at_all_that_was_reserved_or_at_what_was_spent_where_that_is_more()
    {
        LedgerOf(Bound, new SpendingReserved("killed", 1, new Cost(700, 0.2m), default)).Committed.ShouldBe(new Cost(700, 0.2m));
        LedgerOf(Bound, new SpendingReserved("over", 2, new Cost(700, 0.2m), new Cost(900, 0.1m))).Committed.ShouldBe(new Cost(900, 0.2m));
    }

    [Fact]
    public void Without_a_budget_what_was_spent_is_on_record_all_the_same()
    {
        var ledger = LedgerOf(new SpendingSettled("a", new Cost(1_000, 0.25m)), new SpendingSettled("b", new Cost(500, 0.5m)));
        ledger.Spent.ShouldBe(new Cost(1_500, 0.75m));
        ledger.Holds(new Cost(long.MaxValue / 2, 1_000_000)).ShouldBeTrue();
    }

    [Fact]
    public void Reservations_in_any_order_never_exceed_the_budget()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var (state, dice) = ((object)((SupervisorState)Given(Bound).State), new Seed(seed));
            for (var i = 0; i < 400; i++)
            {
                var draw = dice.Derive(i).Value;
                var (holder, ledger) = ($"h{draw % 7}", ((SupervisorState)state).Ledger);
                var account = ledger.Of(holder);
                SupervisorCommand command =
                    draw / 7 % 9 == 0
                        ? new SettleSpending(holder, new Cost(account.Reserved.Tokens / 2, account.Reserved.Usd / 2))
                        : new ReserveSpending(
                            holder,
                            Math.Max(account.Reservations, account.Refusals) + 1,
                            new Cost((long)(draw / 64 % 900), draw / 64 % 100 / 1000m),
                            account.Spent
                        );
                state = Loop.Supervision.Decide(state, command).Events.Aggregate(state, Loop.Supervision.Evolve);
                var committed = ((SupervisorState)state).Ledger.Committed;
                (committed.Tokens <= 10_000 && committed.Usd <= 2).ShouldBeTrue($"seed {seed}, step {i}: {committed}");
            }
        }
    }

    [Fact]
    public void A_shard_has_its_part_of_the_budget()
    {
        var six = Plans.TwoVariants(replicates: 3);
        Bound.Budget.ShareOf(six, new Shard(1, 6)).ShouldBe(new Budget(1_666, 0.333333m));
        Bound.Budget.ShareOf(six, shard: null).ShouldBe(Bound.Budget);
        Budget.None.ShareOf(six, new Shard(1, 6)).ShouldBe(Budget.None);
        var half = new BudgetSet(Bound.Budget.ShareOf(six, new Shard(1, 2)));
        var whole = SpendingLedger.Sum([
            LedgerOf(half, new SpendingSettled("a", new Cost(10, 0.1m))),
            LedgerOf(half, new SpendingSettled("b", new Cost(20, 0))),
        ]);
        (whole.Budget, whole.Spent).ShouldBe((Bound.Budget, new Cost(30, 0.1m)));
    }

    private static ReserveSpending Needs(string holder, int ordinal, long tokens, decimal usd) =>
        new(holder, ordinal, new Cost(tokens, usd), default);

    private static SpendingLedger LedgerOf(params Event[] past) => ((SupervisorState)Given(past).State).Ledger;

    private static Situation Given(params Event[] past) => new(Loop.Supervision, [new RunPlanned(Plan), .. past]);
}
