using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Runs;

namespace AiMe.Lab.Tests.History;

public sealed class RunWatchTests : IAsyncLifetime
{
    private static readonly RunPlan Plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame"));
    private WrittenStore _written = null!;
    private RunWatch _watch = null!;

    public async Task InitializeAsync()
    {
        _written = await WrittenStore.OpenAsync();
        _watch = new RunWatch(_written.Store, Plan.Run, _written.Clock);
    }

    public async Task DisposeAsync() => await _written.DisposeAsync();

    [Fact]
    public async Task A_run_that_has_not_started_has_no_status() => (await _watch.LookAsync(default)).ShouldBeNull();

    [Fact]
    public async Task A_run_that_nobody_holds_is_stopped()
    {
        await PlannedAsync();
        (await LookAsync()).State.ShouldBe(RunState.Stopped);
    }

    [Fact]
    public async Task A_later_look_sees_what_was_written_since()
    {
        await PlannedAsync();
        await LivedAsync("wild-1", 1);
        (await LookAsync()).Experiences.ShouldBe(1);

        await LivedAsync("wild-1", 2);
        await LivedAsync("tame-2", 1, 2, 3);

        var status = await LookAsync();
        status.Experiences.ShouldBe(5);
        status
            .Instances.ToDictionary(l => l.Name, l => l.Cycle)
            .ShouldBe(
                new Dictionary<string, int>
                {
                    ["wild-1"] = 2,
                    ["tame-1"] = 0,
                    ["wild-2"] = 0,
                    ["tame-2"] = 3,
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task One_who_begins_to_watch_late_sees_the_same()
    {
        await PlannedAsync();
        await LivedAsync("wild-1", 1, 2, 3);

        (await LookAsync()).Experiences.ShouldBe(
            (await new RunWatch(_written.Store, Plan.Run, _written.Clock).LookAsync(default))!.Experiences
        );
    }

    [Fact]
    public async Task Another_run_s_experiences_are_not_counted()
    {
        await PlannedAsync();
        await _written.AppendAsync("test-12345678-other", new FacultyAddress("wild-1", Loop.Memory), Experiences.Of(1));

        (await LookAsync()).Pace.Experiences.ShouldBe(0);
    }

    [Fact]
    public async Task A_parked_instance_has_its_reason_and_what_it_did()
    {
        await PlannedAsync();
        await LivedAsync("tame-1", 1, 2);
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new InstanceParked("tame-1", "it kept failing"));

        var parked = (await LookAsync()).Instances.Single(l => l.Status == InstanceState.Parked);

        (parked.Name, parked.Parked, parked.Cycle).ShouldBe(("tame-1", "it kept failing", 2));
    }

    [Fact]
    public async Task Calls_are_counted_look_by_look_as_they_are_from_the_events_themselves()
    {
        await PlannedAsync();
        Event[] first =
        [
            new ReflectorGenerationFailed(1, "reflection", 1, "it is not JSON"),
            new Reflected(1, new Reflection("Well said.", 0.5, 0.5, 1)),
            new ReflectorGenerationFailed(2, "insight", 1, "busy"),
        ];
        Event[] then = [new InsightFormed(2, null, 12), new Reflected(3, new Reflection("", 0.5, 0.5, 1))];

        await _written.AppendAsync(Plan.Run, new FacultyAddress("wild-1", Loop.Reflector), first);
        await _written.AppendAsync("another-run", new FacultyAddress("wild-1", Loop.Reflector), first);
        (await LookAsync()).Calls.Of(CallKind.Reflection).ShouldBe(new CallCount(1, 1, 0));
        await _written.AppendAsync(Plan.Run, new FacultyAddress("wild-1", Loop.Reflector), then);
        await _written.AppendAsync(Plan.Run, new FacultyAddress("wild-1", Loop.Curator), new CuratorEmbeddingFailed(1, 1, "busy"));

        var calls = (await LookAsync()).Calls;
        calls.Kinds.ShouldBe(CallTally.Of([.. first, .. then, new CuratorEmbeddingFailed(1, 1, "busy")]).Kinds);
        (await LookAsync()).Calls.Kinds.ShouldBe(calls.Kinds, "nothing new was written");
    }

    [Fact]
    public async Task A_holder_whose_process_is_gone_leaves_the_run_stopped()
    {
        await PlannedAsync();
        await _written.Store.Ownership.ClaimAsync(
            [Plan.Run],
            new OwnerInfo(Environment.MachineName, 1, "gone", new WriterId("w")),
            default
        );

        var status = await LookAsync();

        status.State.ShouldBe(RunState.Stopped);
        status.Holder!.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task What_waits_in_the_inbox_is_counted_until_it_was_received_and_then_at_its_instance()
    {
        await PlannedAsync();
        await _written.Store.Inbox.PutAsync(
            Plan.Run,
            [
                new InboxMessage("a1", "wild-1", "{}"u8.ToArray(), DateTime.UnixEpoch),
                new InboxMessage("a2", "wild-1", "{}"u8.ToArray(), DateTime.UnixEpoch),
            ],
            default
        );
        await _written.AppendAsync(
            Plan.Run,
            FacultyAddress.Supervisor,
            new InputReceived("wild-1", "a1", new Input.Said("Hello.", "talk"), DateTime.UnixEpoch)
        );

        var status = await LookAsync();

        (status.Letters, status.Instances[0].Waiting, status.Waiting).ShouldBe((1, 1, 2));
    }

    [Fact]
    public async Task A_holder_elsewhere_whose_heart_beats_runs_it()
    {
        await PlannedAsync();
        await _written.Store.Ownership.ClaimAsync([Plan.Run], new OwnerInfo("elsewhere", 1, "s", new WriterId("w")), default);

        (await LookAsync()).State.ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task A_run_whose_supervisor_s_node_is_gone_is_run_by_the_nodes_that_host_its_instances()
    {
        await PlannedAsync();
        await _written.Store.Ownership.ClaimAsync(
            [Plan.Run, $"{Plan.Run}/wild-1"],
            new OwnerInfo(Environment.MachineName, 1, "gone", new WriterId("w1")),
            default
        );
        await _written.Store.Ownership.ClaimAsync([$"{Plan.Run}/tame-1"], new OwnerInfo("elsewhere", 2, "s", new WriterId("w2")), default);

        var status = await LookAsync();

        (status.State, status.Holder!.Owner.Info.Host).ShouldBe((RunState.Running, "elsewhere"));
    }

    [Fact]
    public async Task A_node_of_another_run_does_not_run_it()
    {
        await PlannedAsync();
        await _written.Store.Ownership.ClaimAsync(
            [Plan.Run],
            new OwnerInfo(Environment.MachineName, 1, "gone", new WriterId("w1")),
            default
        );
        await _written.Store.Ownership.ClaimAsync(
            [$"{Plan.Run}-other/tame-1"],
            new OwnerInfo("elsewhere", 2, "s", new WriterId("w2")),
            default
        );

        (await LookAsync()).State.ShouldBe(RunState.Stopped);
    }

    private Task PlannedAsync() => _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new RunPlanned(Plan));

    private async Task LivedAsync(string instance, params int[] cycles) =>
        await _written.AppendAsync(Plan.Run, new FacultyAddress(instance, Loop.Memory), [.. cycles.Select(c => Experiences.Of(c))]);

    private async Task<RunStatus> LookAsync() => (await _watch.LookAsync(default))!;
}
