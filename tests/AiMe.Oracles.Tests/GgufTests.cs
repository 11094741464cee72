using AiMe.Nano;
using AiMe.Nano.Checkpoints;
using AiMe.Nano.Tests;
using AiMe.Nano.Tokens;

namespace AiMe.Oracles.Tests;

/// <summary>An exported file means to llama.cpp what the model means to nano.</summary>
public sealed class GgufTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-gguf-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Shapes => ["full heads", "shared keys", "wide heads", "unembedding", "biases", "linear", "llama3"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Llama_cpp_gives_the_log_probabilities_of_nano(string name)
    {
        var tokenizer = Tokenizer.Train(["the cat sat on the mat", "a dog sat on a log"], 280, ["<|end|>"]);
        var shape = Shape(name, tokenizer.VocabularySize);
        var weights = Lively(shape);
        var file = Path.Combine(_directory, $"{name}.gguf");
        var vocabulary = GgufVocabulary.FromJson(tokenizer.ToJson(), endOfText: 0);
        using (var stream = File.Create(file))
            GgufFile.Write(stream, weights, vocabulary, name, NumberForm.F32);
        new FileInfo(file).Length.ShouldBe(GgufFile.Size(weights, vocabulary, name, NumberForm.F32));

        var tokens = Some.Tokens(100, 5, shape.Vocabulary);
        var ours = new Model(weights).LogProbabilities(tokens);
        using LlamaCpp llama = new(file, shape.Context);
        llama.Vocabulary.ShouldBe(shape.Vocabulary);
        var theirs = llama.LogProbabilities(tokens);
        theirs.Sum().ShouldBe(ours.Sum(), Math.Abs(ours.Sum()) * 1e-5);
        for (var i = 0; i < ours.Length; i++)
            theirs[i].ShouldBe(ours[i], 1e-3, $"token {i + 1}");
    }

    [Fact]
    public void A_file_in_halves_is_half_as_large_and_close()
    {
        var tokenizer = Tokenizer.Train(["the cat sat on the mat", "a dog sat on a log"], 280, ["<|end|>"]);
        var shape = Shape("shared keys", tokenizer.VocabularySize);
        var weights = Lively(shape);
        var file = Path.Combine(_directory, "half.gguf");
        using (var stream = File.Create(file))
            GgufFile.Write(stream, weights, GgufVocabulary.FromJson(tokenizer.ToJson()), "half", NumberForm.F16);
        new FileInfo(file).Length.ShouldBeLessThan(4L * shape.Parameters * 6 / 10);
        var tokens = Some.Tokens(60, 5, shape.Vocabulary);
        using LlamaCpp llama = new(file, shape.Context);
        llama.LogProbabilities(tokens).Sum().ShouldBe(new Model(weights).LogProbabilities(tokens).Sum(), 0.2);
    }

    private static NanoConfig Shape(string name, int vocabulary)
    {
        NanoConfig plain = new(vocabulary, Width: 64, Layers: 2, Heads: 4, Hidden: 96, Context: 128);
        return name switch
        {
            "full heads" => plain,
            "shared keys" => plain with { KeyValueHeads = 2, NormEpsilon = 1e-6 },
            "wide heads" => plain with { HeadSize = 32, RotaryBase = 100_000 },
            "unembedding" => plain with { TiedEmbedding = false },
            "biases" => plain with { AttentionBias = true, KeyValueHeads = 2, RotaryBase = 1_000_000 },
            "linear" => plain with { RotaryScaling = new LinearRotaryScaling(4) },
            "llama3" => plain with { RotaryScaling = new Llama3RotaryScaling(8, 1, 4, 32), TiedEmbedding = false },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    /// <summary>Norms differ from 1, biases from 0, and what is said is far from uniform.</summary>
    private static Weights Lively(NanoConfig shape)
    {
        var weights = Weights.Initialise(shape, 2);
        var values = weights.Values.ToArray();
        var rng = new Rng(3);
        foreach (var place in weights.Tensors)
        {
            foreach (ref var value in values.AsSpan(place.Offset, place.Length))
                value =
                    place.IsVector ? (float)((place.IsNorm ? 1 : 0) + 0.3 * rng.NextNormal())
                    : place.Offset == 0 ? 6 * value
                    : value;
        }

        return new Weights(shape, values);
    }
}
