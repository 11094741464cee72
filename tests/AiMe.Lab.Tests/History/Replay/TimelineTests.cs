using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.Tests.History.Replay;

public sealed class TimelineTests
{
    [Fact]
    public async Task Its_events_and_states_are_those_that_a_fold_from_birth_gives()
    {
        var instance = await WrittenInstance.OfAsync(60);
        var timeline = await OpenAsync(instance);
        var folded = await InstanceReader.ReadAsync(instance.Journal, instance.Run, WrittenInstance.Instance, CancellationToken.None);

        timeline.Length.ShouldBe(folded.Length);
        var states = Loop.Faculties.ToDictionary(f => f.Name, f => f.Initial, StringComparer.Ordinal);
        foreach (var expected in folded)
        {
            var moment = await timeline.AtAsync(expected.Index, CancellationToken.None);
            states[expected.Faculty] = expected.State;
            (moment.Event.Index, moment.Event.Manifest).ShouldBe((expected.Index, expected.Manifest));
            for (var i = 0; i < Loop.Faculties.Length; i++)
                Json(i, moment.After.Streams[i].State)
                    .ShouldBe(Json(i, states[Loop.Faculties[i].Name]), $"{Loop.Faculties[i].Name} after #{expected.Index}");
        }
    }

    [Fact]
    public async Task Walking_back_gives_what_walking_forward_gave()
    {
        var timeline = await OpenAsync(await WrittenInstance.OfAsync(200));
        var forward = new List<string>();
        for (var i = 1L; i <= timeline.Length; i++)
            forward.Add(Point(await timeline.AtAsync(i, CancellationToken.None)));

        for (var i = timeline.Length; i >= 1; i--)
            Point(await timeline.AtAsync(i, CancellationToken.None)).ShouldBe(forward[(int)i - 1]);
    }

    [Fact]
    public async Task A_long_instance_is_held_by_few_checkpoints_and_read_in_small_parts()
    {
        var instance = await WrittenInstance.OfAsync(5000);
        var counting = new CountingJournal(instance.Journal);
        var timeline = await Timeline.OpenAsync(counting, instance.Run, WrittenInstance.Instance, CancellationToken.None);

        timeline.Length.ShouldBeGreaterThan(35_000);
        timeline.Checkpoints.ShouldBeInRange(Timeline.MostCheckpoints / 2, Timeline.MostCheckpoints);
        foreach (var index in new[] { timeline.Length, 1, timeline.Length / 2, timeline.Length / 2 - 1, timeline.Length / 3 })
        {
            counting.Rows = 0;
            (await timeline.AtAsync(index, CancellationToken.None)).Event.Index.ShouldBe(index);
            counting.Rows.ShouldBeLessThan(4 * Timeline.Window, $"rows read for #{index}");
        }
    }

    [Fact]
    public async Task The_tally_counts_verdicts_and_keeps_the_last_of_each_thing()
    {
        var timeline = await OpenAsync(await WrittenInstance.OfAsync(9));

        var tally = timeline.End.Tally;

        (tally.Kept, tally.Held, tally.Rejected).ShouldBe((6, 0, 3));
        tally.Last!.Cycle.ShouldBe(9);
        (tally.Birth!.Generation, tally.Probed!.Generation).ShouldBe((0, 2));
        tally.Training.ShouldBeOfType<Skipped>().Round.ShouldBe(2);
    }

    [Fact]
    public async Task Cycles_generations_and_faculties_are_found_without_reading()
    {
        var index = (await OpenAsync(await WrittenInstance.OfAsync(9))).Index;
        var second = WrittenInstance.EventsOfBirth + WrittenInstance.EventsOfCycle + 1;

        index.OfCycle(2).ShouldBe(second);
        index.NextCycle(second + 1, -1).ShouldBe(second, "back leads to where the cycle begins");
        index.NextCycle(second, -1).ShouldBe(WrittenInstance.EventsOfBirth + 1);
        index.NextCycle(second, 1).ShouldBe(second + WrittenInstance.EventsOfCycle);
        index.OfCycle(10).ShouldBeNull();
        index.OfGeneration(0).ShouldBe(WrittenInstance.EventsOfBirth - 1);
        index.OfGeneration(1).ShouldBe(WrittenInstance.EventsOfBirth + 4 * WrittenInstance.EventsOfCycle + 2);
        index.Next(1, 1, 1 << 3).ShouldBe(4, "the Curator begins");
        index.Next(4, -1, 1 << 3).ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_that_got_on_while_it_was_read_is_read_on_from_there()
    {
        var instance = await WrittenInstance.OfAsync(3);
        // As if the other streams had been read before the Self and Memory wrote on: the gap closes at the second walk.
        var journal = new LateJournal(instance.Journal, () => AddCycleAsync(instance, 4));

        var timeline = await Timeline.OpenAsync(journal, instance.Run, WrittenInstance.Instance, CancellationToken.None);

        timeline.Length.ShouldBe(instance.Length);
    }

    [Fact]
    public async Task An_event_that_is_missing_for_good_is_named()
    {
        var instance = await WrittenInstance.OfAsync(3);
        instance.Add(new Heard(4, instance.Plan.Epoch, new Stimulus("s4", "Lost?", "talk")));
        var whole = instance.Length;
        instance.Add(new Reflected(4, new Reflection("", 0, 0, 1)));
        await instance.FlushAsync();
        var journal = new LateJournal(instance.Journal, () => Task.CompletedTask) { Without = (Loop.Self, whole) };

        var refused = await Should.ThrowAsync<CorruptJournalException>(() =>
            Timeline.OpenAsync(journal, instance.Run, WrittenInstance.Instance, CancellationToken.None)
        );

        refused.Message.ShouldContain($"has no event {whole}: the next one found is {whole + 1} (reflector.reflected@1)");
    }

    [Theory]
    [InlineData(0, 10_000_000, 100)]
    [InlineData(0, 5_000_000, 50)]
    [InlineData(7, 7, 0)]
    [InlineData(10_000_000, 0, 0)]
    [InlineData(0, 864_000_000_000, 2000)]
    public void A_pause_is_the_recorded_one_at_the_speed_asked_for_and_never_long_or_negative(long before, long now, int milliseconds) =>
        new ReplayPace(10).PauseBetween(before, now).TotalMilliseconds.ShouldBe(milliseconds);

    private static async Task AddCycleAsync(WrittenInstance instance, int cycle)
    {
        instance.Cycle(cycle);
        await instance.FlushAsync();
    }

    private static Task<Timeline> OpenAsync(WrittenInstance instance) =>
        Timeline.OpenAsync(instance.Journal, instance.Run, WrittenInstance.Instance, CancellationToken.None);

    private static string Json(int faculty, object state) => JsonSerializer.Serialize(state, Loop.Faculties[faculty].StateJson);

    private static string Point(ReplayStep moment) =>
        $"{moment.Event.Index} {moment.Event.Manifest} {moment.After.Heads.Digest()} {moment.After.Tally.Stored} {moment.After.Memory.Items.Length} {moment.After.Self.Phase}";
}
