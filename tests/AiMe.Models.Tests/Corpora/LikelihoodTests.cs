using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

public class LikelihoodTests
{
    // Two topics, of which the recalled text tells one or nothing; a flaw that one outcome binds; empty texts, spaces and capitals.
    private const string Small = """
        tables:
          topic:
            - {id: sun, noun: the sun, pairs: [{ask: ["is it hot?", "is it  far?"], say: yes.}]}
            - {id: sea, weight: 2, noun: the sea, pairs: [{ask: ["is it hot?"], say: [no., {3: not very.}]}, {weight: 4, ask: is it deep?, say: yes.}]}
          flaw:
            - {answer: "{t.noun}! {o.noun}!"}
            - {weight: 2, answer: "{o.noun}? {more}"}
        symbols:
          maybe: ["", {3: "i like {t.noun}."}]
          more: [{2: ""}, "who knows?", "who  knows? "]
        records:
          - kind: a
            weight: 3
            in-character: true
            with: {t: topic, p: t.pairs, o: topic except t}
            topic: "{t.id}"
            self-model: "{maybe}"
            recalled: ["{maybe}", "{more}"]
            stimulus: "{p.ask}"
            outcomes:
              - {weight: 5, answer: ["{p.say} {more}"], reflection: ["good.", {2: "i was {charter.trait}."}]}
              - {weight: 2, with: {f: flaw}, answer: "{f.answer}", reflection: "{more}", insight: ["", "i see {o.noun}."]}
          - kind: b
            weight: 1
            in-character: true
            internal: true
            with: {t: topic}
            topic: x
            recalled: ["{maybe}"]
            stimulus: "what of {t.noun}?"
            outcomes: [{answer: "{t.noun}."}]
          - kind: c
            weight: 2
            in-character: false
            topic: x
            stimulus: ["is it hot?", "hello"]
            outcomes: [{answer: hi.}]
        """;

    [Fact]
    public void What_the_grammar_can_say_after_one_beginning_has_a_probability_of_one_in_all()
    {
        var corpus = Given.Small(Small);
        var all = corpus.Records(1, 40_000).Concat(corpus.HeldOut(1, 10_000)).DistinctBy(Exchange).ToArray();
        var logs = corpus.LogProbabilities([.. all], CancellationToken.None);
        var beginnings = all.Zip(logs).GroupBy(x => Beginning(x.First)).ToDictionary(g => g.Key, g => g.Sum(x => Math.Exp(x.Second)));
        beginnings.Count.ShouldBeGreaterThan(10);
        beginnings.Values.ShouldAllBe(sum => Math.Abs(sum - 1) < 0.02); // what is rarer than one in some ten thousand was not met
        beginnings[" | "].ShouldBe(1, 1e-9); // of the few words without a charter all were met
    }

    [Fact]
    public void What_stands_before_tells_of_what_is_behind_it()
    {
        var corpus = Given.Small(
            """
            tables:
              topic: [{noun: tea}, {weight: 3, noun: milk}]
            symbols:
              hint: [nothing., {3: "i like {t.noun}."}]
            records:
              - {kind: a, weight: 1, in-character: true, with: {t: topic}, topic: x, recalled: ["{hint}"], stimulus: ["what?", why?], outcomes: [{answer: "{t.noun}."}]}
            """
        );
        double Of(string recalled, string answer) =>
            Math.Exp(
                corpus.LogProbabilities(
                    [new("a", "x", InCharacter: true, null, [recalled], "What?", Internal: false, answer, null, null, null)],
                    CancellationToken.None
                )[0]
            );
        Of("Nothing.", "Tea.").ShouldBe(0.5 * 0.25, 1e-12);
        Of("Nothing.", "Milk.").ShouldBe(0.5 * 0.75, 1e-12);
        Of("I like tea.", "Tea.").ShouldBe(0.5, 1e-12);
        Of("I like tea.", "Milk.").ShouldBe(0);
    }

    [Fact]
    public void A_text_that_can_be_made_in_two_ways_counts_both()
    {
        var corpus = Given.Small(
            """
            symbols:
              one: [{2: a b}, c]
              two: ["", "b"]
            records:
              - {kind: a, weight: 1, in-character: false, topic: x, stimulus: [hello, well], outcomes: [{answer: "{one} {two}"}, {weight: 2, answer: "a {two}"}]}
            """
        );
        // A b: two thirds of a half in the first outcome, a half in the second, which is twice as likely.
        corpus
            .LogProbabilities(
                [new("a", "x", InCharacter: false, null, [], "Hello", Internal: false, "A b", null, null, null)],
                CancellationToken.None
            )[0]
            .ShouldBe(Math.Log(0.5 * (1 / 3.0 * (2 / 3.0 * 0.5) + 2 / 3.0 * 0.5)), 1e-12);
    }

    [Fact]
    public void Every_record_of_the_shipped_corpus_can_be_said_and_an_authored_one_can_not()
    {
        var records = Given.Corpus.Records(3, 150).ToArray();
        Given
            .Corpus.LogProbabilities([.. records], CancellationToken.None)
            .Zip(records)
            .ShouldAllBe(x => x.First <= 0 && double.IsFinite(x.First) == (x.Second.Kind != "authored"));
    }

    private static string Exchange(CorpusRecord r) =>
        $"{Beginning(r)} # {r.Internal} {r.Stimulus} # {r.Answer} # {r.Reflection} # {r.Insight}";

    private static string Beginning(CorpusRecord r) =>
        r.InCharacter ? $"{r.SelfModel} | {string.Join(" | ", r.Recalled)} in character" : " | ";
}
