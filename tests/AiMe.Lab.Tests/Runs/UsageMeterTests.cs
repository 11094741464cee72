using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;

namespace AiMe.Lab.Tests.Runs;

/// <summary>What stands between a process' calls and what its run may spend.</summary>
public sealed class UsageMeterTests
{
    private static readonly RunPlanned Planned = new(Faculties.Tests.Plans.TwoVariants());

    private readonly List<SupervisorCommand> _asked = [];
    private SessionWatch _watch = Watch(elsewhere: false);
    private bool _isDeaf;

    [Fact]
    public void Tokens_cost_what_their_kind_costs()
    {
        var prices = new TokenPrices(Input: 1, Output: 2, Embeddings: 3, Training: 4);
        UsageMeter.CostOf(new TokenUse(10, 20, 30, 40), prices).ShouldBe(new Cost(100, (10 + 40 + 90 + 160) / 1_000_000m));
        UsageMeter.CostOf(new TokenUse(10, 20, 30, 40), null).ShouldBe(new Cost(100, 0));
    }

    [Fact]
    public async Task A_session_sets_its_budget_first_and_asks_for_more_only_when_what_it_has_is_used()
    {
        var purse = Purse(new Budget(25_000, null));
        for (var i = 0; i < 5; i++)
            await purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        _asked.ShouldBe(
            [new SetBudget(new Budget(25_000, null)), new ReserveSpending("me", 1, new Cost(100, 0), default)],
            "a fiftieth is 500"
        );
        purse.Settle(new Cost(100, 0), new Cost(10, 0));
        await purse.SetAsideAsync(new Cost(90, 0), CancellationToken.None);
        _asked.Count.ShouldBe(2, "what was put back is there again");
        await purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        _asked[^1].ShouldBe(new ReserveSpending("me", 2, new Cost(100, 0), new Cost(10, 0)));
    }

