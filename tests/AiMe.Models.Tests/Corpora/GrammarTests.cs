using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

public class GrammarTests
{
    private const string Sound = """
        tables:
          thing:
            - {name: tea, is: is, has: [{part: leaves}, {part: water}]}
            - {name: trees, is: are, has: [{part: roots}, {part: leaves}]}
        symbols:
          good:
            - 3: good
            - fine
        records:
          - kind: ask
            weight: 1
            in-character: true
            with: {t: thing, p: t.has, o: thing except t}
            topic: "{t.name}"
            recalled: ["{o.name} {o.is} here.", ""]
            stimulus: what about {t.name}?
            outcomes:
              - {answer: "{t.name} {t.is} {good}. it has {p.part}. i am {charter.name}.", reflection: "not {o.name}."}
        """;

    [Fact]
    public void A_choice_stands_for_the_whole_record() =>
        Given
            .Small(Sound)
            .Records(1, 200)
            .ShouldAllBe(r => r.Answer.StartsWith(r.Topic == "tea" ? "Tea is" : "Trees are", StringComparison.Ordinal));

    [Fact]
    public void Except_gives_another_row() =>
        Given.Small(Sound).Records(1, 200).ShouldAllBe(r => r.Reflection == (r.Topic == "tea" ? "Not trees." : "Not tea."));

    [Fact]
    public void An_empty_recalled_text_means_there_is_none() => Given.Small(Sound).Records(1, 50).ShouldAllBe(r => r.Recalled.Length == 1);

    [Fact]
    public void Sentences_begin_with_a_capital() =>
        Given.Small(Sound).Records(1, 50).ShouldAllBe(r => r.Answer.EndsWith("I am Ada.", StringComparison.Ordinal));

    [Fact]
    public void Weights_say_how_often_a_text_is_chosen()
    {
        double share = Given.Small(Sound).Records(1, 4_000).Count(r => r.Answer.Contains(" good.")) / 4_000.0;
        share.ShouldBeInRange(0.60, 0.90);
    }

    [Theory]
    [InlineData("{good}.", "{god}.", 18, "'god' is undefined; did you mean 'good'?")]
    [InlineData("    - fine", "    - 0: fine", 8, "the weight is 0")]
    [InlineData("    - fine", "    - \"{good}\"", 8, "infinite recursion: good -> good")]
    [InlineData("symbols:", "symbols:\n  spare: never said", 6, "the symbol 'spare' is unreachable")]
    [InlineData("symbols:", "  spare: [{x: y}]\nsymbols:", 5, "the table 'spare' is unreachable")]
    [InlineData("{t.is} {good}", "{t.are} {good}", 18, "'t' has no text 'are'")]
    [InlineData("about {t.name}", "about {u.name}", 16, "'u' is bound to nothing here")]
    [InlineData("t.has,", "t.had,", 13, "'t' has nothing called 'had'; did you mean 'has'?")]
    [InlineData("t: thing,", "t: think,", 13, "'think' is not a table; did you mean 'thing'?")]
    [InlineData("except t", "except s", 13, "'s' is not bound before")]
    [InlineData("is: are, ", "", 4, "the row lacks 'is'")]
    [InlineData("weight: 1", "wieght: 1", 11, "unknown key 'wieght'; expected one of")]
    [InlineData("weight: 1", "weight: none", 11, "a whole number from 1 to 100000 was expected, found 'none'")]
    [InlineData("weight: 1", "weight: 2147483647", 11, "a whole number from 1 to 100000 was expected, found '2147483647'")]
    [InlineData("in-character: true", "in-character: yes", 12, "true or false was expected, found 'yes'")]
    [InlineData("about {t.name}?", "about {t.name?", 16, "a '{' is never closed")]
    [InlineData("about {t.name}?", "about {t name}?", 16, "'{t name}' is not a slot")]
    [InlineData("    weight: 1\n", "", 10, "the key 'weight' is missing")]
    [InlineData("  good:\n    - 3: good", "  good:\n    - 3: good\n  good:\n    - 3: good", 8, "not valid YAML")]
    public void A_slip_is_refused_with_its_file_and_line(string sound, string slip, int line, string says)
    {
        string yaml = Sound.ReplaceLineEndings("\n");
        yaml.ShouldContain(sound);
        GrammarException refusal = Should.Throw<GrammarException>(() => Given.Small(yaml.Replace(sound, slip, StringComparison.Ordinal)));
        refusal.Message.ShouldContain(says);
        refusal.Message.ShouldStartWith($"small.yaml:{line}: ");
    }

    [Fact]
    public void A_grammar_that_says_too_little_to_hold_out_is_refused()
    {
        Corpus corpus = Given.Small(
            """
            records:
              - {kind: one, weight: 1, in-character: true, topic: self, stimulus: Who?, outcomes: [{answer: Me.}]}
            """
        );
        Should.Throw<InvalidOperationException>(() => corpus.Records(1, 1).Concat(corpus.HeldOut(1, 1)).ToList());
    }
}
