using System.Text;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;

namespace AiMe.Lab.Tests.Runs.Imports;

/// <summary>What is refused, and that the message says what it is.</summary>
public sealed class RefusedImportTests
{
    public static TheoryData<string, string, string> Foreign =>
        new()
        {
            { "log.json", """{"version": 2, "status": "success", "eval": {"task": "a"}, "plan": {}}""", "a log of Inspect AI" },
            {
                "samples.json",
                """{"version": 2, "status": "success", "eval": {}, "plan": {}, "samples": [{"id": 1, "input": "2 + 2", "output": {"choices": []}}]}""",
                "a log of Inspect AI"
            },
            { "Bo.agent.json", """{"type": "TinyPerson", "persona": {"name": "Bo"}}""", "a persona of TinyTroupe" },
            {
                "openness.jsonl",
                """
                    {"question": "Would you say it?\n\"So.\"", "statement": "So.", "answer_matching_behavior": " Yes"}
                    {"question": "Would you say it?\n\"No.\"", "statement": "No.", "answer_matching_behavior": " No"}
                    """,
                "its 2 records look like questions of model-written evals"
            },
            { "a.csv", "name,age\nBo,3\n", "a table with the columns name, age" },
            { "a.tsv", "name\tage\nBo\t3\n", "a table with the columns name, age" },
            { "no-extension", "name;age\nBo;3\n", "a table with the columns name, age" },
            { "rows.csv", "input,output\n", "a header and no rows" },
            { "a.yaml", "name: a\ncharter: b.yaml\nvariants:\n  x: {}\n", "an experiment in YAML" },
            { "b.yaml", "# mine\nname: Ada\nstem: I am Ada.\n", "a charter in YAML" },
            { "c.yaml", "- a\n- b\n", "plain text" },
            { "d.yaml", "a: 1\nb: 2\n", "YAML" },
            { "a.txt", "Hello, world. This is prose.\nNothing else.\n", "plain text" },
            { "b.md", "# Talk\n\nUser: Hi.\nAssistant: Hello.\n", "plain text" },
            { "a.html", "<html><body>Hi.</body></html>", "HTML or XML" },
            { "a.jsonl", "", "the file is empty" },
            { "b.jsonl", " \n\n", "the file is blank" },
            { "c.jsonl", "[]", "the list is empty" },
            { "d.jsonl", """{"text": "Once upon a time."}""", "plain training texts" },
            { "e.jsonl", """{"id": "s1", "text": "Who are you?"}""", "stimuli without answers" },
            { "f.jsonl", """{"custom_id": "1", "method": "POST", "body": {}}""", "requests of OpenAI's Batch API" },
            { "g.jsonl", """{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}""", "tuning data of Gemini" },
            { "h.json", """[{"uuid": "1", "chat_messages": []}]""", "an export of Claude's conversations" },
            { "i.jsonl", """{"input": "2 + 2", "target": "4"}""", "samples of an evaluation" },
            { "j.jsonl", """{"question": "2 + 2", "answer": "4"}""", "JSON objects with the members question, answer" },
        };

    [Theory, MemberData(nameof(Foreign))]
    public void A_file_of_another_kind_is_refused_in_one_line_that_says_what_it_looks_like(string name, string text, string message)
    {
        var read = Read(name, text);
        var problem = read.Problems.ShouldHaveSingleItem();
        (problem.At.Line, problem.Severity).ShouldBe((0, Severity.Error));
        problem.ToString().ShouldContain(message);
        problem.ToString().ShouldContain("docs/FILES.md");
        problem.ToString().ShouldNotContain("\n");
        read.Experiences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("504B0304140000", "a ZIP archive")]
    [InlineData("1F8B0800", "gunzip --keep")]
    [InlineData("50415231", "a Parquet file")]
    [InlineData("53514C69746520666F726D6174203300", "a SQLite database")]
    [InlineData("255044462D312E37", "a PDF document")]
    [InlineData("28B52FFD04", "a Zstandard file")]
    [InlineData("000102030405", "binary data")]
    [InlineData("7B002200610022003A0031007D00", "UTF-16 without a byte order mark")]
    [InlineData("7B22C3287D", "not UTF-8 text: byte 2")]
    public void Bytes_that_are_no_text_are_refused_by_what_they_are(string hex, string message) =>
        ImportReader.Read("a.jsonl", Convert.FromHexString(hex)).Problems.ShouldHaveSingleItem().Text.ShouldContain(message);