    [Fact]
    public async Task What_is_not_within_the_budget_stays_owed_and_the_session_hears_of_it()
    {
        var purse = Purse(new Budget(150, null));
        await SpendAsync(purse, 100);
        await Should.ThrowAsync<StaysOwedException>(() => purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None));
        (await Should.ThrowAsync<BudgetReachedException>(purse.UsedUp)).Message.ShouldBe(
            "The budget is used up: 0 of 150 tokens spent, 100 tokens more set aside by calls, or by a process that was killed, and the next call may take 100 tokens more."
        );
    }

    [Fact]
    public async Task A_call_waits_for_those_in_flight_which_may_cost_less_than_was_set_aside_for_them()
    {
        var purse = Purse(new Budget(150, null));
        await purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        var waits = purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        waits.IsCompleted.ShouldBeFalse();
        purse.Settle(new Cost(100, 0), new Cost(5, 0));
        await waits;
        purse.UsedUp.IsCompleted.ShouldBeFalse();
        _asked.OfType<ReserveSpending>().Select(r => r.Need.Tokens).ShouldBe([100, 5]);
    }

    [Fact]
    public async Task What_another_process_cannot_have_ends_this_session_too()
    {
        var purse = Purse(new Budget(150, null));
        await purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        await TellAsync(new ReserveSpending("other", 1, new Cost(60, 0), default));
        await Should.ThrowAsync<BudgetReachedException>(purse.UsedUp);
        purse.Settle(new Cost(100, 0), new Cost(100, 0));
        await purse.SettleAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_budget_that_was_used_up_and_is_raised_is_not()
    {
        await Should.ThrowAsync<StaysOwedException>(() =>
            Purse(new Budget(50, null)).SetAsideAsync(new Cost(100, 0), CancellationToken.None)
        );
        var purse = Purse(new Budget(500, null));
        await purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None);
        purse.UsedUp.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Calls_that_come_at_once_never_spend_more_than_there_is()
    {
        var purse = Purse(new Budget(1_000, null));
        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => SpendAsync(purse, 30))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        calls.Count(c => c.IsCompletedSuccessfully).ShouldBe(33);
        calls.Where(c => c.IsFaulted).ShouldAllBe(c => c.Exception!.InnerException is StaysOwedException);
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_asked_for_and_what_was_spent_is_told_at_the_end()
    {
        var purse = Purse(budget: null);
        await purse.SetAsideAsync(new Cost(100, 1), CancellationToken.None);
        purse.Settle(new Cost(100, 1), new Cost(70, 0.5m));
        await purse.SetAsideAsync(new Cost(30, 0.1m), CancellationToken.None); // still in flight at the end
        (await purse.SettleAsync(CancellationToken.None)).ShouldBeTrue();
        _asked.ShouldBe([new SettleSpending("me", new Cost(100, 0.6m))]);
        await Should.ThrowAsync<StaysOwedException>(() => purse.SetAsideAsync(new Cost(1, 0), CancellationToken.None));
    }

    [Fact]
    public async Task A_session_without_calls_tells_nothing()
    {
        (await Purse(null).SettleAsync(CancellationToken.None)).ShouldBeTrue();
        _asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_not_heard_asks_again_and_gives_up_at_the_end()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        _isDeaf = true;
        var purse = Purse(new Budget(1_000, null), time);
        var asks = purse.SetAsideAsync(new Cost(10, 0), CancellationToken.None);
        while (_asked.Count < 3)
            await PassAsync(time);
        _asked.ShouldAllBe(a => a is SetBudget);
        _isDeaf = false;
        while (!asks.IsCompleted)
            await PassAsync(time);
        await asks;
        _isDeaf = true;
        var closes = purse.SettleAsync(CancellationToken.None);
        while (!closes.IsCompleted)
            await PassAsync(time);
        (await closes).ShouldBeFalse();
        _asked.Count(a => a is SettleSpending).ShouldBe(3);
    }

    [Fact]
    public async Task Where_others_carry_the_run_too_a_session_opens_an_account_and_waits_at_the_run_s_end_till_theirs_are_closed()
    {
        _watch = Watch(elsewhere: true);
        var purse = Purse(budget: null);
        _asked.ShouldBe([new ReserveSpending("me", 1, default, default)]);
        await TellAsync(new ReserveSpending("other", 1, default, default));
        await purse.OthersAsync(CancellationToken.None); // the run goes on without this one
        _watch.Moved(_watch.State with { Digest = "d" });
        (await purse.SettleAsync(CancellationToken.None)).ShouldBeTrue();
        var others = purse.OthersAsync(CancellationToken.None);
        others.IsCompleted.ShouldBeFalse();
        await TellAsync(new SettleSpending("other", new Cost(5, 0)));
        await others;
        _watch.State.Ledger.Spent.ShouldBe(new Cost(5, 0));
    }

    [Fact]
    public async Task Who_was_killed_is_waited_for_in_vain_and_not_for_long()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        _watch = Watch(elsewhere: true);
        var purse = Purse(new Budget(150, null), time);
        await TellAsync(new ReserveSpending("killed", 1, new Cost(100, 0), default));
        await Should.ThrowAsync<StaysOwedException>(() => purse.SetAsideAsync(new Cost(100, 0), CancellationToken.None));
        (await purse.SettleAsync(CancellationToken.None)).ShouldBeTrue();
        var others = purse.OthersAsync(CancellationToken.None);
        await PassAsync(time);
        others.IsCompleted.ShouldBeFalse("after 6 s");
        time.Advance(TimeSpan.FromSeconds(4));
        await others.WaitAsync(TimeSpan.FromMinutes(1));
        await purse.OthersAsync(new CancellationToken(canceled: true)); // who will not wait does not
    }

    [Fact]
    public async Task An_account_that_was_asked_for_is_closed_whether_it_was_given_anything_refused_or_not_yet_heard()
    {
        var refused = Purse(new Budget(50, null));
        await Should.ThrowAsync<StaysOwedException>(() => refused.SetAsideAsync(new Cost(100, 0), CancellationToken.None));
        (await refused.SettleAsync(CancellationToken.None)).ShouldBeTrue();
        _watch.State.Ledger.Of("me").IsClosed.ShouldBeTrue();

        _watch = Watch(elsewhere: true);
        _isDeaf = true;
        var opening = Purse(budget: null);
        _asked.Clear();
        _isDeaf = false;
        (await opening.SettleAsync(CancellationToken.None)).ShouldBeTrue();
        _asked.ShouldBe([new SettleSpending("me", default)]);
    }

    [Fact]
    public async Task Whoever_waits_for_the_supervisor_is_let_go_when_the_session_is_shut()
    {
        _isDeaf = true;
        var purse = Purse(new Budget(1_000, null));
        var asks = purse.SetAsideAsync(new Cost(10, 0), CancellationToken.None);
        purse.Shut();
        await Should.ThrowAsync<StaysOwedException>(asks);
    }

    [Fact]
    public async Task Calls_take_their_turn_one_after_the_other_and_ask_for_what_those_that_wait_need_together()
    {
        var (rates, meter) = (new Rates(), new UsageMeter(null, new CallLimits(100, 1_000)));
        meter.Rates.ShouldBe([new Rate("requests", 100), new Rate("tokens", 1_000)]);
        meter.Open(Purse(null), rates);
        var turns = Enumerable.Range(0, 3).Select(_ => meter.TurnAsync(50, CancellationToken.None)).ToList();
        await rates.GiveAsync("tokens", 20);
        (await rates.AskedAsync("tokens")).ShouldBe(130, "three times 50, of which 20 are there");
        await rates.GiveAsync("tokens", 130);
        (await rates.AskedAsync("requests")).ShouldBe(3);
        await rates.GiveAsync("requests", 1);
        await turns[0];
        await rates.GiveAsync("requests", 1);
        await rates.GiveAsync("requests", 1);
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task Whoever_waits_for_a_turn_is_let_go_when_the_session_is_shut()
    {
        var (purse, meter) = (Purse(null), new UsageMeter(null, new CallLimits(1, null)));
        meter.Open(purse, new Rates());
        var turn = meter.TurnAsync(50, CancellationToken.None);
        purse.Shut();
        await Should.ThrowAsync<StaysOwedException>(turn);
        await Should.ThrowAsync<StaysOwedException>(() => meter.TurnAsync(50, CancellationToken.None));
    }

    [Fact]
    public async Task The_prices_of_the_ledger_hold_for_who_brings_none()
    {
        var meter = new UsageMeter(null, null);
        meter.Price(new TokenPrices(1_000_000, 0, 0, 0));
        meter.Open(Purse(new Budget(null, 5)), new Rates());
        await meter.SetAsideAsync(new TokenUse(Input: 2), CancellationToken.None);
        _asked.OfType<ReserveSpending>().Single().Need.ShouldBe(new Cost(2, 2));
    }

    [Fact]
    public async Task Before_a_session_and_without_limits_nothing_waits()
    {
        var meter = new UsageMeter(null, new CallLimits(1, 1));
        await meter.TurnAsync(1_000, CancellationToken.None);
        (await meter.SetAsideAsync(new TokenUse(Input: 5), CancellationToken.None))(new TokenUse(Input: 5));
        new UsageMeter(null, null).Rates.ShouldBeEmpty();
    }

    private static async Task SpendAsync(BudgetReservation purse, long tokens)
    {
        await purse.SetAsideAsync(new Cost(tokens, 0), CancellationToken.None);
        purse.Settle(new Cost(tokens, 0), new Cost(tokens, 0));
    }

    private static async Task PassAsync(Microsoft.Extensions.Time.Testing.FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromSeconds(6));
        await Task.Yield();
    }

    private static SessionWatch Watch(bool elsewhere) =>
        new(SupervisorDecider.Evolve(SupervisorDecider.Initial, Planned), new NullHost(), elsewhere);

    private BudgetReservation Purse(Budget? budget, TimeProvider? time = null)
    {
        var purse = new BudgetReservation("me", budget, TellAsync, _watch, time ?? TimeProvider.System);
        purse.Begin();
        return purse;
    }

    // The supervisor: what it decides is seen at once, where it hears.
    private ValueTask TellAsync(SupervisorCommand command)
    {
        lock (_asked)
        {
            _asked.Add(command);
            if (!_isDeaf)
                _watch.Moved(
                    Loop.Supervision.Decide(_watch.State, command)
                        .Events.Aggregate(_watch.State, (state, happened) => SupervisorDecider.Evolve(state, (SupervisorEvent)happened))
                );
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Gives what a test says.</summary>
    private sealed class Rates : IRates
    {
        private readonly System.Threading.Channels.Channel<(string, int Wanted, TaskCompletionSource<int> Given)> _asked =
            System.Threading.Channels.Channel.CreateUnbounded<(string, int, TaskCompletionSource<int>)>();
        private (string Rate, int Wanted, TaskCompletionSource<int> Given)? _next;

        public Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken)
        {
            var given = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite((rate, wanted, given));
            return given.Task.WaitAsync(cancellationToken);
        }

        public async Task<int> AskedAsync(string rate)
        {
            _next ??= await _asked.Reader.ReadAsync();
            _next.Value.Rate.ShouldBe(rate);
            return _next.Value.Wanted;
        }

        public async Task GiveAsync(string rate, int units)
        {
            await AskedAsync(rate);
            _next!.Value.Given.SetResult(units);
            _next = null;
        }
    }
}
