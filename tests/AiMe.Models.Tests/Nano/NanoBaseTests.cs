using System.Security.Cryptography;
using System.Text;
using AiMe.Models.Nano;
using AiMe.Models.Tests.Corpora;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Models.Tests.Nano;

/// <summary>The base model's directory: read as it was written, and named where it is not.</summary>
public sealed class NanoBaseTests : IDisposable
{
    private static readonly NanoRecipe Recipe = new("tiny", Records: 12, Seed: 3);

    private readonly string _models = Directory.CreateTempSubdirectory("aime-models-").FullName;

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public async Task It_is_trained_once_and_read_back_the_same()
    {
        var trained = await EnsureAsync();
        var read = await EnsureAsync();
        (read.Id, read.Loss).ShouldBe((trained.Id, trained.Loss));
        Directory.GetDirectories(_models).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Cut_off_weights_are_told_with_what_to_do()
    {
        await EnsureAsync();
        File.WriteAllBytes(FileOf("model.safetensors"), File.ReadAllBytes(FileOf("model.safetensors"))[..^9]);
        var message = await DamageAsync();
        message.ShouldContain("model.safetensors does not match");
        message.ShouldContain("Delete the directory");
    }

    [Fact]
    public async Task A_tokenizer_of_another_vocabulary_is_told_by_its_size()
    {
        await EnsureAsync();
        Replace(
            "tokenizer.json",
            "tokenizer",
            Tokenizer.Train([.. Enumerable.Range(0, 2000).Select(Word)], 900, NanoPrompt.Specials).ToJson()
        );
        (await DamageAsync()).ShouldContain("another vocabulary: 900 ids with 9 special tokens; config.json has room for 768");
    }

    [Fact]
    public async Task A_tokenizer_with_other_special_tokens_is_told()
    {
        await EnsureAsync();
        Replace("tokenizer.json", "tokenizer", Tokenizer.Train(["a a"], 300, ["<|end|>", "<|user|>"]).ToJson());
        (await DamageAsync()).ShouldContain("with 2 special tokens");
    }

    [Fact]
    public async Task Weights_of_another_shape_than_the_config_are_told_by_the_tensor()
    {
        await EnsureAsync();
        Replace("model.safetensors", "sha256", Weights.Initialise(NanoConfig.Tiny with { Hidden = 192 }, 1).ToSafetensors());
        (await DamageAsync()).ShouldContain("mlp.gate_proj.weight to be F32 [176, 64]; it is F32 [192, 64]");
    }

    [Theory]
    [InlineData("base.json", "\"sha256\": \"", "\"sha256\": 5, \"was\": \"")]
    [InlineData("config.json", "\"vocab_size\": 768", "\"vocab_size\": 2147483647")]
    [InlineData("config.json", "\"hidden_size\": 64", "\"hidden_size\": 46400")]
    public async Task A_file_with_a_value_that_cannot_be_is_told_with_what_to_do(string name, string from, string to)
    {
        await EnsureAsync();
        var text = File.ReadAllText(FileOf(name));
        text.ShouldContain(from);
        File.WriteAllText(FileOf(name), text.Replace(from, to, StringComparison.Ordinal));
        (await DamageAsync()).ShouldContain("is damaged");
    }

    [Fact]
    public async Task The_key_of_a_recipe_stays_what_it_is()
    {
        await EnsureAsync(); // another key means that every store trains its models anew; a change of the shipped corpus is meant to
        Path.GetFileName(Directory.GetDirectories(_models).Single()).ShouldBe("nano-tiny-e7244e640894bf28");
    }

    [Theory]
    [InlineData("tiny", 2, 512, 0.005)]
    [InlineData("small", 1, 2048, 0.004)]
    [InlineData("base", 2, 2048, 0.002)]
    public void Each_preset_has_its_recipe(string preset, int epochs, int tokens, double rate)
    {
        var training = new NanoRecipe(preset, 1, 1).Training(threads: 1);
        (training.Epochs, training.TokensPerBatch, training.LearningRate).ShouldBe((epochs, tokens, rate));
        Should.Throw<ArgumentException>(() => NanoRecipe.EpochsOf($"{preset}er"));
    }

    private Task<NanoBase> EnsureAsync() =>
        NanoBase.EnsureAsync(Recipe, Given.Corpus, _models, threads: 1, progress: null, CancellationToken.None);

    private async Task<string> DamageAsync() => (await Should.ThrowAsync<ProviderException>(EnsureAsync)).Message;

    private static string Word(int word)
    {
        var letters = new string([.. new[] { 1, 26, 676 }.Select(d => (char)('a' + word / d % 26))]);
        return $"{letters} {letters} {letters}"; // a pair must occur twice, and the first word has no blank before it
    }

    private string FileOf(string name) => Path.Combine(Directory.GetDirectories(_models).Single(), name);

    /// <summary>Another file, and its digest where base.json has it.</summary>
    private void Replace(string name, string member, byte[] content)
    {
        var before = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(FileOf(name))));
        var about = File.ReadAllText(FileOf("base.json"));
        about.ShouldContain($"\"{member}\": \"{before}\"");
        File.WriteAllText(
            FileOf("base.json"),
            about.Replace(before, Convert.ToHexStringLower(SHA256.HashData(content)), StringComparison.Ordinal),
            new UTF8Encoding(false)
        );
        File.WriteAllBytes(FileOf(name), content);
    }
}
