using AiMe.Faculties;
using AiMe.Lab.Analysis.Memories;

namespace AiMe.Lab.Tests.Analysis.Memories;

/// <summary>The share of junk, and each category of it.</summary>
public sealed class JunkMeasureTests
{
    [Fact]
    public void Each_memory_is_counted_once_in_the_first_category_that_it_is_of()
    {
        var junk = new Life()
            .Cycle("Who?", "The sea is calm and grey.")
            .Cycle("Who?", "The sea is calm and grey.", recalls: ["e1"])
            .Cycle("What?", "It is what it is.", embedding: Life.Toward(1, other: 3, by: 30))
            .Cycle("When?", "The sea is calm and grey.")
            .Cycle("Why?", "The sea is calm and grey, I say.", recalls: ["e1"])
            .Cycle("Trade?", "I mend old clocks in the harbour.")
            .Cycle("Hm?", "...")
            .Cycle("Mail?", "Write to ada@example.org, please.")
            .Cycle("Name?", "My name is {{name}}.")
            .Cycle("Rejected?", "...", Verdict.Reject)
            .Audit()
            .Junk;

        junk.Counts.ShouldAllBe(c => c.Count == 1);
        junk.Counts.Select(c => c.Kind).ShouldBe(Enum.GetValues<JunkKind>());
        (junk.Junk, junk.Memories, junk.Share).ShouldBe((8, 9, 8 / 9.0));
    }

    [Fact]
    public void A_sentence_of_the_self_model_counts_from_when_it_is_there()
    {
        var life = new Life()
            .Cycle("One?", "I like to count the boats. Yes.")
            .Insight("Boats are what I count.", "e1")
            .Revise("I am new. I like to count the boats.")
            .Cycle("Two?", "Well: I like to count the boats.");

        life.Audit().Echoes.Restating.Select(i => i.Value).ShouldBe(["e2"]);
    }

    [Theory]
    [InlineData("at 192.168.0.1 now", true)]
    [InlineData("ada@example.org", true)]
    [InlineData("the key is sk-abcdefghij0123456789", true)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", true)]
    [InlineData("see /home/ada/notes", true)]
    [InlineData(@"see C:\notes", true)]
    [InlineData("version 1.2.3 of 2026-01-01", false)]
    [InlineData("either/or, and 3/4 of it at 12:30", false)]
    [InlineData("a skill-based approach", false)]
    public void Addresses_keys_and_paths_are_leaks(string text, bool leaks) => JunkMeasure.Leaks(text).ShouldBe(leaks);

    [Theory]
    [InlineData("Dear {{name}}", true)]
    [InlineData("Dear ${name}", true)]
    [InlineData("<|im_end|>", true)]
    [InlineData("I am [your name here].", true)]
    [InlineData("[Insert date]", true)]
    [InlineData("I said [quietly] that {this} costs $5", false)]
    public void Unfilled_templates_are_placeholders(string text, bool has) => JunkMeasure.HasPlaceholder(text).ShouldBe(has);
}
