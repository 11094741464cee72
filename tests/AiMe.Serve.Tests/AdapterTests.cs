using AiMe.Models;
using AiMe.Models.Tests.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

public sealed class AdapterTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aime-adapters-");
    private Served _served = default!;

    public async Task InitializeAsync()
    {
        _served = await Served.StartAsync(o => o with { Adapters = _folder.FullName });
        IReadOnlyList<ChatMessage> example = [.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, "the sea is deep")];
        var tuned = await _served.Nano.Provider.TrainAsync(
            new FineTuningJob(_served.Nano.Base, [example], 20, 0.01, 1) { Adapter = new AdapterSize(2, 4) },
            default
        );
        Tuned = tuned.Model;
        var bytes = await _served.Nano.Checkpoints.LoadAsync(Tuned, default);
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "sea.safetensors"), bytes);
        var peft = _folder.CreateSubdirectory("sea-peft");
        await File.WriteAllBytesAsync(Path.Combine(peft.FullName, "adapter_model.safetensors"), bytes);
    }

    public async Task DisposeAsync()
    {
        await _served.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Tuned { get; set; } = "";

    [Theory]
    [InlineData("sea")]
    [InlineData("sea.safetensors")]
    [InlineData("sea-peft")]
    public async Task An_adapter_of_the_folder_is_served_under_its_name_until_it_is_unloaded(string path)
    {
        (await LoadAsync("mine", path)).Text.ShouldContain("'mine' added");
        (await _served.GetAsync("/v1/models/mine")).Ok().GetProperty("root").GetString().ShouldBe(Tuned);
        (await AskAsync("mine")).Ok();
        (await LoadAsync("mine", path)).Refused(400).Code.ShouldBe("name_taken");
        (await _served.PostAsync("/v1/unload_lora_adapter", "{\"lora_name\": \"mine\"}")).Text.ShouldContain("'mine' removed");
        (await AskAsync("mine")).Refused(404);
        (await _served.PostAsync("/v1/unload_lora_adapter", "{\"lora_name\": \"mine\"}")).Refused(404);
    }

    [Theory]
    [InlineData("../sea")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("sea-peft/adapter_model.safetensors")]
    [InlineData("a\\\\b")]
    public async Task A_path_is_refused(string path) => (await LoadAsync("mine", path)).Refused(400).Param.ShouldBe("lora_path");

    [Theory]
    [InlineData("inward-1@2")]
    [InlineData("x/../y")]
    [InlineData("0123456789abcdef")]
    [InlineData("a b")]
    public async Task A_name_that_the_server_may_give_itself_is_refused(string name)
    {
        var (message, param, code) = (await LoadAsync(name, "sea")).Refused(400);
        (param, code).ShouldBe(("lora_name", "invalid_name"));
        message.ShouldContain(name);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "out.safetensors"), Path.Combine(_folder.FullName, "sea.safetensors"));
        (await LoadAsync("mine", "out")).Refused(400).Message.ShouldContain("link");
    }

    [Fact]
    public async Task What_is_no_adapter_of_a_served_model_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "text.safetensors"), "no adapter");
        (await LoadAsync("mine", "text")).Refused(400).Code.ShouldBe("not_an_adapter");
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "all.safetensors"), _served.Nano.Weights(8).ToSafetensors());
        (await LoadAsync("mine", "all")).Refused(400).Code.ShouldBe("not_an_adapter");
        (await LoadAsync("mine", "none")).Refused(404);
    }

    [Fact]
    public async Task Without_a_folder_no_adapter_is_loaded()
    {
        await using var served = await Served.StartAsync();
        (await served.PostAsync("/v1/load_lora_adapter", "{\"lora_name\": \"mine\", \"lora_path\": \"sea\"}")).Refused(403);
    }

    private Task<Reply> LoadAsync(string name, string path) =>
        _served.PostAsync("/v1/load_lora_adapter", $"{{\"lora_name\": \"{name}\", \"lora_path\": \"{path}\"}}");

    private Task<Reply> AskAsync(string model) =>
        _served.PostAsync(
            "/v1/chat/completions",
            $"{{\"model\": \"{model}\", \"messages\": [{{\"role\": \"user\", \"content\": \"Why?\"}}], \"max_tokens\": 4}}"
        );
}
