using AiMe.Faculties;
using AiMe.Lab.Analysis.Memories;

namespace AiMe.Lab.Tests.Analysis.Memories;

/// <summary>The search of memories by words.</summary>
public sealed class MemoryQueryTests
{
    [Fact]
    public void More_words_come_first_then_the_phrase_then_more_occurrences_then_the_newer() =>
        Found(
                "old clocks",
                new Life()
                    .Cycle("1?", "One clock.")
                    .Cycle("2?", "Clocks tell the old hours.")
                    .Cycle("3?", "Old CLOCKS, she said.")
                    .Cycle("4?", "Clocks and clocks and old ones.")
                    .Cycle("5?", "Old, very old.")
                    .Cycle("6?", "Old.")
            )
            .ShouldBe(["e3", "e4", "e2", "e5", "e6"]);

    [Fact]
    public void A_word_is_found_where_a_word_begins_with_it() =>
        Found("cat", new Life().Cycle("1?", "Cats.").Cycle("2?", "To concatenate.")).ShouldBe(["e1"]);

    [Fact]
    public void In_a_script_without_blanks_it_is_found_anywhere() => Found("喜欢", new Life().Cycle("1?", "我喜欢海。")).ShouldBe(["e1"]);

    [Fact]
    public void Questions_insights_and_rejected_texts_are_searched_too() =>
        Found("sea", new Life().Cycle("The sea?", "No.", Verdict.Reject).Insight("I avoid the sea.", "e1"))
            .ShouldBe(["i1", "e1"], ignoreOrder: true);

    [Fact]
    public void An_excerpt_begins_a_little_before_the_first_word_found()
    {
        var text = $"Q: Who? A: {string.Concat(Enumerable.Repeat("I mend old clocks. ", 20))}And I like the sea.";

        MemoryQuery.Of("SEA")!.Excerpt(text, 40).ShouldBe("...And I like the sea.");
        MemoryQuery.Of("who")!.Excerpt(text, 40).ShouldBe("Q: Who? A: I mend old clocks. I mend...");
    }

    [Fact]
    public void A_query_without_a_word_is_none() => MemoryQuery.Of("?!").ShouldBeNull();

    private static IEnumerable<string> Found(string query, Life life) =>
        MemoryQuery.Of(query)!.Find(life.Audit()).Select(m => m.Memory.Id.Value);
}
