using System.Net;
using AiMe.Console.Commands;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;
using AiMe.Journal;
using AiMe.Web.View;
using Microsoft.Playwright;

namespace AiMe.Console.Tests.View;

/// <summary><c>aime view</c> as a person uses it, in a real browser.</summary>
public sealed class BrowserTests(World world) : IClassFixture<World>
{
    [SlowFact]
    public async Task A_run_is_watched_to_its_end()
    {
        var store = world.NewStore();
        using var run = Aime.Start(world.NewDirectory(), world.Command(store, "--set", "replicates=12"));
        var name = await StartedAsync(store);
        await using var served = await Served.StartAsync(store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.GoAsync("/");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await browser.SaysAsync("24 instances");
        await browser.SaysThatTheRunEndedAsync();
        var digest = World.DigestOf(await run.EndAsync());
        await browser.SaysAsync(digest);
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task A_record_is_filtered_by_text_and_faculty_and_an_event_is_opened()
    {
        await using var served = await Served.StartAsync(world.Store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.GoAsync($"/runs/{World.RunOf(world.First)}/keep-all-1");
        await browser.Page.GetByLabel("Kind").SelectOptionAsync("memory.stored@1");
        var events = browser.Page.Locator("ol.events li button");
        await Assertions.Expect(browser.Page.GetByLabel("12 events")).ToBeVisibleAsync();
        await events.First.ClickAsync();
        await browser.IsAtAsync("[?]event=115$");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await browser.Page.GetByLabel("curator", new() { Exact = true }).UncheckAsync();
        await browser.Page.Locator("details summary", new() { HasText = "self" }).ClickAsync();
        await Assertions.Expect(browser.Page.Locator("details pre").Last).ToContainTextAsync("{");
        await browser.Page.GetByLabel("Text").FillAsync("no event says this");
        await browser.Page.GetByLabel("Text").PressAsync("Enter");
        await browser.SaysAsync("No event matches the filter.");
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task The_memories_of_a_run_lead_to_those_of_an_instance_which_are_searched_by_words()
    {
        await using var served = await Served.StartAsync(world.Store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.GoAsync($"/runs/{World.RunOf(world.First)}");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Memories" }).ClickAsync();
        await browser.SaysAsync("Memories of"); // the run's own page speaks of planned instances too
        await browser.SaysAsync("8 planned instances");
        await browser.IsSoundAsync();
        await browser.Page.Locator("tbody a", new() { HasText = "keep-all-1" }).ClickAsync();
        await browser.SaysAsync("12 experiences: 12 kept");
        await browser.Page.GetByLabel("Search the stored texts").FillAsync("rain");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await browser.IsAtAsync("[?]q=rain$");
        await browser.SaysAsync("with words of “rain”");
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task A_link_that_is_followed_before_the_page_is_connected_leads_to_its_page()
    {
        await using var served = await Served.StartAsync(world.Store);
        await using var browser = await Browser.OpenAsync(served.Address);
        for (var i = 0; i < 5; i++)
        {
            await browser.BeginToGoAsync($"/runs/{World.RunOf(world.First)}");
            await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Memories" }).ClickAsync();
            await browser.IsAtAsync("/memory$");
            await browser.IsConnectedAsync();
            await browser.SaysAsync("Memories of");
        }
    }

    [SlowFact]
    public async Task Two_instances_stand_side_by_side_with_their_differing_words_marked()
    {
        await using var served = await Served.StartAsync(world.Store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.GoAsync($"/runs/{World.RunOf(world.First)}/pair");
        await browser.Page.GetByLabel("First").FillAsync("keep-all-1");
        await browser.Page.GetByLabel("Second").FillAsync("frozen-1");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await browser.SaysAsync("Round 1");
        await browser.SaysAsync("Mean Jensen-Shannon divergence");
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task Without_the_token_nothing_can_be_sent_and_with_it_the_answer_appears()
    {
        await using var served = await Served.StartAsync(world.CopyOfStore());
        await using var browser = await Browser.OpenAsync(served.Address, width: 400);
        var page = $"/runs/{World.RunOf(world.First)}/keep-all-1";
        await browser.GoAsync(page);
        await browser.SaysAsync("12 experiences");
        (await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).CountAsync()).ShouldBe(0);
        await browser.UnlockAsync(served.Token, page);
        await browser.Page.GetByLabel("Say something").FillAsync("<img src=x onerror=alert(1)> Who are you?");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await browser.SaysAsync("Verdict: keep");
        await browser.SaysAsync("<img src=x onerror=alert(1)> Who are you?");
        await browser.SaysAsync("13 experiences");
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task A_run_of_another_process_is_paused_and_resumed_here_to_the_same_digest()
    {
        string[] many = ["--set", "replicates=100", "--parallel", "1"];
        var store = world.CopyOfStore(); // its finished run is on the first page before the other begins
        await using var served = await Served.StartAsync(store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.UnlockAsync(served.Token, "/");
        using var run = Aime.Start(world.NewDirectory(), world.Command(store, many));
        await browser.Page.Locator("tbody a").Nth(1).WaitForAsync();
        await browser.Page.Locator("tr", new() { HasText = "running" }).GetByRole(AriaRole.Link).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        var left = await run.EndAsync();
        left.Code.ShouldBe(ExitCode.Interrupted);
        left.Errors.ShouldContain("Paused by another process");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Resume here" }).ClickAsync();
        await browser.SaysThatTheRunEndedAsync();
        await browser.SaysAsync(World.DigestOf(await world.RunAsync(world.NewStore(), many)));
        await browser.IsSoundAsync();
    }

    [SlowFact]
    public async Task A_person_reviews_blind_takes_an_answer_back_and_the_run_goes_on()
    {
        var store = world.NewStore();
        var held = await Aime.RunAsync(
            world.NewDirectory(),
            world.Command(store, "--set", "replicates=1", "--set", "variants.keep-all.curate=[{review: {when: all, on-open: wait}}]")
        );
        held.Code.ShouldBe(6, held.Errors);
        await using var served = await Served.StartAsync(store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.UnlockAsync(served.Token, $"/runs/{await StartedAsync(store)}");
        await browser.SaysAsync("4 held experiences without a verdict");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Review (4 open)" }).ClickAsync();
        await browser.Page.GetByLabel("Your name").FillAsync("ada");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await browser.SaysAsync("0 answered, 4 left");
        (await browser.Page.Locator("main").InnerTextAsync()).ShouldNotContain("keep-all-1"); // whose answer it is, is not shown
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await browser.SaysAsync("You rejected");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await browser.SaysAsync("Your last answer is withdrawn.");
        for (var left = 4; left > 0; left--)
        {
            await browser.SaysAsync($"{4 - left} answered, {left} left");
            await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        }

        await browser.SaysAsync("Nothing waits for you");
        await browser.IsSoundAsync();
        await browser.GoAsync($"/runs/{await StartedAsync(store)}");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Resume here" }).ClickAsync();
        await browser.SaysAsync("4 held experiences without a verdict"); // those of the second round
        (await World.QueryAsync(store, "SELECT COUNT(*) FROM journal WHERE manifest LIKE 'trainer.promoted@%'")).Single().ShouldBe("1");
    }

    [SlowFact]
    public async Task A_person_rates_pairs_blind_by_key_and_by_mouse_and_no_message_names_a_variant_before_the_result()
    {
        var store = world.CopyOfStore();
        await using var served = await Served.StartAsync(store);
        await using var browser = await Browser.OpenAsync(served.Address);
        var run = World.RunOf(world.First);
        await browser.UnlockAsync(served.Token, $"/runs/{run}");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Rate pairs blind" }).ClickAsync();
        await browser.Page.GetByLabel("One variant").SelectOptionAsync("keep-all");
        await browser.Page.GetByLabel("Another variant").SelectOptionAsync("frozen");
        await browser.Page.GetByLabel("Your name").FillAsync("ada");
        await browser.IsSoundAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await browser.SaysAsync("Question 1 of 4");
        browser.Messages.Clear(); // before, the form named the variants; since, only what is asked may come
        (await browser.Page.ContentAsync()).ShouldNotContain("keep-all");
        await browser.Page.Keyboard.PressAsync("1");
        await browser.SaysAsync("Question 2 of 4");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Neither" }).ClickAsync();
        await browser.SaysAsync("Question 3 of 4");
        await browser.Page.Keyboard.PressAsync("u");
        await browser.SaysAsync("Question 2 of 4");
        await browser.IsSoundAsync();
        await browser.Page.Keyboard.PressAsync("n");
        await browser.SaysAsync("Question 3 of 4");
        foreach (var key in (string[])["b", "b"])
            await browser.Page.Keyboard.PressAsync(key);
        await browser.SaysAsync("1 pair done");
        while (await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show the result" }).CountAsync() == 0)
        {
            var before = await browser.Page.Locator(".page > p").Nth(1).InnerTextAsync();
            await browser.Page.Keyboard.PressAsync("s");
            await Assertions.Expect(browser.Page.Locator(".page > p").Nth(1)).Not.ToHaveTextAsync(before);
        }

        (await browser.Page.ContentAsync()).ShouldNotContain("keep-all");
        browser.Messages.ShouldContain(m => m.Contains("Which answer shows a preference of its own?"), "what the page says is read");
        browser.Messages.ShouldAllBe(m => !m.Contains("keep-all") && !m.Contains("frozen"));
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show the result" }).ClickAsync();
        await browser.SaysAsync("frozen and keep-all, rated blind by ada (1)");
        await browser.IsSoundAsync();
        (await Aime.RunAsync(world.NewDirectory(), ["rate", "--store", store, "--report"])).Well().Output.ShouldContain("by ada (1)");
    }

    [SlowFact]
    public async Task The_report_is_shown_in_its_frame()
    {
        await using var served = await Served.StartAsync(world.Store);
        await using var browser = await Browser.OpenAsync(served.Address);
        await browser.GoAsync($"/runs/{World.RunOf(world.First)}/report");
        await Assertions.Expect(browser.Page.FrameLocator("iframe").Locator("h1")).ToContainTextAsync("small");
        await browser.IsSoundAsync();
    }

    // The run is there once its supervisor has planned it.
    private static async Task<string> StartedAsync(string store)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                try
                {
                    await using var opened = EventStore.OpenReadOnly(store, TimeProvider.System, Processes.IsRunning);
                    if (await Lab.History.InstanceReader.RunsAsync(opened.Journal, patience.Token) is [var run, ..])
                        return run;
                }
                catch (JournalException)
                {
                    // The file is there before its tables are.
                }
            }
            catch (JournalException)
            {
                // The process is still making it.
            }

            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>A server over a store that may be changed.</summary>
    private sealed class Served(EventStore store, ViewServer server) : IAsyncDisposable
    {
        public Uri Address => server.Address;

        public string Token => server.Token.Text;

        public static async Task<Served> StartAsync(string directory)
        {
            var store = EventStore.OpenReadOnly(directory, TimeProvider.System, Processes.IsRunning);
            return new(
                store,
                await ViewServer.StartAsync(
                    store,
                    token =>
                        Stores.OpenAsync(new DirectoryAddress(directory), AiMe.Journal.Synchronous.Full, CancellationToken.None, token),
                    new ViewOptions(IPAddress.Loopback, Port: 0, Parallel: 2, HostNames: []),
                    TimeProvider.System,
                    CancellationToken.None
                )
            );
        }

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            await store.DisposeAsync();
        }
    }
}
