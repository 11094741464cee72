using System.Text;
using System.Text.Json;
using AiMe.Nano.Lora;

namespace AiMe.Nano.Tests.Lora;

public sealed class AdapterFileTests
{
    private static readonly Adapter Learned = Some.Adapter(Some.Weights());

    [Fact]
    public void An_adapter_comes_back_bit_for_bit()
    {
        var file = Learned.ToSafetensors();
        var back = Adapter.FromSafetensors(Some.Config, file);
        back.Values.Span.ToArray().ShouldBe(Learned.Values.Span.ToArray());
        (back.Options, back.Base).ShouldBe((Learned.Options, Learned.Base));
        back.ToSafetensors().ShouldBe(file);
    }

    [Fact]
    public void Its_tensors_have_the_names_and_shapes_of_PEFT()
    {
        var header = Header(Learned.ToSafetensors());
        header.EnumerateObject().Count().ShouldBe(1 + 2 * 7 * Some.Config.Layers);
        Shape("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight").ShouldBe([5, 32]);
        Shape("base_model.model.model.layers.1.mlp.gate_proj.lora_B.weight").ShouldBe([48, 5]);
        Shape("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight").ShouldBe([5, 48]);

        int[] Shape(string name) => [.. header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
    }

    [Fact]
    public void Its_config_says_what_PEFT_asks()
    {
        using var json = JsonDocument.Parse(Learned.ToPeftConfig("../base"));
        json.RootElement.GetProperty("peft_type").GetString().ShouldBe("LORA");
        json.RootElement.GetProperty("r").GetInt32().ShouldBe(5);
        json.RootElement.GetProperty("lora_alpha").GetDouble().ShouldBe(7);
        json.RootElement.GetProperty("base_model_name_or_path").GetString().ShouldBe("../base");
        json.RootElement.GetProperty("target_modules").GetArrayLength().ShouldBe(7);
    }

    [Fact]
    public void A_file_says_which_base_it_belongs_to_and_weights_say_none()
    {
        Adapter.BaseOf(Learned.ToSafetensors()).ShouldBe(Some.Weights().Digest);
        Adapter.BaseOf(Some.Weights().ToSafetensors()).ShouldBeNull();
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = Learned.ToSafetensors();
        foreach (var length in (int[])[0, 7, 8, 100, file.Length / 2, file.Length - 1])
            Should
                .Throw<FormatException>(() => Adapter.FromSafetensors(Some.Config, file.AsMemory(0, length)))
                .Message.ShouldContain("expected");
    }

    [Fact]
    public void Weights_are_no_adapter_and_an_adapter_is_no_weights()
    {
        Should
            .Throw<FormatException>(() => Adapter.FromSafetensors(Some.Config, Some.Weights().ToSafetensors()))
            .Message.ShouldContain("expected an adapter");
        Should
            .Throw<FormatException>(() => Weights.FromSafetensors(Some.Config, Learned.ToSafetensors()))
            .Message.ShouldContain("lora_A.weight is not part of");
    }

    [Fact]
    public void An_adapter_of_another_shape_is_refused_by_the_tensor_that_differs()
    {
        Message(Some.Config with { Hidden = 64 }).ShouldContain("gate_proj.lora_B.weight to be F32 [64, 5]; it is F32 [48, 5]");
        Message(Some.Config with { Layers = 3 }).ShouldContain("layers.2");
        Message(Some.Config with { Layers = 1 }).ShouldContain("is not part of");

        static string Message(NanoConfig config) =>
            Should.Throw<FormatException>(() => Adapter.FromSafetensors(config, Learned.ToSafetensors())).Message;
    }

    [Theory]
    [InlineData("\"rank\":\"5\"", "\"rank\":\"6\"", "F32 [6, 32]; it is F32 [5, 32]")]
    [InlineData("\"rank\":\"5\"", "\"rank\":\"x\"", "the numbers")]
    [InlineData("\"rank\":\"5\"", "\"rank\":\"0\"", "Rank")]
    [InlineData("\"alpha\":\"7\"", "\"alpha\":\"0\"", "Alpha")]
    [InlineData("\"base\":\"", "\"bass\":\"", "expected an adapter")]
    public void Metadata_that_do_not_fit_are_refused(string from, string to, string says)
    {
        var file = Learned.ToSafetensors();
        var at = file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        Encoding.UTF8.GetBytes(to).CopyTo(file, at);
        Should.Throw<FormatException>(() => Adapter.FromSafetensors(Some.Config, file)).Message.ShouldContain(says);
    }

    private static JsonElement Header(byte[] file)
    {
        using var json = JsonDocument.Parse(file.AsMemory(8, (int)BitConverter.ToInt64(file)));
        return json.RootElement.Clone();
    }
}
