using System.Text;

namespace AiMe.Nano.Tests;

public sealed class FileTests
{
    [Fact]
    public void Weights_come_back_bit_for_bit()
    {
        var weights = Some.Weights();
        var file = weights.ToSafetensors();
        Weights.FromSafetensors(Some.Config, file).Values.ToArray().ShouldBe(weights.Values.ToArray());
        Weights.FromSafetensors(Some.Config, file).ToSafetensors().ShouldBe(file);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = Some.Weights().ToSafetensors();
        foreach (var length in (int[])[0, 7, 8, 100, file.Length / 2, file.Length - 1])
            Should
                .Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, file.AsMemory(0, length)))
                .Message.ShouldContain("expected");
    }

    [Fact]
    public void A_file_of_another_shape_is_refused_by_the_tensor_that_differs()
    {
        var file = Some.Weights().ToSafetensors();
        Message(Some.Config with { Hidden = 64 }).ShouldContain("mlp.gate_proj.weight to be F32 [64, 32]; it is F32 [48, 32]");
        Message(Some.Config with { Layers = 3 }).ShouldContain("model.layers.2");
        Message(Some.Config with { Layers = 1 }).ShouldContain("is not part of");

        string Message(NanoConfig config) => Should.Throw<FormatException>(() => Weights.FromSafetensors(config, file)).Message;
    }

    [Fact]
    public void A_foreign_file_is_refused()
    {
        Should.Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, Encoding.UTF8.GetBytes("PK this is a zip file, really")));
        Should.Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, (byte[])[2, 0, 0, 0, 0, 0, 0, 0, (byte)'n', (byte)'o']));
        Should
            .Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, (byte[])[2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']))
            .Message.ShouldContain("missing");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused_by_their_place(float value)
    {
        var file = Some.Weights().ToSafetensors();
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - 4), value).ShouldBeTrue();
        Should
            .Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, file))
            .Message.ShouldContain("element 31 of model.norm.weight is");
    }

    [Theory]
    [InlineData("\"data_offsets\":[0]")]
    [InlineData("\"data_offsets\":{}")]
    [InlineData("\"shape\":7")]
    [InlineData("\"data_offsets\":[9223372036854775807,-9223372036854771073]")] // 4 * 37 * 32 bytes, if the difference may wrap
    public void A_header_of_another_form_is_refused(string member)
    {
        var header = Encoding.UTF8.GetBytes($$$"""{"model.embed_tokens.weight":{"dtype":"F32","shape":[37,32],{{{member}}}}}""");
        Should.Throw<FormatException>(() =>
            Weights.FromSafetensors(Some.Config, (byte[])[.. BitConverter.GetBytes((long)header.Length), .. header])
        );
    }

    [Theory]
    [InlineData("{\"__metadata__\":{\"format\":\"pt\",\"format\":\"pt\"}}")]
    [InlineData("{\"__metadata__\":{},\"model.norm.weight\":{},\"model.norm.weight\":{}}")]
    public void A_header_that_says_something_twice_is_refused(string json)
    {
        var header = Encoding.UTF8.GetBytes(json);
        Should
            .Throw<FormatException>(() =>
                Weights.FromSafetensors(Some.Config, (byte[])[.. BitConverter.GetBytes((long)header.Length), .. header])
            )
            .Message.ShouldContain("expected a JSON header");
    }

    [Fact]
    public void The_digest_of_weights_is_that_of_their_file()
    {
        var weights = Some.Weights();
        weights.Digest.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(weights.ToSafetensors())));
        Some.Weights(2).Digest.ShouldNotBe(weights.Digest);
    }

    [Fact]
    public void A_file_that_is_written_piece_by_piece_is_the_same()
    {
        using MemoryStream stream = new();
        Some.Weights().WriteSafetensors(stream);
        stream.ToArray().ShouldBe(Some.Weights().ToSafetensors());
    }

    [Fact]
    public void A_shape_comes_back_from_its_json()
    {
        foreach (var config in (NanoConfig[])[NanoConfig.Tiny, NanoConfig.Small, NanoConfig.Base])
            NanoConfig.FromJson(config.ToJson()).ShouldBe(config);
        Should.Throw<FormatException>(() => NanoConfig.FromJson("{\"model_type\": \"gpt2\"}"u8));
        Should.Throw<FormatException>(() => NanoConfig.FromJson("nothing"u8));
    }

    [Theory]
    [InlineData("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "hidden_act silu")]
    [InlineData("\"attention_bias\": false", "\"attention_bias\": true", "attention_bias false")]
    [InlineData("\"mlp_bias\": false", "\"mlp_bias\": true", "mlp_bias false")]
    [InlineData("\"mlp_bias\": false", "\"head_dim\": 24", "HeadSize")]
    [InlineData("\"mlp_bias\": false", "\"rope_scaling\": {\"factor\": 2}", "rope_scaling.rope_type")]
    [InlineData("\"mlp_bias\": false", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2}", "it is yarn")]
    [InlineData("\"mlp_bias\": false", "\"rope_scaling\": {\"rope_type\": \"linear\"}", "rope_scaling.factor")]
    [InlineData("\"mlp_bias\": false", "\"rope_parameters\": {\"rope_type\": \"dynamic\"}", "it is dynamic")]
    [InlineData("\"mlp_bias\": false", "\"quantization_config\": {}", "quantization_config")]
    [InlineData("\"mlp_bias\": false", "\"layer_types\": [\"full_attention\", \"sliding_attention\"]", "layer_types")]
    [InlineData("\"mlp_bias\": false", "\"partial_rotary_factor\": 0.5", "partial_rotary_factor")]
    [InlineData("\"mlp_bias\": false", "\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "partial_rotary_factor")]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"gemma\"", "it is gemma")]
    [InlineData("\"hidden_size\": 64", "\"hidden_size\": \"64\"", "hidden_size, an integer")]
    [InlineData("\"num_key_value_heads\": 4", "\"num_key_value_heads\": 3", "KeyValueHeads must divide Heads")]
    [InlineData("\"rms_norm_eps\": 1E-05", "\"rms_norm_eps\": 0", "NormEpsilon")]
    public void A_shape_that_is_computed_otherwise_is_refused(string from, string to, string says)
    {
        var json = Encoding.UTF8.GetString(NanoConfig.Tiny.ToJson());
        json.ShouldContain(from);
        Should
            .Throw<FormatException>(() => NanoConfig.FromJson(Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal))))
            .Message.ShouldContain(says);
    }

    [Fact]
    public void A_shape_is_read_from_older_and_newer_forms_of_the_rotary_keys()
    {
        const string Sizes = """
            "model_type": "llama", "vocab_size": 64, "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4,
            "intermediate_size": 32
            """;
        var older = NanoConfig.FromJson(
            Encoding.UTF8.GetBytes("{" + Sizes + """, "rope_theta": 5e5, "rope_scaling": {"type": "linear", "factor": 2}}""")
        );
        var newer = NanoConfig.FromJson(
            Encoding.UTF8.GetBytes("{" + Sizes + """, "rope_parameters": {"rope_theta": 500000.0, "rope_type": "linear", "factor": 2.0}}""")
        );
        newer.ShouldBe(older);
        (older.RotaryBase, older.RotaryScaling, older.TiedEmbedding).ShouldBe((500_000, new LinearRotaryScaling(2), false));
        (older.Context, older.KeyValueHeads, older.NormEpsilon).ShouldBe((2048, 4, 1e-6)); // defaults of Hugging Face's software
    }

    [Fact]
    public void What_other_programs_add_to_a_shape_does_not_matter()
    {
        var json = Encoding
            .UTF8.GetString(NanoConfig.Tiny.ToJson())
            .Replace("\"mlp_bias\": false", "\"rope_scaling\": null, \"head_dim\": 16, \"bos_token_id\": 1", StringComparison.Ordinal);
        NanoConfig.FromJson(Encoding.UTF8.GetBytes(json)).ShouldBe(NanoConfig.Tiny);
    }

    [Fact]
    public void Presets_have_the_parameters_that_they_state()
    {
        NanoConfig.Preset("tiny").Parameters.ShouldBe(149_824);
        NanoConfig.Preset("small").Parameters.ShouldBe(1_066_112);
        NanoConfig.Preset("base").Parameters.ShouldBe(4_984_064);
        Should.Throw<ArgumentException>(() => NanoConfig.Preset("huge"));
    }

    [Fact]
    public void A_shape_that_the_kernels_cannot_run_is_refused()
    {
        Should
            .Throw<ArgumentException>(() => Weights.Initialise(Some.Config with { HeadSize = 8 }, 1))
            .Message.ShouldContain("multiple of 16");
        Should.Throw<ArgumentException>(() => Weights.Initialise(Some.Config with { Hidden = 40 }, 1)).Message.ShouldContain("Hidden");
        Should
            .Throw<ArgumentException>(() => Weights.Initialise(Some.Config with { Vocabulary = int.MaxValue }, 1))
            .Message.ShouldContain("got 68719494272"); // and not its lower bits
        Should.Throw<ArgumentException>(() => new Weights(Some.Config, new float[3]));
    }
}
