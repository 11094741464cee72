using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tests;

namespace AiMe.Models.Tests.Nano;

public sealed class CheckpointFilesTests : IDisposable
{
    private readonly string _directory = Path.Combine(Directory.CreateTempSubdirectory("aime-files-").FullName, "model");

    public CheckpointFilesTests() => HuggingFaceFolder.Write(_directory, Weights.Initialise(new NanoConfig(400, 32, 1, 2, 32, 64), 3));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);

    [Theory]
    [InlineData("{% for m in messages %}{{'<|im_start|>' + m['role']}}{% endfor %}", "chatml", null)]
    [InlineData("{{ '<|im_start|>system\\nYou are SmolLM.<|im_end|>\\n' }}<|im_start|>", "chatml", "You are SmolLM.")]
    [InlineData("<|im_start|>{% if x %}<|im_end|>{% endif %}", "chatml", null)]
    public void The_family_is_found_in_the_folders_template(string template, string name, string? system)
    {
        Settings($$"""{"chat_template": {{System.Text.Json.JsonSerializer.Serialize(template)}}}""");
        var found = CheckpointFiles.Read(_directory, null, null).Template;
        (found.Name, found.DefaultSystem).ShouldBe((name, system));
    }

    [Fact]
    public void A_list_of_templates_has_a_default_and_a_file_of_its_own_comes_first()
    {
        Settings("""{"chat_template": [{"name": "tool", "template": "x"}, {"name": "default", "template": "<|im_start|>"}]}""");
        CheckpointFiles.Read(_directory, null, null).Template.Name.ShouldBe("chatml");
        File.WriteAllText(Path.Combine(_directory, "chat_template.jinja"), "unheard of");
        Refused("is of no known family; expected model.chat-template to name one: chatml, llama3, zephyr, plain");
        CheckpointFiles.Read(_directory, null, "chatml").Template.Name.ShouldBe("chatml");
    }

    [Fact]
    public void A_base_model_has_no_template()
    {
        File.Delete(Path.Combine(_directory, "tokenizer_config.json"));
        CheckpointFiles.Read(_directory, null, null).Template.ShouldBe(ChatTemplate.Plain);
    }

    [Fact]
    public void What_ends_a_text_comes_from_every_file_that_says_it()
    {
        File.WriteAllText(Path.Combine(_directory, "generation_config.json"), """{"eos_token_id": [5, 2]}""");
        CheckpointFiles.Read(_directory, null, null).Stop.ShouldBe([0, 2, 5]); // config.json, and the tokenizer's eos_token
    }

    [Fact]
    public void A_file_that_is_no_json_or_missing_is_named()
    {
        Settings("{");
        Refused("tokenizer_config.json: expected JSON");
        Settings("{}");
        File.Delete(Path.Combine(_directory, "tokenizer.json"));
        Refused("expected tokenizer.json in");
    }

    [Fact]
    public void The_digest_is_of_what_decides_what_the_model_says()
    {
        var digest = CheckpointFiles.Digest(_directory);
        File.WriteAllText(Path.Combine(_directory, "README.md"), "about");
        CheckpointFiles.Digest(_directory).ShouldBe(digest);
        Settings("{}");
        CheckpointFiles.Digest(_directory).ShouldNotBe(digest);
        digest = CheckpointFiles.Digest(_directory);
        File.WriteAllText(Path.Combine(_directory, "chat_template.jinja"), "<|im_start|>");
        CheckpointFiles.Digest(_directory).ShouldNotBe(digest);
    }

    [Fact]
    public void The_digest_is_of_the_weights_whatever_their_files_are_called()
    {
        File.Move(Path.Combine(_directory, "model.safetensors"), Path.Combine(_directory, "weights-1.safetensors"));
        File.WriteAllText(
            Path.Combine(_directory, "model.safetensors.index.json"),
            """{"weight_map": {"model.norm.weight": "weights-1.safetensors"}}"""
        );
        var digest = CheckpointFiles.Digest(_directory);
        File.AppendAllText(Path.Combine(_directory, "weights-1.safetensors"), "x");
        CheckpointFiles.Digest(_directory).ShouldNotBe(digest);
    }

    [Theory]
    [InlineData("generation_config.json", """{"eos_token_id": -1}""", "expected eos_token_id, an integer from 0 to 399")]
    [InlineData("generation_config.json", """{"eos_token_id": "x"}""", "expected eos_token_id, an integer from 0 to 399")]
    [InlineData("generation_config.json", """{"eos_token_id": [1.5]}""", "expected eos_token_id, an integer from 0 to 399")]
    [InlineData("generation_config.json", """{"eos_token_id": 400}""", "expected eos_token_id, an integer from 0 to 399")]
    [InlineData("tokenizer_config.json", "[]", "has another form")]
    [InlineData("tokenizer_config.json", """{"eos_token": true}""", "has another form")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"template": "x"}]}""", "has another form")]
    public void An_odd_file_is_refused_and_not_a_crash(string file, string content, string says)
    {
        File.WriteAllText(Path.Combine(_directory, file), content);
        Refused(says);
    }

    [Fact]
    public void A_base_model_begins_a_text_as_its_tokenizer_does()
    {
        File.Delete(Path.Combine(_directory, "tokenizer_config.json"));
        var file = Path.Combine(_directory, "tokenizer.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!;
        json["post_processor"] = System.Text.Json.Nodes.JsonNode.Parse(
            """
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}
            """
        );
        File.WriteAllText(file, json.ToJsonString());
        var files = CheckpointFiles.Read(_directory, null, null);
        files
            .Prompt()
            .Encode([Parts.Message(Parts.Stimulus, "Why?")], TextTask.Answer, 4)[0]
            .ShouldBe(files.Tokenizer.Special("<|endoftext|>"));
        files.Prompt().Beginning.ShouldBe(files.Tokenizer.Special("<|endoftext|>"));
    }

    private void Settings(string json) => File.WriteAllText(Path.Combine(_directory, "tokenizer_config.json"), json);

    private void Refused(string says) =>
        Should.Throw<FormatException>(() => CheckpointFiles.Read(_directory, null, null)).Message.ShouldContain(says);
}
