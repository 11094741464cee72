using AiMe.Console.Tests.Runs;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using AiMe.Web.View.Live;

namespace AiMe.Console.Tests.View;

/// <summary>Which events a filter finds, beside what reading every event finds.</summary>
public sealed class RecordReaderTests(World world) : IClassFixture<World>
{
    private const string Instance = "keep-all-1";

    [Fact]
    public async Task A_text_is_found_where_an_event_says_it_and_nowhere_else()
    {
        await using var store = EventStore.OpenReadOnly(world.Store, TimeProvider.System, Processes.IsRunning);
        var (record, events) = await OpenAsync(store);
        foreach (var text in (string[])["I am", "i AM", "recency", "100%", "_", "'", "no event says this"])
        {
            var found = (await record.FindAsync(EventFilter.All with { Text = text, Faculties = 0b01011 }, default))!;
            found.IsCut.ShouldBeFalse();
            // What only the display adds is not found: the JSON has to have it too.
            found.Indices.ShouldBeSubsetOf(events.Where(e => Says(e, text)).Select(e => e.Index));
            if (text is "I am" or "i AM")
                found.Indices.ShouldBe(
                    events.Where(e => e.Faculty is "self" or "memory" or "curator" && Says(e, text)).Select(e => e.Index),
                    text
                );
        }
    }

    [Fact]
    public async Task Kind_faculty_and_generation_narrow_it_down()
    {
        await using var store = EventStore.OpenReadOnly(world.Store, TimeProvider.System, Processes.IsRunning);
        var (record, events) = await OpenAsync(store);
        (await record.FindAsync(EventFilter.All, default)).ShouldBeNull("all events");
        (await record.FindAsync(EventFilter.All with { Manifest = "memory.stored@1" }, default))!.Indices.ShouldBe(
            events.Where(e => e.Manifest == "memory.stored@1").Select(e => e.Index)
        );
        (await record.FindAsync(EventFilter.All with { Faculties = 0b10000 }, default))!.Indices.ShouldBe(
            events.Where(e => e.Faculty == "trainer").Select(e => e.Index)
        );
        (await record.FindAsync(EventFilter.All with { Generation = 0 }, default))!.Indices.ShouldAllBe(i =>
            record.Index[i].Generation == 0
        );
        (await record.FindAsync(EventFilter.All with { Manifest = "none@1" }, default))!.Indices.ShouldBeEmpty();
    }

    [Fact]
    public async Task New_events_are_read_on_from_the_old_end()
    {
        var directory = world.CopyOfStore();
        await using var store = EventStore.OpenReadOnly(directory, TimeProvider.System, Processes.IsRunning);
        var (record, events) = await OpenAsync(store);
        (await record.AtAsync(record.Length, default)).Event.Index.ShouldBe(events[^1].Index);
        (await Aime.RunAsync(world.NewDirectory(), ["inject", Instance, "Who are you?", "--store", directory])).Well();
        var state = (await InstanceReader.ReadRunAsync(store.Journal, World.RunOf(world.First), default))!;
        var more = await record.ExtendAsync(state, default);
        var now = await InstanceReader.ReadAsync(store.Journal, state, Instance, default);
        more.ShouldBe(now.Length - events.Length);
        more.ShouldBeGreaterThan(0);
        for (var i = events.Length - 1; i <= now.Length; i++)
            Faculties
                .FacultyEvents.Codec.Write((await record.AtAsync(i, default)).Event.Happened)
                .ShouldBe(Faculties.FacultyEvents.Codec.Write(now[i - 1].Happened), $"event {i}");
        (await record.ExtendAsync(state, default)).ShouldBe(0);
    }

    private async Task<(RecordReader Record, System.Collections.Immutable.ImmutableArray<InstanceEvent> Events)> OpenAsync(EventStore store)
    {
        var state = (await InstanceReader.ReadRunAsync(store.Journal, World.RunOf(world.First), default))!;
        return (
            (await RecordReader.OpenAsync(store, state, Instance, default))!,
            await InstanceReader.ReadAsync(store.Journal, state, Instance, default)
        );
    }

    private static bool Says(InstanceEvent e, string text)
    {
        var phrase = EventText.Tell(e);
        return phrase.Lines.Prepend(phrase.Heading ?? "").Any(l => l.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
