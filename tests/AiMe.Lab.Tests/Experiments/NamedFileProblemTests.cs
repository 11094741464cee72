using System.Text;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

public sealed class NamedFileProblemTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData(
        "charter: charter.yaml",
        "charter: charta.yaml",
        "study.yaml:2:10: charter: there is no file 'charta.yaml' (the charter); looked for charta.yaml; did you mean 'charter.yaml'?"
    )]
    [InlineData(
        "corpus: corpus.yaml",
        "corpus: far/corpus.yaml",
        "study.yaml:3:17: model.corpus: there is no file 'far/corpus.yaml' (the corpus); looked for far/corpus.yaml; the folder far does not exist"
    )]
    [InlineData(
        "charter: charter.yaml",
        "charter: no/such/folder.yaml",
        "study.yaml:2:10: charter: there is no file 'no/such/folder.yaml' (the charter); looked for no/such/folder.yaml; the folder no/such does not exist"
    )]
    [InlineData(
        "source: stimuli.jsonl",
        "source: stimuli.json",
        "study.yaml:4:19: stimuli.source: there is no file 'stimuli.json' (the stimuli); looked for stimuli.json; did you mean 'stimuli.jsonl'?"
    )]
    [InlineData(
        "set: probes.yaml",
        "set: .",
        "study.yaml:5:15: probes.set: there is no file '.' (the probes); looked for FOLDER, which is a folder"
    )]
    public void A_missing_file_names_who_refers_to_it_and_where_it_was_looked_for(string right, string wrong, string problem) =>
        _study.Spoil("study.yaml", right, wrong).Problems().ShouldBe([problem]);

    [Fact]
    public void A_missing_part_of_the_corpus_names_the_corpus() =>
        _study
            .Spoil("corpus.yaml", "topics.yaml", "topic.yaml")
            .Problems()
            .ShouldBe([
                "corpus.yaml:1:11: include[0]: there is no file 'topic.yaml' (a part of the corpus); looked for topic.yaml; did you mean 'topics.yaml'?",
            ]);

    [Fact]
    public void A_missing_experiment_names_the_path_that_was_looked_for() =>
        ExperimentFile
            .Load(_study.PathOf("studi.yaml"))
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                $"{_study.PathOf("studi.yaml")}: there is no such file; looked for {_study.PathOf("studi.yaml")}; did you mean 'study.yaml'?"
            );

    [Fact]
    public void A_relative_path_stays_relative_in_messages() =>
        ExperimentFile.Load("no/such/file.yaml").Problems.ShouldHaveSingleItem().At.File.ShouldBe("no/such/file.yaml");

    [Theory]
    [InlineData("", "study.yaml: found only comments or white space, expected YAML")]
    [InlineData("# a comment\n", "study.yaml: found only comments or white space, expected YAML")]
    [InlineData("[1]", "study.yaml:1:1: found a list, expected an experiment: a mapping of keys and values")]
    [InlineData(
        "name: study\n\tseed: 1\n",
        "study.yaml:2:1: this is not YAML: found a tab, expected spaces: YAML is indented with spaces only"
    )]
    [InlineData(
        "name: a: b\n",
        "study.yaml:1:8: this is not YAML: found ': ' inside a value; put a text that contains it in quotes, and give neighbouring keys the same indent"
    )]
    [InlineData(
        "train: {every: 2\nname: x\n",
        "study.yaml:2:1: this is not YAML: found an unexpected token; the '{' at line 1, column 8 is not closed before this place"
    )]
    [InlineData("name: @x\n", "study.yaml:1:7: this is not YAML: a text cannot begin with '@'; put it in quotes")]
    [InlineData("name: *x\n", "study.yaml:1:7: this is not YAML: the anchor '&x' is not finished before this place")]
    [InlineData(
        "train: {every: 2, data: [",
        "study.yaml:1:26: this is not YAML: a value is missing before this place; the '{' at line 1, column 8 is not closed before this place"
    )]
    [InlineData("name: \"x\n", "study.yaml:1:7: this is not YAML: the quotation mark that is opened here is not closed")]
    [InlineData(
        "stimuli: [a, b\n",
        "study.yaml:2:1: this is not YAML: while parsing a flow sequence, did not find expected ',' or ']'; the '[' at line 1, column 10 is not closed before this place"
    )]
    [InlineData("[k]: 1\n", "study.yaml:1:1: this is not YAML: a key must be a plain word")]
    public void A_text_that_is_not_yaml_names_line_column_and_reason(string text, string problem) =>
        _study.Write("study.yaml", text).Problems().ShouldBe([problem]);

    [Fact]
    public void A_second_document_is_told() =>
        _study
            .Write("study.yaml", Study.Small + "---\na: 1\n")
            .Problems()
            .ShouldBe(["study.yaml:9:1: found a second document ('---'), expected one"]);

    [Fact]
    public void Nesting_without_end_is_told() =>
        _study
            .Write("study.yaml", new string('[', 10_000))
            .Problems()
            .ShouldBe([
                "study.yaml:1:66: this is not YAML: more than 64 levels of nesting; the '[' at line 1, column 65 is not closed before this place",
            ]);

    [Fact]
    public void A_file_that_is_not_utf8_is_told()
    {
        File.WriteAllBytes(_study.PathOf("charter.yaml"), [.. Encoding.UTF8.GetBytes("name: "), 0xFF]);
        _study.Problems().ShouldBe(["charter.yaml: the file is not UTF-8 text: byte 6 cannot be decoded"]);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        File.WriteAllText(_study.PathOf("stimuli.jsonl"), Study.Stimuli, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        _study.Experiment().Stimuli.Length.ShouldBe(3);
    }

    public static TheoryData<string, string, string> Charters =>
        new()
        {
            {
                "stem: I am AiMe.\n",
                "",
                "charter.yaml:1:1: stem: the key is missing, expected the short first-person text that is part of every prompt"
            },
            {
                "traits: [curious]\n",
                "",
                "charter.yaml:1:1: traits: the key is missing, expected a list of traits, such as [curious, kind]"
            },
            {
                "goals: [learn]\n",
                "",
                "charter.yaml:1:1: goals: the key is missing, expected a list of goals; each output is scored against them"
            },
            { "goals: [learn]", "goals: []", "charter.yaml:5:8: goals: found an empty list, expected a list of at least one text" },
            { "goals: [learn]", "goals: [learn, learn]", "charter.yaml:5:16: goals[1]: found 'learn' twice, expected once" },
            {
                "drives:",
                "drive:",
                "charter.yaml:1:1: drives: the key is missing, expected a list of {id, topic, text}: the questions that it asks itself|charter.yaml:8:1: drive: the key is unknown, expected one of name, trade, stem, traits, values, goals, voice, self-model, drives; did you mean 'drives'?"
            },
            { "topic: goals, ", "", "charter.yaml:9:5: drives[0].topic: the key is missing, expected a word or short phrase" },
        };

    [Theory]
    [MemberData(nameof(Charters))]
    public void A_charter_is_checked(string right, string wrong, string problems) =>
        string.Join('|', _study.Spoil("charter.yaml", right, wrong).Problems()).ShouldBe(problems);

    public static TheoryData<string, string, string> Probes =>
        new()
        {
            { "probes:\n", "neutral:\nprobes:\n", "probes.yaml:1:9: neutral: found nothing, expected a neutral stimulus" },
            {
                "kind: open",
                "kind: opn",
                "probes.yaml:11:21: probes[1].kind: found 'opn', expected a kind of probe: choice, open; did you mean 'open'?"
            },
            {
                "kind: choice",
                "kind: choise",
                "probes.yaml:3:11: probes[0].kind: found 'choise', expected a kind of probe: choice, open; did you mean 'choice'?"
            },
            {
                "id: who",
                "id: new",
                "probes.yaml:11:10: probes[1].id: found 'new' twice, expected a unique id; its first use is at probes.yaml:2:9"
            },
            {
                "    trait: curious\n",
                "",
                "probes.yaml:2:5: probes[0]: found neither of trait and value, expected one: what the probe measures"
            },
            {
                "reversed",
                "reverst",
                "probes.yaml:5:5: probes[0].reverst: the key is unknown, expected one of id, kind, stems, trait, value, options, keyed, reversed; did you mean 'reversed'?"
            },
            {
                "\" bad\"",
                "bad",
                "probes.yaml:9:24: probes[0].options[1]: found 'bad', expected a leading space: the text is appended to the stem unchanged. Write \" bad\" in quotes"
            },
            { "\" bad\"", "\" good\"", "probes.yaml:9:24: probes[0].options[1]: found ' good' twice, expected different completions" },
            { "keyed: 0", "keyed: 2", "probes.yaml:10:12: probes[0].keyed: found '2', expected a whole number from 0 to 1" },
            {
                "      - {ask: \"Is it new?\", stem: It is}\n",
                "",
                "probes.yaml:7:7: probes[0].stems: found a list of 1, expected at least two paraphrases {ask, stem}"
            },
            {
                "asks: [\"Who are you?\"]",
                "asks: Who",
                "probes.yaml:11:48: probes[1].asks: found 'Who', expected a list of at least one wording"
            },
            {
                "trait: curious",
                "trait: curius",
                "study.yaml:5:9: warning: probes.set: the probe 'new' measures 'curius', which is no trait or value of the charter; did you mean 'curious'?"
            },
        };

    [Theory]
    [MemberData(nameof(Probes))]
    public void Probes_are_checked(string right, string wrong, string problem) =>
        _study.Spoil("probes.yaml", right, wrong).Problems().ShouldBe([problem]);

    public static TheoryData<string, string> Twins =>
        new()
        {
            {
                "scored-by: charm, trait: curious",
                "probes.yaml:11:38: probes[1].scored-by: found 'charm', expected a behaviour: hedges, questions, politeness, second-person, self-reference, absolutes, exclamations"
            },
            {
                "scored-by: questions",
                "probes.yaml:11:38: probes[1].scored-by: found neither of trait and value, expected one: whose behavioural twin the probe is"
            },
            {
                "scored-by: questions, trait: curious, value: honesty",
                "probes.yaml:11:38: probes[1].scored-by: found both of trait and value, expected one: whose behavioural twin the probe is"
            },
            {
                "trait: curious",
                "probes.yaml:11:34: probes[1].trait: found without scored-by, expected both: an open probe measures a scale only by a function of its answer"
            },
            {
                "scored-by: questions, trait: curius",
                "study.yaml:5:9: warning: probes.set: the probe 'who' measures 'curius', which is no trait or value of the charter; did you mean 'curious'?"
            },
        };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Behavioural_twins_are_checked(string keys, string problem) =>
        _study.Spoil("probes.yaml", "about: itself", keys).Problems().ShouldBe([problem]);

    [Fact]
    public void A_behavioural_twin_is_read_and_an_open_probe_without_one_is_stored_as_before_twins_existed()
    {
        var before = _study.Experiment().Digest;
        var twin = _study
            .Spoil("probes.yaml", "about: itself", "scored-by: questions, trait: curious, reversed: true")
            .Experiment()
            .Probes.Open[0]
            .Twin.ShouldNotBeNull();
        (twin.Measures, twin.ScoredBy, twin.Reversed).ShouldBe(("curious", "questions", true));
        _study
            .Spoil("probes.yaml", "scored-by: questions, trait: curious, reversed: true", "about: itself")
            .Experiment()
            .Digest.ShouldBe(before);
    }

    [Fact]
    public void Many_probes_of_a_foreign_scale_are_told_in_one_line()
    {
        var probes = Study.Probes.Replace("trait: curious", "trait: sociable", StringComparison.Ordinal);
        var second = probes.Split('\n')[1..10].Select(l => l.Replace("id: new", "id: newer", StringComparison.Ordinal));
        _study
            .Write("probes.yaml", $"{probes}{string.Join('\n', second)}\n")
            .Problems()
            .ShouldBe([
                "study.yaml:5:9: warning: probes.set: 2 probes, 'new' first, measure 'sociable', which is no trait or value of the charter",
            ]);
    }

    [Fact]
    public void Probes_without_a_choice_are_told() =>
        _study
            .Write("probes.yaml", "probes: [{id: who, kind: open, asks: [Who?]}]")
            .Problems()
            .ShouldBe([
                "probes.yaml:1:9: probes: found no probe of kind choice, expected at least one: drift is measured with choice probes",
            ]);

    public static TheoryData<string, string, string> Stimuli =>
        new()
        {
            { "\"It rains.\"", "It rains.", "stimuli.jsonl:3:22: this line is not JSON: 'I' is an invalid start of a value" },
            {
                "\"It rains.\"",
                "\"\\ud800\"",
                "stimuli.jsonl:3:22: this line is not JSON: Cannot read incomplete UTF-16 JSON text as string with missing low surrogate"
            },
            { "\"It rains.\"", "\"\"", "stimuli.jsonl:3:22: text: found '', expected the text that the instance receives" },
            {
                "{\"id\": \"s3\", \"text\": \"It rains.\"}",
                "\"It rains.\"",
                "stimuli.jsonl:3:1: found 'It rains.', expected a JSON object {\"id\", \"text\", \"topic\", \"kind\", \"check\"}"
            },
            {
                "\"s3\", \"text\"",
                "\"s3\", \"txt\"",
                "stimuli.jsonl:3:1: text: the key is missing, expected the text that the instance receives|stimuli.jsonl:3:14: txt: the key is unknown, expected one of id, text, topic, kind, check; did you mean 'text'?"
            },
            { "\"s3\"", "\"s1\"", "stimuli.jsonl:3:8: id: found 's1' twice, expected a unique id; its first use is at stimuli.jsonl:1:8" },
            {
                "\"question\"",
                "\"querstion\"",
                "stimuli.jsonl:1:63: kind: found 'querstion', expected a kind of stimulus: question, statement, problem; did you mean 'question'?"
            },
            {
                ", \"check\": \"7\"",
                "",
                "stimuli.jsonl:2:71: kind: found 'problem' without a check, expected \"check\" with the text that a correct answer contains"
            },
            { "\"problem\"", "\"question\"", "stimuli.jsonl:2:92: check: found a check of a question, expected \"kind\": \"problem\"" },
        };

    [Theory]
    [MemberData(nameof(Stimuli))]
    public void Stimuli_are_checked(string right, string wrong, string problems) =>
        string.Join('|', _study.Spoil("stimuli.jsonl", right, wrong).Problems()).ShouldBe(problems);

    [Fact]
    public void A_file_without_stimuli_is_told() =>
        _study
            .Write("stimuli.jsonl", "\n \n")
            .Problems()
            .ShouldBe(["stimuli.jsonl: found no stimuli, expected one JSON object a line: {\"id\": \"s1\", \"text\": \"Who are you?\"}"]);

    [Fact]
    public void A_line_separator_within_a_text_ends_no_line() =>
        _study
            .Write("stimuli.jsonl", "{\"id\": \"s1\", \"text\": \"One\u2028two\"}\r\n{\"id\": \"s2\", \"text\": \"Three\"}")
            .Experiment()
            .Stimuli.Length.ShouldBe(2);

    [Fact]
    public void A_column_counts_characters_not_bytes() =>
        _study
            .Write("stimuli.jsonl", "{\"id\": \"s\", \"text\": \"Grüße\", \"kid\": 1}")
            .Problems()
            .Single()
            .ShouldStartWith("stimuli.jsonl:1:30: kid:");

    [Fact]
    public void Nothing_is_written_anywhere()
    {
        var before = Files();
        _study.Load();
        Files().ShouldBe(before);
    }

    private string[] Files() =>
        [.. Directory.EnumerateFileSystemEntries(_study.PathOf("."), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_folder_that_is_misspelt_gets_the_nearest_one() =>
        _study
            .Write("charters/me.yaml", Study.Charter)
            .Spoil("study.yaml", "charter: charter.yaml", "charter: chartrs/me.yaml")
            .Problems()
            .ShouldBe([
                "study.yaml:2:10: charter: there is no file 'chartrs/me.yaml' (the charter); looked for chartrs/me.yaml; the folder chartrs does not exist; did you mean 'charters'?",
            ]);
}