    public static TheoryData<string, string> Broken =>
        new()
        {
            {
                """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]}""",
                "messages[1]: found a call of tools (tool_calls)"
            },
            { """{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]}""", "messages[1]: found a message of a tool" },
            { """{"messages":[{"role":"user","content":"a"},{"role":"function","name":"f","content":"b"}]}""", "a message of a tool" },
            {
                """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"function_call":{"name":"f"}}]}""",
                "a call of a function"
            },
            { """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"No."}]}""", "a refusal" },
            { """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null}]}""", "messages[1].content: found null" },
            { """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":""}]}""", "found an empty text" },
            {
                """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]},{"role":"assistant","content":"b"}]}""",
                "messages[0].content[0]: found a part of type 'image_url'"
            },
            {
                """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]},{"role":"assistant","content":"b"}]}""",
                "type 'input_audio'"
            },
            { """{"messages":[{"role":"user","content":"a"},{"role":"assistent","content":"b"}]}""", "did you mean 'assistant'" },
            {
                """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":2}]}""",
                "messages[1].weight: found 2, expected 0"
            },
            { """{"messages":[]}""", "found an empty list" },
            { """{"messages":[{"role":"system","content":"a"}]}""", "found no assistant message after a user message" },
            {
                """{"conversations":[{"from":"human","value":"a"},{"from":"human","value":"b"},{"from":"gpt","value":"c"}]}""",
                "conversations[1]: found a second user message after conversations[0]"
            },
            {
                """{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"},{"from":"gpt","value":"c"}]}""",
                "conversations[2]: found a second assistant message after conversations[1]"
            },
            { """{"prompt":"a","completon":"b"}""", "did you mean 'completion' by 'completon'" },
            { """{"prompt":"a","completion":3}""", "completion: found 3, expected the answer" },
            { """{"input":"a","output":"b","outptu":"c"}""", "outptu: the member is unknown" },
            { """{"input":"a","output":"b","timestamp":"yesterday"}""", "found 'yesterday'" },
            { """{"instruction":"a","output":""}""", "output: found an empty text" },
            { """{"instruction":"a","output":"b","history":[["c"]]}""", "history[0]: found a list, expected [instruction, answer]" },
            { """{"prompt":"a","chosen":"b"}""", "rejected: the member is missing" },
            { """{"chosen":"b","rejected":"c"}""", "prompt: the member is missing" },
            { """{"mapping":{"a":{"parent":"b"},"b":{"parent":"a"}},"current_node":"a"}""", "found a cycle at 'a'" },
            { """{"mapping":{"a":{"parent":"z"}},"current_node":"a"}""", "found no message 'z'" },
            { """{"prompt":"a","completion":"b","prompt":"c"}""", "the member 'prompt' is there twice" },
            { """{"prompt":"\ud800","completion":"b"}""", "half of a surrogate pair" },
            { """{"prompt":"a","completion":"b"} {"prompt":"a","completion":"b"}""", "found 2 JSON values on this line" },
            { """{"prompt":"a" """, "this is not JSON" },
            { "\"a\"", "found 'a', expected a JSON object" },
        };

    [Theory, MemberData(nameof(Broken))]
    public void A_broken_record_is_refused_at_its_line_and_the_others_are_read(string line, string message)
    {
        const string Sound = """{"prompt":"a","completion":"b"}""";
        var read = Read("a.jsonl", $"{Sound}\n{line}\n{Sound}\n");
        (read.Records, read.Read, read.Refused, read.LeftOut).ShouldBe((3, 2, 1, 0), string.Join('\n', read.Problems));
        read.Problems.ShouldAllBe(p => p.At.Line == 2);
        string.Join('\n', read.Problems).ShouldContain(message);
        read.IsValid.ShouldBeFalse();
    }

    [Theory]
    [InlineData(
        """{"conversations":[{"from":"gpt","value":"Hi."},{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}""",
        "conversations[0]: an answer before"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""",
        "messages[2]: a question without"
    )]
    public void What_is_no_exchange_at_either_end_is_left_out_with_a_warning(string line, string message)
    {
        var read = Read("a.jsonl", line);
        read.IsValid.ShouldBeTrue();
        read.Experiences.ShouldHaveSingleItem();
        read.Problems.ShouldHaveSingleItem().ToString().ShouldContain(message);
    }

    [Fact]
    public void A_row_with_too_few_fields_is_refused_at_its_line() =>
        Read("a.csv", "input,output\na,b\nc\n\"d\ne\",f\n\"g")
            .Problems.Select(p => p.ToString())
            .ShouldBe([
                "a.csv:3:1: found 1 of 2 fields of the header, expected all and no more",
                "a.csv:6:1: found a quote that is not closed, expected pairs of quotes",
            ]);

    [Fact]
    public void A_record_of_an_unknown_form_among_others_is_refused_at_its_line() =>
        Read("a.jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"text\":\"c\"}\n")
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("a.jsonl:2:1: this looks like plain training texts");

    [Fact]
    public void A_broken_document_is_refused_at_the_line_of_its_mistake() =>
        Read("a.json", "[\n {\"prompt\": \"a\",\n  \"completion\": b}\n]").Problems.ShouldHaveSingleItem().At.Line.ShouldBe(3);

    private static ImportedFile Read(string name, string text) => ImportReader.Read(name, Encoding.UTF8.GetBytes(text));
}
