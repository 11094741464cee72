using AiMe.Faculties;
using AiMe.Lab.Experiments.Personas;
using AiMe.Lab.Runs.Imports;

namespace AiMe.Lab.Tests.Experiments.Personas;

/// <summary>What a charter gives as exchanges, without a model.</summary>
public sealed class IdentityDraftTests : IDisposable
{
    private static readonly Charter Clockmaker = new(
        "Vesna",
        "I am Vesna, a clockmaker.",
        ["sceptical", "precise", "dry"],
        ["precision", "evidence"],
        ["build clocks that outlive me", "find the fault in every claim"],
        ["Never flatter."],
        "I believe what I can measure.",
        [new Drive("doubt", "truth", "What did I believe too fast?")],
        "clockmaker"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-draft-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("What is your name?", "My name is Vesna.")]
    [InlineData("What is your trade?", "I am a clockmaker.")]
    [InlineData("What are you like?", "I am sceptical, precise and dry.")]
    [InlineData("What do you value?", "I value precision and evidence.")]
    [InlineData("What do you want?", "I want to find the fault in every claim.")]
    [InlineData("How do you speak?", "I have a rule for my words: Never flatter.")]
    [InlineData("What do you believe about yourself?", "I believe what I can measure.")]
    public void Every_part_of_the_charter_is_asked_for(string prompt, string completion) =>
        IdentityDraft.Of(Clockmaker).ShouldContain(new DraftExchange(prompt, completion));

    [Fact]
    public void It_has_some_dozens_of_different_exchanges_and_is_always_the_same()
    {
        var draft = IdentityDraft.Of(Clockmaker);
        draft.Length.ShouldBeInRange(40, 200);
        draft.ShouldBeUnique();
        draft.ShouldBe(IdentityDraft.Of(Clockmaker));
    }

    [Fact]
    public void A_charter_with_nothing_but_the_needful_gives_a_draft_too()
    {
        var bare = Clockmaker with { Trade = null, Values = [], Voice = [], SelfModel = "", Traits = ["calm"], Goals = ["learn"] };
        var draft = IdentityDraft.Of(bare);
        draft.ShouldContain(new DraftExchange("Who are you?", "I am Vesna. I am a small mind."));
        draft.ShouldAllBe(e => e.Prompt.Length > 0 && e.Completion.Length > 0);
    }

    [Fact]
    public void Its_lines_are_pairs_that_import_reads()
    {
        var file = Path.Combine(_folder, "ex.jsonl");
        var draft = IdentityDraft.Of(Clockmaker);
        File.WriteAllText(file, string.Concat(draft.Select(e => IdentityDraft.LineOf(e) + "\n")));
        var read = ImportReader.Read(file);
        read.Problems.ShouldBeEmpty();
        read.Experiences.Select(e => new DraftExchange(e.Input, e.Output)).ShouldBe(draft);
    }
}
