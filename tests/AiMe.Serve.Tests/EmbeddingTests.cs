using System.Runtime.InteropServices;
using AiMe.Models.Embeddings;

namespace AiMe.Serve.Tests;

public sealed class EmbeddingTests : IAsyncLifetime
{
    private Served _served = default!;

    public async Task InitializeAsync() => _served = await Served.StartAsync();

    public async Task DisposeAsync() => await _served.DisposeAsync();

    [Fact]
    public async Task Both_encodings_give_the_embedders_bits()
    {
        var expected = new HashEmbedder([]).Embed("the sea is deep");
        var floats = (await AskAsync("\"input\": \"the sea is deep\"")).Ok().GetProperty("data")[0].GetProperty("embedding");
        floats.EnumerateArray().Select(e => e.GetSingle()).ShouldBe(expected);
        var base64 = (await AskAsync("\"input\": [\"a\", \"the sea is deep\"], \"encoding_format\": \"base64\"")).Ok().GetProperty("data")[
            1
        ];
        base64.GetProperty("index").GetInt32().ShouldBe(1);
        MemoryMarshal.Cast<byte, float>(base64.GetProperty("embedding").GetBytesFromBase64()).ToArray().ShouldBe(expected);
    }

    [Fact]
    public async Task Fewer_dimensions_are_the_first_ones_at_unit_length()
    {
        var short_ = (await AskAsync("\"input\": \"the sea is deep\", \"dimensions\": 16"))
            .Ok()
            .GetProperty("data")[0]
            .GetProperty("embedding");
        var vector = short_.EnumerateArray().Select(e => e.GetSingle()).ToArray();
        vector.Length.ShouldBe(16);
        vector.Sum(x => x * x).ShouldBe(1, 1e-5f);
    }

    [Theory]
    [InlineData("\"input\": []", "input")]
    [InlineData("\"input\": [1, 2]", "input")]
    [InlineData("\"input\": \"a\", \"dimensions\": 257", "dimensions")]
    [InlineData("\"input\": \"a\", \"encoding_format\": \"hex\"", "encoding_format")]
    [InlineData("\"input\": \"a\", \"colour\": 1", "colour")]
    public async Task A_wrong_request_is_refused_by_name(string body, string param) =>
        (await AskAsync(body)).Refused(400).Param.ShouldBe(param);

    [Fact]
    public async Task A_chat_model_gives_no_embeddings() =>
        (await _served.PostAsync("/v1/embeddings", $"{{\"model\": \"{Served.Model}\", \"input\": \"a\"}}"))
            .Refused(404)
            .Code.ShouldBe("model_not_found");

    private Task<Reply> AskAsync(string body) => _served.PostAsync("/v1/embeddings", $"{{\"model\": \"hash\", {body}}}");
}
