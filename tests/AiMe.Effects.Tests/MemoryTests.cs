using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Tests;

namespace AiMe.Effects.Tests;

public sealed class MemoryTests
{
    private readonly Stage _stage = new();

    [Fact]
    public async Task The_output_the_whole_exchange_and_the_insight_are_embedded()
    {
        var embedded = await _stage.RunAsync<ExperienceEmbedded>(new EmbedExperience(1, Some.Draft(1), Some.Reflection(), Some.Insight(1)));
        embedded.Output.ShouldBe(Place("I am AiMe."));
        embedded.Whole.ShouldBe(Place("Q: What of 1? A: I am AiMe."));
        embedded.Statement.ShouldBe(Place("I am patient 1."));
        (
            await _stage.RunAsync<ExperienceEmbedded>(new EmbedExperience(1, Some.Draft(1), Some.Reflection(), null))
        ).Statement.ShouldBeNull();
    }

    [Fact]
    public async Task A_search_finds_for_each_query_what_ranking_finds()
    {
        var view = View(Item(1, "The sea is wide."), Item(2, "I like to learn."), Item(3, "Numbers are even."));
        var searched = await _stage.RunAsync<MemorySearched>(new SearchMemory(1, new RecallFor("c4"), ["The sea", "I learn"], view));
        searched.At.ShouldBe(view.At);
        searched.Hits.Length.ShouldBe(2);
        for (var i = 0; i < 2; i++)
            searched.Hits[i].ShouldBe(Ranking.Best(view, Place(i == 0 ? "The sea" : "I learn")));
        searched.Hits[0][0].Text.ShouldBe("The sea is wide.");
    }

    [Fact]
    public async Task Nothing_is_searched_where_there_is_nothing_or_nothing_is_wanted()
    {
        var stage = new Stage(new BrokenIndex());
        foreach (var view in (MemoryView[])[View(), View(Item(1, "x")) with { Settings = Some.Memory with { Recall = 0 } }])
            (await stage.RunAsync<MemorySearched>(new SearchMemory(1, new RecallFor("c4"), ["a", "b"], view))).Hits.ShouldAllBe(h =>
                h.IsEmpty
            );
    }

    [Fact]
    public async Task An_index_that_is_down_is_a_typed_failure_that_keeps_its_attempt()
    {
        var failed = await new Stage(new BrokenIndex()).RunAsync<SearchFailed>(
            new SearchMemory(2, new RecallFor("c4"), ["a"], View(Item(1, "x")))
        );
        (failed.Attempt, failed.For.Name, failed.Queries.Single(), failed.Error).ShouldBe((2, "c4", "a", "the index is down"));
    }

    private static Embedding Place(string text) => Embedding.From(Stage.Embedder.Embed(text));

    private static MemoryItem Item(int cycle, string text) => new(MemoryId.OfCycle(cycle), text, 3, Some.At(1), Place(text));

    private static MemoryView View(params ImmutableArray<MemoryItem> items) =>
        new("kept-1", Some.Memory with { Recency = 0, Importance = 0 }, [.. items], Some.At(9));
}
