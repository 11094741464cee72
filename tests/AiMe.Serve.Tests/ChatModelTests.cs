using System.Text.Json;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tests;
using AiMe.Serve.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

/// <summary>A checkpoint of a folder, whose prompts are messages in a chat template, behind the same endpoints.</summary>
public sealed class ChatModelTests : IAsyncLifetime
{
    private static readonly NanoConfig Shape = new(400, 32, 2, 2, 48, 256) { KeyValueHeads = 1 };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aime-chat-");
    private Served _served = default!;
    private NanoProvider _provider = default!;
    private string _base = "";

    public async Task InitializeAsync()
    {
        HuggingFaceFolder.Write(_folder.FullName, Weights.Initialise(Shape, 5), "BF16", 2);
        var files = CheckpointFiles.Read(_folder.FullName, context: null, template: null);
        var model = files.Weights.Load();
        _base = model.Digest;
        _served = await Served.StartAsync(
            o => o with { Adapter = new AdapterSize(2, 4) },
            family: _ => new NanoFamily(_base, files.Prompt(), model.Config, new ServedCheckpoints(_folder.FullName, null), model)
        );
        var checkpoints = new ServedCheckpoints(_folder.FullName, null);
        _provider = new NanoProvider(new NanoModels(model.Config, checkpoints, bare: model), files.Prompt(), checkpoints);
    }

    public async Task DisposeAsync()
    {
        await _served.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("I was calm.")]
    [InlineData(" and\n more é")]
    public async Task A_continued_chat_is_scored_as_in_the_same_process(string continuation)
    {
        List<ChatMessage> messages = [Parts.Message(Parts.Charter, "I am AiMe."), Parts.Message(Parts.Stimulus, "What?")];
        var score = (await _provider.ScoreAsync(_base, messages, [continuation], default))[0];
        var body = $$"""
            {"model": "{{Served.Model}}", "messages": [{"role": "system", "content": "I am AiMe."}, {"role": "user", "content": "What?"},
            {"role": "assistant", "content": {{JsonSerializer.Serialize(continuation)}}}],
            "continue_final_message": true, "add_generation_prompt": false, "prompt_logprobs": 0, "max_tokens": 1}
            """;
        (await _served.PostAsync("/v1/chat/completions", body))
            .Ok()
            .GetProperty("prompt_logprobs")
            .EnumerateArray()
            .TakeLast(score.Tokens)
            .Sum(e => e.EnumerateObject().First().Value.GetProperty("logprob").GetDouble())
            .ShouldBe(score.Nats);
    }

    [Fact]
    public async Task An_answer_is_the_one_of_this_process_and_its_tokens_spell_it()
    {
        var options = new ChatOptions
        {
            ModelId = _base,
            Seed = 3,
            MaxOutputTokens = 20,
        };
        var expected = await _provider.GetResponseAsync([Parts.Message(Parts.Stimulus, "What?")], options);
        var reply = (
            await _served.PostAsync(
                "/v1/chat/completions",
                $"{{\"model\": \"{Served.Model}\", \"messages\": [{{\"role\": \"user\", \"content\": \"What?\"}}], \"seed\": 3, "
                    + "\"max_tokens\": 20, \"logprobs\": true}"
            )
        ).Ok();
        var text = reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        text.Trim().ShouldBe(expected.Text);
        string.Concat(
                reply
                    .GetProperty("choices")[0]
                    .GetProperty("logprobs")
                    .GetProperty("content")
                    .EnumerateArray()
                    .Select(t => t.GetProperty("token").GetString())
            )
            .ShouldBe(text);
    }

    [Fact]
    public async Task A_job_trains_an_adapter_of_it()
    {
        var file = await _served.UploadAsync(
            """{"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "I was calm."}]}"""
        );
        var id = (
            await _served.PostAsync(
                "/v1/fine_tuning/jobs",
                $"{{\"model\": \"{Served.Model}\", \"training_file\": \"{file}\", \"seed\": 9}}"
            )
        )
            .Ok()
            .GetProperty("id")
            .GetString()!;
        var job = await _served.EndedAsync(id);
        IReadOnlyList<ChatMessage> example = [Parts.Message(Parts.Stimulus, "What?"), Parts.Message(Parts.Answer, "I was calm.")];
        var expected = await _provider.TrainAsync(
            new FineTuningJob(_base, [example], 3, 0.001, Seed: 9) { Adapter = new AdapterSize(2, 4) },
            default
        );
        var model = (await _served.GetAsync($"/v1/models/{job.GetProperty("fine_tuned_model").GetString()}")).Ok();
        model.GetProperty("root").GetString().ShouldBe(expected.Model, job.ToString());
    }
}
