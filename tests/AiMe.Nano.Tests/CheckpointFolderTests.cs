using System.Text.Json.Nodes;
using AiMe.Nano.Checkpoints;

namespace AiMe.Nano.Tests;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _directory = Path.Combine(Directory.CreateTempSubdirectory("aime-checkpoint-").FullName, "model");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);

    [Theory]
    [InlineData("F32", 1)]
    [InlineData("F16", 1)]
    [InlineData("BF16", 3)]
    public void Weights_come_from_one_file_or_several_in_each_form(string type, int files)
    {
        var written = HuggingFaceFolder.Write(_directory, ShapeTests.Lively(GradientTests.Other), type, files);
        var model = CheckpointFolder.Open(_directory).Load();
        model.Weights.Values.ToArray().ShouldBe(written.Values.ToArray());
        model.Digest.ShouldBe(written.Digest); // whatever its files are
        model.Config.ShouldBe(GradientTests.Other);
    }

    [Fact]
    public void A_shorter_context_is_kept_and_a_longer_one_refused()
    {
        HuggingFaceFolder.Write(_directory, Some.Weights());
        CheckpointFolder.Open(_directory, 20).Load().Config.Context.ShouldBe(20);
        Should
            .Throw<FormatException>(() => CheckpointFolder.Open(_directory, 65))
            .Message.ShouldContain("from 1 to 64, the model's max_position_embeddings");
    }

    [Fact]
    public void A_tied_unembedding_in_the_file_is_not_read()
    {
        HuggingFaceFolder.Write(_directory, Some.Weights() is var w ? Untied(w) : null!);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(_directory, "config.json")))!;
        config["tie_word_embeddings"] = true;
        File.WriteAllText(Path.Combine(_directory, "config.json"), config.ToJsonString());
        CheckpointFolder.Open(_directory).Load().Digest.ShouldBe(w.Digest);
    }

    [Theory]
    [InlineData("config.json", "expected config.json")]
    [InlineData("model.safetensors", "expected model.safetensors or model.safetensors.index.json")]
    public void A_missing_file_is_named(string name, string says)
    {
        HuggingFaceFolder.Write(_directory, Some.Weights());
        File.Delete(Path.Combine(_directory, name));
        Refused(says);
    }

    [Fact]
    public void A_missing_part_a_path_and_a_truncated_file_are_named()
    {
        HuggingFaceFolder.Write(_directory, Some.Weights(), "F32", 2);
        File.Delete(Path.Combine(_directory, "model-00002-of-00002.safetensors"));
        Refused("expected model-00002-of-00002.safetensors");
        var index = Path.Combine(_directory, "model.safetensors.index.json");
        File.WriteAllText(index, """{"weight_map": {"model.norm.weight": "../../etc/passwd"}}""");
        Refused("names of files in its own folder; one is ../../etc/passwd");
        File.Delete(index);
        var file = Path.Combine(_directory, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(Path.Combine(_directory, "model-00001-of-00002.safetensors"))[..^8]);
        Refused("truncated?");
        File.WriteAllBytes(file, [1, 2, 3]);
        Refused("expected a safetensors file");
    }

    [Fact]
    public void Another_tensor_another_shape_and_a_number_that_is_none_are_named()
    {
        var weights = Some.Weights();
        HuggingFaceFolder.Write(_directory, ShapeTests.Lively(Some.Config with { AttentionBias = true }));
        File.WriteAllBytes(Path.Combine(_directory, "config.json"), weights.Config.ToJson());
        Refused("model.layers.0.self_attn.q_proj.bias is not part of this model");
        HuggingFaceFolder.Write(_directory, weights);
        File.WriteAllBytes(Path.Combine(_directory, "config.json"), (weights.Config with { Hidden = 64 }).ToJson());
        Refused("expected model.layers.0.mlp.gate_proj.weight to be [64, 32]; it is [48, 32]");
        var values = weights.Values.ToArray();
        values[5] = float.NaN;
        HuggingFaceFolder.Write(_directory, new Weights(weights.Config, values));
        Refused("one of model.embed_tokens.weight is NaN");
    }

    private void Refused(string says) =>
        Should.Throw<FormatException>(() => CheckpointFolder.Open(_directory).Load()).Message.ShouldContain(says);

    private static Weights Untied(Weights tied)
    {
        var shape = tied.Config with { TiedEmbedding = false };
        float[] values = [.. tied.Values.Span, .. Some.Floats(shape.Vocabulary * shape.Width, 9)];
        return new Weights(shape, values);
    }
}
