using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;

namespace AiMe.Actors.Tests;

/// <summary>What comes to the supervisor while an append of it is on its way is taken in one turn.</summary>
public sealed class SupervisorTurnTests
{
    [Fact]
    public async Task Commands_that_wait_together_are_made_durable_in_one_append_in_their_order()
    {
        var appends = await AfterTheFirstAsync(Given("a"), Given("b"), Given("c"));
        appends.Select(Arrivals).ShouldBe(["first", "a b c"]);
    }

    [Fact]
    public async Task Each_is_decided_on_the_state_to_which_those_before_it_lead()
    {
        var appends = await AfterTheFirstAsync(Given("a"), Given("a"), Given("first"), Given("b"));
        appends.Select(Arrivals).ShouldBe(["first", "a b"], "what came twice is received once");
    }

    [Fact]
    public async Task A_turn_without_events_appends_nothing()
    {
        var appends = await AfterTheFirstAsync(Given("first"), Given("first"));
        appends.Select(Arrivals).ShouldBe(["first"]);
    }

    [Fact]
    public async Task One_that_fails_takes_none_with_it_of_those_before()
    {
        var appends = await AfterTheFirstAsync(Given("a"), new StartRun(null!), Given("b"));
        appends.Select(Arrivals).ShouldBe(["first", "a"], "it fails in a turn of its own, and the host ends with its supervisor");
    }

    [Fact]
    public async Task Nothing_is_shown_of_a_turn_whose_append_fails()
    {
        var watcher = new HostWatcher();
        var appends = await AfterTheFirstAsync(
            [Given("a"), Given("b")],
            host => watcher = host.Watcher,
            second: () => throw new SecondWriterException("somebody else writes")
        );
        appends.Select(Arrivals).ShouldBe(["first", "a b"], "it is tried once");
        watcher.Events.Select(e => e.Happened).OfType<InputReceived>().Select(r => r.Arrival).ShouldBe(["first"]);
    }

    private static Task<ImmutableArray<ImmutableArray<JournalEntry>>> AfterTheFirstAsync(params SupervisorCommand[] commands) =>
        AfterTheFirstAsync(commands, _ => { }, () => { });

    // Gives "first", and the commands while its append is on its way. The instances sleep: what they are told is passed over.
    private static async Task<ImmutableArray<ImmutableArray<JournalEntry>>> AfterTheFirstAsync(
        SupervisorCommand[] commands,
        Action<TestHost> look,
        Action second
    )
    {
        var (held, release) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        var appends = new ConcurrentQueue<ImmutableArray<JournalEntry>>();
        var journal = new WatchedJournal
        {
            Before = async (_, entries) =>
            {
                if (!entries.Any(IsReceipt))
                    return; // the plan, where "first" did not come in time for its turn
                appends.Enqueue(entries);
                if (appends.Count > 1)
                    second();
                held.TrySetResult();
                await release.Task;
            },
        };
        await using var host = await new TestHost(journal, with: o => o with { Awake = _ => false }).StartAsync();
        look(host);
        await host.Runtime.TellAsync(FacultyAddress.Supervisor, Given("first"));
        await held.Task.WaitAsync(TestHost.Patience);
        foreach (var command in commands)
            await host.Runtime.TellAsync(FacultyAddress.Supervisor, command);
        release.SetResult();
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        return [.. appends];
    }

    private static Give Given(string arrival) => new("kept-1", arrival, new Input.Said("Who are you?", "self"), Some.Epoch);

    private static bool IsReceipt(JournalEntry entry) => entry.Manifest == "supervisor.received@1";

    private static string Arrivals(ImmutableArray<JournalEntry> entries) =>
        string.Join(
            ' ',
            entries
                .Where(IsReceipt)
                .Select(e => ((InputReceived)FacultyEvents.Codec.Read(e.Manifest, EventEnvelope.Read(e.Message).Data.Span)).Arrival)
        );
}
