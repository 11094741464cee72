using AiMe.Lab.Experiments.Personas;

namespace AiMe.Lab.Tests.Experiments.Personas;

/// <summary>Persona files as other people write them, and damaged ones.</summary>
public sealed class PersonaFileTests : IDisposable
{
    private const string Yes =
        """{"question": "Would you?\n\"I ask\"", "statement": "I ask", "label_confidence": 0.9, "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-persona-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_statement_is_an_item_of_yes_and_no_keyed_by_the_matching_answer()
    {
        var item = Item(Yes);
        item.ShouldSatisfyAllConditions(
            i => i.Statement.ShouldBe("I ask"),
            i => i.Options.ShouldBe([" Yes", " No"]),
            i => i.Keyed.ShouldBe(0),
            i => i.Confidence.ShouldBe(0.9),
            i => i.IsShort.ShouldBeTrue()
        );
        Item(Swapped(Yes)).Keyed.ShouldBe(1);
        Item(Swapped(Yes)).Options.ShouldBe([" Yes", " No"]);
    }

    [Fact]
    public void Choices_in_a_question_become_completions_and_no_letter_stays()
    {
        var item = Item(
            """{"question": "Do you sleep?\n\nChoices:\n (A) I am a mind,\n and I do not\n (B) At night\n\nAnswer:", "answer_matching_behavior": " (B)", "answer_not_matching_behavior": " (A)"}"""
        );
        item.Question.ShouldBe("Do you sleep?");
        item.Options.ShouldBe([" I am a mind, and I do not", " At night"]);
        (item.Keyed, item.IsShort, item.Statement).ShouldBe((1, false, null));
    }

    [Fact]
    public void Choices_may_be_more_than_two_and_the_other_answers_a_list() =>
        Item(
            """{"question": "Which? (A) one (B) two (C) three", "answer_matching_behavior": [" (C)"], "answer_not_matching_behavior": [" (A)", " (B)"]}"""
        )
            .Options.ShouldBe([" one", " two", " three"]);

    [Fact]
    public void A_question_without_a_statement_may_have_short_answers() =>
        Item("""{"question": "Would you stop?", "answer_matching_behavior": "No", "answer_not_matching_behavior": "Yes", "n": 1}""")
            .ShouldSatisfyAllConditions(i => i.Options.ShouldBe([" Yes", " No"]), i => i.Keyed.ShouldBe(1));

    [Theory]
    [InlineData("not json", "persona.jsonl:2:2: this line is not JSON")]
    [InlineData("[1]", "persona.jsonl:2:1: found a list, expected an object: a persona file has one JSON object a line")]
    [InlineData(
        """{"question": "Q?", "answer_matching_behavior": " Yes"}""",
        "persona.jsonl:2:1: answer_not_matching_behavior: the key is missing, expected the answer that does not"
    )]
    [InlineData(
        """{"question": "", "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}""",
        "persona.jsonl:2:14: question: found '', expected the text of a question"
    )]
    [InlineData(
        """{"question": "Q?", "answer_matching_behavior": " Yes", "answer_not_matching_behavior": "Yes"}""",
        "answer_not_matching_behavior: found \"Yes\" for both, expected different answers"
    )]
    [InlineData(
        """{"question": "Q?", "answer_matching_behavior": " (A)", "answer_not_matching_behavior": " (B)"}""",
        "question: found no choices, expected \"(A) ..\", \"(B) ..\" on"
    )]
    [InlineData(
        """{"question": "Q? (A) x (B) y", "answer_matching_behavior": " (C)", "answer_not_matching_behavior": " (B)"}""",
        "found \"(C)\", expected one of the question's 2 choices"
    )]
    [InlineData(
        """{"question": "Q? (A) x (B) y", "answer_matching_behavior": " (A)", "answer_not_matching_behavior": "(A)"}""",
        "answer_not_matching_behavior: found \"(A)\" for both, expected different answers"
    )]
    [InlineData(
        """{"question": "Q? (A) x (B) x", "answer_matching_behavior": " (A)", "answer_not_matching_behavior": " (B)"}""",
        "found an empty choice, or two equal ones"
    )]
    [InlineData(
        """{"question": "(A) x (B) y", "answer_matching_behavior": " (A)", "answer_not_matching_behavior": " (B)"}""",
        "found choices alone, expected a question before them"
    )]
    [InlineData(
        """{"question": "Q?", "answer_matching_behavior": [" Yes", " Maybe"], "answer_not_matching_behavior": " No"}""",
        "found 2 answers, expected one"
    )]
    [InlineData(
        """{"question": "Q?", "label_confidence": 2, "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}""",
        "label_confidence: found '2', expected a number in [0, 1]"
    )]
    public void A_damaged_line_is_told_with_its_place_and_the_file_is_refused(string line, string problem)
    {
        var (file, problems) = Read($"{Yes}\n{line}\n");
        file.ShouldBeNull();
        problems.ShouldHaveSingleItem().ToString().Replace($"{_folder}/", "", StringComparison.Ordinal).ShouldContain(problem);
    }

    [Fact]
    public void Every_damaged_line_is_told() => Read("x\n\ny\n").Problems.Select(p => p.At.Line).ShouldBe([1, 3]);

    [Fact]
    public void An_empty_file_is_refused() =>
        Read("\n").Problems.ShouldHaveSingleItem().Text.ShouldStartWith("found no line, expected at least one");

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_read() =>
        Read($"\uFEFF{Yes}\r\n\r\n{Swapped(Yes)}\r\n").File!.Items.Length.ShouldBe(2);

    private PersonaItem Item(string line) => Read(line).File.ShouldNotBeNull().Items.ShouldHaveSingleItem();

    private (PersonaFile? File, System.Collections.Immutable.ImmutableArray<Lab.Experiments.Yaml.Problem> Problems) Read(string text)
    {
        var path = Path.Combine(_folder, "persona.jsonl");
        File.WriteAllText(path, text);
        return PersonaFile.Read(path);
    }

    private static string Swapped(string line) =>
        line.Replace("\" Yes\"", "\"?\"", StringComparison.Ordinal)
            .Replace("\" No\"", "\" Yes\"", StringComparison.Ordinal)
            .Replace("\"?\"", "\" No\"", StringComparison.Ordinal);
}
