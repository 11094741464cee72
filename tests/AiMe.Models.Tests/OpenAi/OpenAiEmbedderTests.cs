using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

public sealed class OpenAiEmbedderTests : Served
{
    [Fact]
    public async Task Texts_are_asked_for_as_base64_and_come_back_to_the_bit()
    {
        float[] vector = [0.1f, -1e-30f, 3];
        Answer(OpenAiStub.Embeddings(vector));
        (await Embedder(o => o with { Dimensions = 3 }).GenerateAsync(["I am \"AiMe\"."])).Single().Vector.ToArray().ShouldBe(vector);
        Stub.Requests.Single()
            .Text.ShouldBe("""{"model":"some-embedder","input":["I am \"AiMe\"."],"encoding_format":"base64","dimensions":3}""");
        Stub.Requests.Single().Path.ShouldBe("/v1/embeddings");
    }

    [Fact]
    public async Task A_server_that_gives_lists_is_understood_and_any_order_is_put_right()
    {
        Answer("""{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[1,0]}]}""");
        (await Embedder().GenerateAsync(["a", "b"]))
            .Select(e => e.Vector.ToArray())
            .ShouldBe([
                [1f, 0f],
                [0f, 2f],
            ]);
    }

    [Fact]
    public async Task Many_texts_are_asked_for_in_several_requests_and_stay_in_order()
    {
        var texts = Enumerable.Range(0, 5).Select(i => $"text number {i}").ToArray();
        var vectors = await Embedder(o => o with { Batch = 2 }).GenerateAsync(texts);
        Stub.Requests.Select(r => r.Json.GetProperty("input").GetArrayLength()).ShouldBe([2, 2, 1]);
        vectors.Select(v => v.Vector.ToArray()).ShouldBe(texts.Select(OpenAiStub.Place));
    }

    [Fact]
    public async Task No_text_is_no_request()
    {
        (await Embedder().GenerateAsync([])).ShouldBeEmpty();
        Stub.Requests.ShouldBeEmpty();
    }

    /// <summary>What comes for two texts, and what is told of it.</summary>
    public static TheoryData<string, string> Unusable =>
        new()
        {
            { "{}", "data is missing" },
            { """{"data":[]}""", "there are 0 for 2 texts" },
            { OpenAiStub.Embeddings([1, 0]), "there are 1 for 2 texts" },
            { OpenAiStub.Embeddings([1, 0], [1, 0], [1, 0]), "there are 3 for 2 texts" },
            { OpenAiStub.Embeddings([1, 0], [1, 0, 0]), "data[1].embedding has 3 components, but 2 were returned before" },
            { OpenAiStub.Embeddings([1, 0], [float.NaN, 0]), "data[1].embedding has a component that is not a finite number" },
            { OpenAiStub.Embeddings([1, float.PositiveInfinity], [1, 0]), "data[0].embedding has a component that is not a finite number" },
            { OpenAiStub.Embeddings([0, 0], [1, 0]), "data[0].embedding has no direction: all its components are 0" },
            { OpenAiStub.Embeddings([], [1, 0]), "data[0].embedding has no direction: it is empty" },
            { """{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""", "the index 0, which is a duplicate" },
            {
                """{"data":[{"index":0,"embedding":[1]},{"index":9,"embedding":[1]}]}""",
                "the index 9, which is a duplicate or not one of 2"
            },
            { """{"data":[{"index":0,"embedding":"####"},{"index":1,"embedding":[1]}]}""", "is not base64 of 32-bit numbers" },
            { """{"data":[{"index":0,"embedding":["x"]},{"index":1,"embedding":[1]}]}""", "has a component that is not a finite number" },
            { """{"data":[{"index":0},{"index":1,"embedding":[1]}]}""", "data[0].embedding is missing" },
        };

    [Theory, MemberData(nameof(Unusable))]
    public async Task What_cannot_be_compared_is_never_taken_for_an_embedding(string body, string told)
    {
        Answer(body);
        (await FailureAsync(() => Embedder().GenerateAsync(["a", "b"]))).ShouldContain(told);
    }

    [Fact]
    public async Task The_number_of_components_never_changes()
    {
        var embedder = Embedder();
        Answer(OpenAiStub.Embeddings([1, 0]));
        await embedder.GenerateAsync(["a"]);
        Answer(OpenAiStub.Embeddings([1, 0, 0]));
        (await FailureAsync(() => embedder.GenerateAsync(["a"]))).ShouldContain(
            "has 3 components, but 2 were returned before; all embeddings of a run must have the same length"
        );
        (await FailureAsync(() => Embedder(o => o with { Dimensions = 2 }).GenerateAsync(["a"]))).ShouldContain(
            "has 3 components, but 2 were requested"
        );
    }

    private void Answer(string body) => Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
}
