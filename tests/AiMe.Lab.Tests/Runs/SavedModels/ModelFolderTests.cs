using System.Text;
using System.Text.Json;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Nano;
using AiMe.Nano.Checkpoints;
using AiMe.Nano.Lora;
using AiMe.Nano.Tokens;

namespace AiMe.Lab.Tests.Runs.SavedModels;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-folder-").FullName;

    [Fact]
    public void A_checkpoint_is_the_files_of_a_llama_and_a_readme() =>
        ModelFolder
            .Of(Fresh.Bare, ModelForm.HuggingFace, NumberForm.F32, Card)
            .Select(f => f.Path)
            .ShouldBe([
                "model.safetensors",
                "config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "generation_config.json",
                "README.md",
            ]);

    [Fact]
    public void An_adapter_is_merged_into_the_weights()
    {
        var merged = Read(ModelForm.HuggingFace, "model.safetensors");
        AiMe.Nano.Weights.FromSafetensors(NanoConfig.Tiny, merged).Digest.ShouldBe(Fresh.Adapted.Model.Merged().Digest);
        AiMe.Nano.Weights.FromSafetensors(NanoConfig.Tiny, merged).Digest.ShouldNotBe(Fresh.Adapted.Model.Weights.Digest);
    }

    [Fact]
    public void An_adapter_alone_stands_beside_its_base()
    {
        var adapter = Adapter.FromSafetensors(NanoConfig.Tiny, Read(ModelForm.Peft, "adapter_model.safetensors"));
        adapter.Base.ShouldBe(AiMe.Nano.Weights.FromSafetensors(NanoConfig.Tiny, Read(ModelForm.Peft, "base/model.safetensors")).Digest);
        JsonDocument
            .Parse(Read(ModelForm.Peft, "adapter_config.json"))
            .RootElement.GetProperty("base_model_name_or_path")
            .GetString()
            .ShouldBe("base");
    }

    [Fact]
    public void Where_there_is_no_adapter_none_can_be_left_apart() =>
        Should.Throw<ArgumentException>(() => ModelFolder.Of(Fresh.Bare, ModelForm.Peft, NumberForm.F32, Card));

    [Fact]
    public void Every_special_token_ends_a_text_and_the_tokenizer_is_the_checkpoints()
    {
        JsonDocument
            .Parse(Read(ModelForm.HuggingFace, "generation_config.json"))
            .RootElement.GetProperty("eos_token_id")
            .GetArrayLength()
            .ShouldBe(9);
        Tokenizer
            .FromJson(Read(ModelForm.HuggingFace, "tokenizer.json"))
            .Encode("What of 12?")
            .ShouldBe(Fresh.Adapted.Prompt.Continuation("What of 12?"));
    }

    [Fact]
    public void The_readme_says_where_it_comes_from_and_how_it_is_loaded()
    {
        var readme = Encoding.UTF8.GetString(Read(ModelForm.Peft, "README.md"));
        readme.ShouldStartWith("---\npipeline_tag: text-generation\nlibrary_name: peft\n");
        readme.ShouldContain("- parent: none");
        readme.ShouldContain("PeftModel.from_pretrained");
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_left_as_it_is()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "mine.txt"), "mine");
        await Should.ThrowAsync<IOException>(() =>
            ModelFolder.WriteAsync(
                _directory,
                ModelFolder.Of(Fresh.Bare, ModelForm.HuggingFace, NumberForm.F32, Card),
                CancellationToken.None
            )
        );
        Directory
            .GetFileSystemEntries(Path.GetDirectoryName(_directory)!, $"{Path.GetFileName(_directory)}*")
            .Select(Path.GetFileName)
            .ShouldBe([Path.GetFileName(_directory)]);
        Directory.GetFiles(_directory).Select(Path.GetFileName).ShouldBe(["mine.txt"]);
    }

    [Fact]
    public async Task What_a_killed_export_left_is_not_in_the_folder()
    {
        var left = Directory.CreateDirectory($"{_directory}.part-{Environment.ProcessId}").FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "adapter_model.safetensors"), "half of it");
        await ModelFolder.WriteAsync(_directory, [new ExportedFile("README.md", stream => stream.WriteByte(1))], CancellationToken.None);
        Directory.GetFiles(_directory).Select(Path.GetFileName).ShouldBe(["README.md"]);
    }

    private static ModelCard Card { get; } = new(Made: null, [("parent", "none")]);

    private static byte[] Read(ModelForm form, string path)
    {
        using MemoryStream content = new();
        ModelFolder.Of(Fresh.Adapted, form, NumberForm.F32, Card).Single(f => f.Path == path).Write(content);
        return content.ToArray();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
