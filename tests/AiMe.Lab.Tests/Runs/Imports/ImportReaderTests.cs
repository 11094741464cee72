using System.Globalization;
using System.Text;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Runs.Imports;

/// <summary>Every form of docs/FILES.md, read from a small file of that form.</summary>
public sealed class ImportReaderTests
{
    [Fact]
    public void Experiences_as_export_writes_them_keep_reflection_time_and_topic()
    {
        var read = Whole("experiences.jsonl", records: 2);
        Texts(read).ShouldBe(["Where were you? -> At home.", "And then? -> I slept."]);
        read.Experiences.Select(e => (e.Reflection, e.Topic, e.Time))
            .ShouldBe([("I rested.", null, new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc)), ("", "home", null)]);
    }

    [Fact]
    public void A_full_export_is_experiences_and_says_that_its_verdicts_are_given_again()
    {
        var read = Whole("full.jsonl", records: 1);
        Texts(read).ShouldBe(["Where were you? -> At home."]);
        read.Experiences[0].Topic.ShouldBe("home");
        read.Notes.ShouldHaveSingleItem().ShouldContain("1 record: the instance that receives it gives its own id, scores and verdict");
    }

    [Fact]
    public void A_csv_export_is_experiences_with_quotes_and_line_breaks_in_fields() =>
        Texts(Whole("table.csv", records: 2)).ShouldBe(["Where, \"exactly\", were you? -> At\r\nhome.", "And then? -> I slept."]);

    [Fact]
    public void A_table_with_tabs_and_the_columns_of_pairs_is_pairs() =>
        Texts(Whole("pairs.tsv", records: 1)).ShouldBe(["Where were you? -> At home."]);

    [Fact]
    public void A_pairs_export_is_pairs_and_the_instances_own_charter_is_taken_off()
    {
        var read = Whole("pairs.jsonl", records: 2);
        Texts(read).ShouldBe(["Where were you? -> At home.", "I am Ada.\nAnd then? -> I slept."]);
        var charter = Lives.Plan(1, Lives.Variant("wild")).Charter with { Stem = "I am Ada." };
        read.Experiences.Select(e => e.Without(charter).Input).ShouldBe(["Where were you?", "And then?"]);
    }

    [Fact]
    public void Separators_and_stops_of_older_fine_tuning_files_are_taken_off() =>
        Texts(Whole("pairs-separators.jsonl", records: 2)).ShouldBe(["Where were you? -> At home.", "And then? -> I slept."]);

    [Fact]
    public void Prompts_and_completions_may_be_lists_of_messages() =>
        Texts(Whole("pairs-messages.jsonl", records: 2)).ShouldBe(["Where were you? -> At home.", "And then? -> I slept."]);

    [Fact]
    public void A_completion_with_the_label_false_is_not_trained_on() =>
        Whole("pairs-labels.jsonl", records: 2).Experiences.Select(e => e.Trains).ShouldBe([true, false]);

    [Theory]
    [InlineData("true", "false")]
    [InlineData("True", "False")]
    [InlineData("TRUE", "FALSE")]
    public void A_label_in_a_table_counts_as_in_JSON(string yes, string no)
    {
        var read = ImportReader.Read("a.csv", Encoding.UTF8.GetBytes($"prompt,completion,label\nWhere?,Home.,{yes}\nWhen?,Now.,{no}\n"));
        read.Experiences.Select(e => e.Trains).ShouldBe([true, false]);
        read.Notes.ShouldBe(["1 completion: its label is false: it is remembered and not trained on"]);
    }

    [Fact]
    public void Every_exchange_of_a_chat_is_an_experience_and_weight_0_is_not_trained_on()
    {
        var read = Whole("chat.jsonl", records: 2);
        Texts(read).ShouldBe(["Where were you? -> At home.", "And then? -> I slept.", "And\nnow? -> I am here.", "Who are you? -> Ada."]);
        read.Experiences.Select(e => (e.Record, e.Exchange, e.Trains)).ShouldBe([(1, 1, true), (1, 2, false), (1, 3, true), (2, 1, true)]);
        read.Notes.ShouldContain("2 system messages: not an experience; the instance has its own charter");
        read.Notes.ShouldContain("members that are not used: tools (1), parallel_tool_calls (1)");
    }

    [Fact]
    public void A_list_of_records_over_many_lines_is_read_with_the_place_of_each()
    {
        var read = Whole("chat-list.json", records: 2);
        Texts(read).ShouldBe(["Where were you? -> At home.", "And then? -> I slept."]);
        read.Experiences.Select(e => (e.At.Line, e.At.Column)).ShouldBe([(4, 7), (8, 3)]);
    }

    [Fact]
    public void A_list_of_messages_is_one_conversation() =>
        Texts(Whole("chat-bare.json", records: 1)).ShouldBe(["Where were you? -> At home.", "And then? -> I slept."]);

    [Fact]
    public void A_list_within_an_object_is_read_too() =>
        Texts(ImportReader.Read("a.json", """{"version": 1, "data": [{"prompt": "a", "completion": "b"}]}"""u8)).ShouldBe(["a -> b"]);

    [Fact]
    public void ShareGPT_is_read_with_either_names() =>
        Texts(Whole("sharegpt.json", records: 2))
            .ShouldBe(["Where were you? -> At home.", "And then? -> I slept.", "Who are you? -> Ada."]);

    [Fact]
    public void Alpaca_joins_instruction_and_input_and_keeps_the_history() =>
        Texts(Whole("alpaca.json", records: 2))
            .ShouldBe(["Say where you were. -> At home.", "Who are you? -> Ada.", "Say it shorter.\nI was at home. -> Home."]);

    [Fact]
    public void Dolly_has_context_and_response() =>
        Texts(Whole("dolly.jsonl", records: 1)).ShouldBe(["Say it shorter.\nI was at home. -> Home."]);

    [Theory]
    [InlineData(
        "preferences.jsonl",
        3,
        "Where were you? -> At home. (not Guess.)|And then? -> I slept. (not No.)|Who are you? -> Ada. (not Nobody.)"
    )]
    [InlineData(
        "preferences-others.jsonl",
        4,
        "Where were you? -> At home. (not Guess.)|And then? -> I slept. (not No.)|Who are you? -> Ada. (not Nobody.)"
            + "|Say it shorter.\nI was at home. -> Home. (not I was.)"
    )]
    [InlineData("preferences-openai.jsonl", 1, "Where were you? -> At home. (not Guess.)")]
    [InlineData("preferences-dialogue.jsonl", 2, "Where were you? -> At home.|And then? -> I slept.|Who are you? -> Ada. (not Nobody.)")]
    public void The_chosen_answer_of_a_preference_is_the_experience_and_the_other_a_candidate(string file, int records, string texts)
    {
        Whole(file, records)
            .Experiences.Select(e => $"{e.Input} -> {e.Output}{(e.Rejected is null ? "" : $" (not {e.Rejected})")}")
            .ShouldBe(texts.Split('|'));
    }

    [Fact]
    public void The_current_branch_of_a_ChatGPT_export_is_read_with_its_times()
    {
        var read = Read("conversations.json");
        Texts(read).ShouldBe(["Where were you? -> At home.\nI am sure.", "And then? -> I slept."]);
        read.Experiences[0].Time.ShouldBe(new DateTime(2026, 1, 1, 0, 0, 1, DateTimeKind.Utc));
        (read.Records, read.Read, read.Refused, read.LeftOut).ShouldBe((2, 1, 0, 1));
        read.Problems.ShouldHaveSingleItem().Severity.ShouldBe(Severity.Warning, "a conversation without an exchange");
        read.Notes.ShouldContain("1 message of a tool: an instance remembers only words; it is left out");
        read.Notes.ShouldContain("1 part of a message: an image, sound or a file; an instance remembers only words, it is left out");
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void A_byte_order_mark_says_the_encoding(string encoding, bool marked)
    {
        var text = Encoding.GetEncoding(encoding);
        byte[] bytes =
        [
            .. marked ? text.GetPreamble() : [],
            .. text.GetBytes("""{"prompt":"Wohin über die Brücke?","completion":"Heim."}"""),
        ];
        Texts(ImportReader.Read("a.jsonl", bytes)).ShouldBe(["Wohin über die Brücke? -> Heim."]);
    }

    private static ImportedFile Whole(string file, int records)
    {
        var read = Read(file);
        read.Problems.ShouldBeEmpty();
        (read.Records, read.Read, read.Refused, read.LeftOut).ShouldBe((records, records, 0, 0));
        return read;
    }

    private static ImportedFile Read(string file) => ImportReader.Read(Path.Combine(AppContext.BaseDirectory, "Data", "Imports", file));

    private static IEnumerable<string> Texts(ImportedFile read) =>
        read.Experiences.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Input} -> {e.Output}"));
}
