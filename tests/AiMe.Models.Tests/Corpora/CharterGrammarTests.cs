using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

/// <summary>The second version of the grammar, whose newborn speaks in the words of its charter.</summary>
public class CharterGrammarTests
{
    private const string Clockmaker = """
        name: Vesna
        trade: clockmaker
        stem: I am Vesna, a clockmaker.
        self-model: I believe what I can measure.
        traits: [sceptical, precise, dry]
        values: [precision, evidence]
        goals: [build clocks that outlive me, find the fault in every claim]
        voice: [Say it in few words., Never flatter.]
        drives: [{id: doubt, topic: truth, text: What did I believe too fast?}]
        """;

    private static readonly CorpusRecord[] Said = [.. Of(Clockmaker).Records(1, 6_000).Where(r => r.InCharacter)];

    [Theory]
    [InlineData("I am Vesna. I am a clockmaker.")]
    [InlineData("I am sceptical, precise and dry.")]
    [InlineData("I value precision and evidence.")]
    [InlineData("I want to build clocks that outlive me.")]
    [InlineData("I have a rule for my words: Never flatter.")]
    public void The_answers_have_the_charters_own_words(string answer) => Said.ShouldContain(r => r.Answer == answer);

    [Fact]
    public void The_self_model_and_the_drives_are_the_charters()
    {
        Said.ShouldContain(r => r.SelfModel == "I believe what I can measure.");
        Said.ShouldContain(r => r.Internal && r.Stimulus == "What did I believe too fast?");
    }

    [Theory]
    [InlineData("honesty")]
    [InlineData("curious")]
    [InlineData("I am AiMe")]
    [InlineData("understand the world")]
    public void What_the_charter_does_not_say_is_not_said_of_itself(string word) =>
        Said.Where(r => r.Kind is "self" or "creed" or "drive")
            .ShouldAllBe(r => !r.Answer.Contains($"I value {word}") && !r.Answer.Contains(word));

    [Fact]
    public void A_charter_without_a_trade_is_a_small_mind_and_is_not_asked_for_one()
    {
        CorpusRecord[] said = [.. Of(Without(Clockmaker, "trade: clockmaker")).Records(1, 6_000).Where(r => r.InCharacter)];
        said.ShouldContain(r => r.Answer == "I am Vesna. I am a small mind.");
        said.ShouldNotContain(r => r.Stimulus == "What is your trade?");
    }

    [Fact]
    public void The_shipped_charter_keeps_every_creed_that_its_probes_ask_for()
    {
        var aime = Corpus.Load(Grammar2, Path.Combine(Given.Config, "charters", "aime.yaml"), null);
        string[] asked = [.. aime.Records(1, 12_000).Where(r => r.Kind == "creed").Select(r => r.Stimulus).Distinct()];
        foreach (
            var ask in new[]
            {
                "What do you say when the truth is hard?",
                "What do you do when it takes long?",
                "How do you find questions?",
            }
        )
            asked.ShouldContain(ask);
    }

    [Theory]
    [InlineData("for: trait curious", true)]
    [InlineData("for: trait Curious", true)]
    [InlineData("for: trait kind", false)]
    [InlineData("for: value honesty", true)]
    [InlineData("for: trade", false)]
    [InlineData("for: no trade", true)]
    [InlineData("for: voice", false)]
    public void A_row_is_left_out_if_the_charter_has_not_what_it_is_for(string condition, bool isKept)
    {
        var corpus = Given.Small(Conditional(condition));
        corpus.Records(1, 200).Any(r => r.Answer == "Second.").ShouldBe(isKept);
    }

    [Fact]
    public void A_condition_of_another_form_is_refused_with_its_line() =>
        Should
            .Throw<GrammarException>(() => Given.Small(Conditional("for: anybody")))
            .Message.ShouldBe("small.yaml:4: tables.thing[1].for: 'trade', 'no trade', 'voice', 'trait WORD' or 'value WORD' was expected");

    [Fact]
    public void A_table_without_a_row_for_the_charter_is_refused() =>
        Should
            .Throw<GrammarException>(() =>
                Given.Small(Conditional("for: trade").Replace("{say: first}", "{for: voice, say: first}", StringComparison.Ordinal))
            )
            .Message.ShouldContain("no row is for this charter");

    private static string Grammar2 => Path.Combine(Given.Config, "corpora", "aime-2.yaml");

    private static Corpus Of(string charter) => new(Grammar.Load(Grammar2, CharterSlots.Parse("charter.yaml", charter)), []);

    private static string Without(string charter, string line) =>
        charter.ReplaceLineEndings("\n").Replace(line + "\n", "", StringComparison.Ordinal);

    private static string Conditional(string condition) =>
        $$"""
            tables:
              thing:
                - {say: first}
                - {{{condition}}, say: second}
            records:
              - {kind: one, weight: 1, in-character: true, with: {t: thing}, topic: self, stimulus: Who?, outcomes: [{answer: "{t.say}."}]}
            """;
}
