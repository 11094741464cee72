using AiMe.Nano.Lora;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests.Independent;

/// <summary>What another program makes of an exported folder is what we make of it.</summary>
public sealed class ExportedFolderTests : IDisposable
{
    private const string Story =
        "I am AiMe. What is the opposite of hot? It is cold. What's 3 plus 14? It is 17, I'd say; déjà vu — 你好! I was calm today, and I'll be calm tomorrow.\n\nWhat is a tree? A tree is a plant that's tall. ";

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-export-").FullName;
    private readonly Tokenizer _tokenizer = Tokenizer.Train([Story], 320, ["<|end|>"]);
    private readonly Model _model;
    private readonly int[] _text;

    public ExportedFolderTests()
    {
        _text = _tokenizer.Encode(Story);
        var config = Some.Config with { Vocabulary = _tokenizer.VocabularySize, Context = 128 };
        List<TokenExample> examples = [.. _text.Chunk(40).Where(c => c.Length > 1).Select(c => new TokenExample(c))];
        _model = new Model(
            Some.Train(Weights.Initialise(config, 6), examples, new TrainingOptions { Steps = 30, LearningRate = 0.01 }).Weights
        );
        _text = _text[..Math.Min(_text.Length, 100)];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_logits_are_ours_within_a_ten_thousandth()
    {
        Export(_model.Weights);
        Compare(new Llama(_folder).Logits(_text), _model);
    }

    [Fact]
    public void The_logits_of_a_merged_adapter_are_those_of_the_adapter_over_its_base()
    {
        var adapted = Adapted();
        Export(adapted.Merged());
        Compare(new Llama(_folder).Logits(_text), adapted);
    }

    [Fact]
    public void The_logits_of_a_base_with_an_adapter_beside_it_are_ours_too()
    {
        var adapted = Adapted();
        Export(_model.Weights);
        File.WriteAllBytes(Path.Combine(_folder, "adapter_model.safetensors"), adapted.Adapter!.ToSafetensors());
        File.WriteAllBytes(Path.Combine(_folder, "adapter_config.json"), adapted.Adapter.ToPeftConfig(_folder));
        Compare(new Llama(_folder).Adapt(_folder).Logits(_text), adapted);
    }

    [Theory]
    [InlineData(Story)]
    [InlineData("What is cold?   It's   what 12345 degrees aren't.\r\n\tYou'LL see <|end|> — 日本語 👍🏽")]
    [InlineData("")]
    public void Its_tokens_are_ours(string text)
    {
        Export(_model.Weights);
        new BytePairs(_folder).Encode(text).ShouldBe(_tokenizer.Encode(text));
    }

    private Model Adapted()
    {
        List<TokenExample> examples = [new(_text[..50]), new(_text[30..80])];
        var options = new TrainingOptions { Steps = 20, LearningRate = 0.02 };
        var result = Trainer.TrainAdapter(
            _model,
            new AdapterOptions { Rank = 3, Alpha = 5 },
            examples,
            options,
            progress: null,
            CancellationToken.None
        );
        result.Losses[^1].ShouldBeLessThan(result.Losses[0]);
        return _model.With(result.Adapter);
    }

    private void Export(Weights weights)
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), weights.ToSafetensors());
        File.WriteAllBytes(Path.Combine(_folder, "config.json"), weights.Config.ToJson());
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.json"), _tokenizer.ToJson());
    }

    private void Compare(double[][] expected, Model model)
    {
        for (var t = 0; t < _text.Length; t += 7)
        {
            var found = model.Prefill(_text.AsSpan(0, t + 1)).Logits;
            var largest = expected[t].Max(Math.Abs);
            for (var i = 0; i < found.Length; i++)
                Math.Abs(found[i] - expected[t][i]).ShouldBeLessThan(1e-4 * largest, $"position {t}, token {i}");
        }
    }
}
