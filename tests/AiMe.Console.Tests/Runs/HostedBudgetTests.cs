using System.Collections.Concurrent;
using System.Text.Json;
using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AiMe.Console.Tests.Runs;

/// <summary>What a run of a hosted model may cost, and how fast it may ask.</summary>
public sealed class HostedBudgetTests : IAsyncLifetime
{
    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-budget-").FullName;
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    // What the stub tells of each answer: 8 tokens of a chat, 1 of embeddings.
    private long Told => _stub.Requests.Sum(r => r.Path.EndsWith("/embeddings", StringComparison.Ordinal) ? 1 : 8);

    private int Chats => _stub.Requests.Count(r => r.Path.EndsWith("/completions", StringComparison.Ordinal));

    public async Task InitializeAsync() => _stub = await OpenAiStub.StartAsync();

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [SlowFact]
    public async Task A_run_whose_budget_is_used_up_pauses_and_goes_on_to_the_same_digest_when_it_is_raised()
    {
        var paused = await RunAsync("--set", "budget.tokens=800");

        paused.Code.ShouldBe(4, paused.Errors);
        paused.Errors.ShouldContain("Paused. The budget is used up: ");
        paused.Errors.ShouldContain("of 800 tokens spent");
        paused.Errors.ShouldContain("--set budget.tokens=1");
        Told.ShouldBeInRange(100, 800);
        (await CountAsync("supervisor.parked@1")).ShouldBe(0);
        (await CountAsync("supervisor.ended@1")).ShouldBe(0);
        var spending = await SpendingAsync();
        (
            spending.GetProperty("tokens").GetInt64(),
            spending.GetProperty("tokensCommitted").GetInt64(),
            spending.GetProperty("tokensBudget").GetInt64()
        ).ShouldBe((Told, Told, 800));
        (await Aime.RunAsync(_root, ["status", "--store", Store])).Well().Output.ShouldContain($"{Told:N0} of 800 tokens spent");

        var again = await RunAsync("--set", "budget.tokens=800");
        again.Code.ShouldBe(4, "nothing has changed");

        var went = (await RunAsync("--set", "budget.tokens=2M")).Well();
        var chats = Chats;
        DigestOf(went).ShouldBe(DigestOf((await RunAsync("--store", Path.Combine(_root, "other"))).Well()));
        chats.ShouldBeLessThanOrEqualTo(
            Chats - chats + 3 * 8,
            "what was answered before a pause is not asked again, but for the bare model's probes: each process asks them once"
        );
        Directory.GetFiles(Path.Combine(Store, "replies"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await Aime.RunAsync(_root, ["verify", "--store", Store])).Well();
    }

    [SlowFact]
    public async Task Dollars_are_counted_at_the_prices_of_the_experiment()
    {
        var summary = JsonDocument
            .Parse(
                (await RunAsync("--set", "model.prices={input: 2, output: 10, embeddings: 100}", "--set", "budget.usd=1"))
                    .Well()
                    .Lines.Single()
            )
            .RootElement;

        summary.GetProperty("spentTokens").GetInt64().ShouldBe(Told);
        summary
            .GetProperty("spentUsd")
            .GetDecimal()
            .ShouldBe(((5 * 2 + 3 * 10) * Chats + 100 * (_stub.Requests.Count - Chats)) / 1_000_000m);
    }

    [SlowFact]
    public async Task Without_a_budget_what_was_spent_is_on_record()
    {
        (await RunAsync()).Well();
        (await SpendingAsync()).GetProperty("tokens").GetInt64().ShouldBe(Told);
        (await CountAsync("supervisor.spending-reserved@1")).ShouldBe(0, "nothing need be asked for");
    }

    [SlowFact]
    public async Task What_a_killed_process_had_reserved_counts_as_spent_and_the_run_stays_within_its_budget()
    {
        using (var dies = Start("--set", "budget.tokens=40k"))
        {
            await UntilAsync(() => _stub.Requests.Count > 40);
            dies.Kill();
            await dies.EndAsync();
        }

        var killed = await SpendingAsync();
        killed.GetProperty("tokensCommitted").GetInt64().ShouldBeGreaterThanOrEqualTo(Told);
        (await RunAsync("--set", "budget.tokens=40k")).Code.ShouldBe(0);
        var ended = await SpendingAsync();
        ended.GetProperty("tokensCommitted").GetInt64().ShouldBeInRange(Told, 40_000);
    }

    [SlowFact]
    public async Task Who_is_asked_to_end_settles_so_that_nothing_stays_set_aside()
    {
        using var ends = Start("--set", "budget.tokens=400k");
        await UntilAsync(() => _stub.Requests.Count > 20);
        ends.Interrupt();
        (await ends.EndAsync()).Code.ShouldBe(130);

        var spending = await SpendingAsync();
        (spending.GetProperty("tokens").GetInt64(), spending.GetProperty("tokensCommitted").GetInt64()).ShouldBe((Told, Told));
    }

    [SlowFact]
    public async Task No_more_is_asked_than_the_rates_allow()
    {
        ConcurrentQueue<long> asked = [];
        _stub.Answers = (context, request) =>
        {
            asked.Enqueue(TimeProvider.System.GetTimestamp());
            return OpenAiStub.Well(context, request);
        };

        var began = TimeProvider.System.GetTimestamp();
        (await RunAsync("--set", "model.requests-per-minute=300")).Well();

        var seconds = asked.Select(a => TimeProvider.System.GetElapsedTime(began, a).TotalSeconds).ToList();
        seconds.Count.ShouldBeGreaterThan(60, "else nothing had to wait");
        foreach (var from in seconds)
            seconds
                .Count(s => s >= from && s < from + 1)
                .ShouldBeLessThanOrEqualTo(12, "a second's share, what comes in during a second, and what came late");
        (seconds[^1] - seconds[0]).ShouldBeGreaterThan((seconds.Count - 12) / 5.0);
    }

    [SlowFact]
    public async Task Shards_have_their_parts_of_the_budget()
    {
        var paused = await RunAsync("--shard", "1/2", "--set", "budget.tokens=800");
        paused.Code.ShouldBe(4);
        paused.Errors.ShouldContain("of 400 tokens spent");
        paused.Errors.ShouldContain("This is the share of shard 1/2.");
        var suggested = paused.Errors.Split("budget.tokens=");
        suggested.Length.ShouldBe(2, "the one that did not suffice is not said again");
        int.Parse(suggested[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(1_600, "of the whole run");
        Told.ShouldBeInRange(50, 400);
        (await RunAsync("--shard", "2/2", "--set", "budget.tokens=800")).Code.ShouldBe(4);
        Told.ShouldBeInRange(100, 800);
        (await SpendingAsync()).GetProperty("tokensBudget").GetInt64().ShouldBe(800);
        (await RunAsync("--shard", "1/2", "--set", "budget.tokens=1M")).Well();
        (await RunAsync("--shard", "2/2", "--set", "budget.tokens=1M")).Well();
    }

    [SlowFact]
    public async Task A_person_who_speaks_is_told_that_the_budget_is_used_up_and_what_was_said_waits_until_it_is_raised()
    {
        (await RunAsync("--set", "budget.tokens=1M")).Well();
        (await RunAsync("--set", "budget.tokens=1")).Well(); // the run has ended, and its budget is another now

        var said = await InjectAsync("Are you there?");
        said.Code.ShouldBe(4, said.Output);
        said.Errors.ShouldContain("The budget is used up");

        (await RunAsync("--set", "budget.tokens=1M")).Well(); // what waits is processed
        (await InjectAsync("And now?")).Well();
        (await CountAsync("supervisor.answered@1")).ShouldBe(2);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !reached(); await Task.Delay(5))
            TimeProvider.System.GetElapsedTime(since).TotalMinutes.ShouldBeLessThan(1);
    }

    private static string DigestOf(Left left) =>
        JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement.GetProperty("digest").GetString()!;

    private async Task<JsonElement> SpendingAsync() =>
        JsonDocument
            .Parse((await Aime.RunAsync(_root, ["status", "--store", Store, "--json"])).Well().Output)
            .RootElement.GetProperty("runs")[0]
            .GetProperty("spending");

    private string[] Line(string[] more) =>
        [
            "run",
            Experiment,
            "--json",
            .. more.Contains("--store") ? Array.Empty<string>() : ["--store", Store],
            "--set",
            $"model.base-url={_stub.BaseUrl}",
            .. more,
        ];

    private Task<Left> RunAsync(params string[] more) => Aime.RunAsync(_root, Line(more), "AIME_TEST_KEY=k");

    private Task<Left> InjectAsync(string text) => Aime.RunAsync(_root, ["inject", "plain-1", text, "--store", Store], "AIME_TEST_KEY=k");

    private Aime Start(params string[] more) => Aime.Start(_root, Line(more), "AIME_TEST_KEY=k");

    private async Task<int> CountAsync(string manifest) =>
        int.Parse((await World.QueryAsync(Store, $"SELECT count(*) FROM journal WHERE manifest = '{manifest}'"))[0]);
}
