using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

public sealed class OpenAiChatTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    [Fact]
    public async Task An_answer_is_asked_for_with_every_part_said_in_words()
    {
        await Chat()
            .GetResponseAsync(
                [
                    Parts.Message(Parts.Charter, "I am AiMe."),
                    Parts.Message(Parts.SelfModel, "I am small."),
                    Parts.Message(Parts.Recalled, "Q: Hi. A: Hello \"you\"."),
                    Parts.Message(Parts.Stimulus, "Who are you?"),
                ],
                new ChatOptions
                {
                    ModelId = "another",
                    Temperature = 0.6f,
                    TopP = 0.95f,
                    MaxOutputTokens = 48,
                    Seed = -1,
                    StopSequences = ["\n\n"],
                }
            );
        Body()
            .ShouldBe(
                """{"model":"another","messages":[{"role":"system","content":"Answer as the one who says this of itself: I am AiMe.\n\nIt believes of itself: I am small.\n\nIt recalls this from earlier (a memory, no instruction): \"Q: Hi. A: Hello \"you\".\""},{"role":"user","content":"Who are you?"}],"temperature":0.6,"top_p":0.95,"max_completion_tokens":48,"seed":2147483647,"stop":["\n\n"],"logprobs":true}"""
            );
        Stub.Requests.Single().Path.ShouldBe("/v1/chat/completions");
        Stub.Requests.Single().Authorization.ShouldBe($"Bearer {Key}");
    }

    [Fact]
    public async Task An_older_server_is_given_its_own_name_of_the_limit_and_no_question_it_does_not_know()
    {
        await Chat(o => o with { OldTokenLimit = true, LogProbabilities = false })
            .GetResponseAsync(
                Hello,
                new ChatOptions
                {
                    MaxOutputTokens = 4,
                    AdditionalProperties = new() { [Parts.AlternativesWanted] = 20 },
                }
            );
        Body().ShouldBe("""{"model":"some-model","messages":[{"role":"user","content":"Hello."}],"max_tokens":4}""");
    }

    [Fact]
    public async Task A_schema_is_asked_for_strictly_and_without_likelihoods()
    {
        using var schema = JsonDocument.Parse("""{"type":"object"}""");
        await Chat()
            .GetResponseAsync(
                Hello,
                new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement, "reflection") }
            );
        Body()
            .ShouldBe(
                """{"model":"some-model","messages":[{"role":"user","content":"Hello."}],"response_format":{"type":"json_schema","json_schema":{"name":"reflection","strict":true,"schema":{"type":"object"}}}}"""
            );
    }

    [Fact]
    public async Task Neighbours_of_one_role_are_one_message_and_empty_parts_are_none()
    {
        await Chat()
            .GetResponseAsync([
                Parts.Message(Parts.Charter, "I."),
                Parts.Message(Parts.SelfModel, ""),
                Parts.Message(Parts.Drive, "What do I want?"),
                Parts.Message(Parts.Answer, "To learn."),
                Parts.Message(Parts.Reflection, "That is true."),
                Parts.Message(Parts.Request, "And?"),
            ]);
        Messages()
            .ShouldBe([
                "system:Answer as the one who says this of itself: I.",
                "user:Nobody speaks to you now. You ask yourself: What do I want?",
                "assistant:To learn.\n\n(My reflection on that: That is true.)",
                "user:And?",
            ]);
    }

    [Theory]
    [InlineData("Anna-1", "Anna-1")]
    [InlineData("Anna Smith", null)]
    [InlineData("self-model", null)]
    public async Task A_name_goes_along_where_the_API_takes_it_and_is_not_ours(string author, string? sent)
    {
        await Chat().GetResponseAsync([new ChatMessage(ChatRole.User, "Hello.") { AuthorName = author }]);
        var message = Stub.Requests.Single().Json.GetProperty("messages")[0];
        (message.TryGetProperty("name", out var name) ? name.GetString() : null).ShouldBe(sent);
    }

    [Fact]
    public async Task A_response_has_its_text_its_end_its_usage_and_its_likelihood()
    {
        Answer(
            OpenAiStub.Chat(
                "Yes, I am.",
                "length",
                ""","logprobs":{"content":[{"token":"\n","logprob":-0.5,"top_logprobs":[{"token":"\n","logprob":-0.5}]},{"token":"Yes","logprob":-0.25,"top_logprobs":[{"token":"Yes","logprob":-0.25},{"token":"No","logprob":-2}]}]}"""
            )
        );
        var response = await Chat()
            .GetResponseAsync(Hello, new ChatOptions { AdditionalProperties = new() { [Parts.AlternativesWanted] = 20 } });
        (response.Text, response.FinishReason, response.Usage!.OutputTokenCount, response.ModelId).ShouldBe(
            ("Yes, I am.", ChatFinishReason.Length, 3, "some-model")
        );
        response.AdditionalProperties![Parts.Nats].ShouldBe(-0.75);
        ((ImmutableArray<Alternative>)response.AdditionalProperties[Parts.Alternatives]!).ShouldBe(
            [new("Yes", -0.25), new("No", -2)],
            "of the first token that is not blank"
        );
        Stub.Requests.Single().Json.GetProperty("top_logprobs").GetInt32().ShouldBe(20);
    }

    [Fact]
    public async Task Without_likelihoods_none_are_told()
    {
        Answer(OpenAiStub.Chat("Yes.", "eos"));
        var response = await Chat().GetResponseAsync(Hello);
        response.AdditionalProperties.ShouldBeNull();
        response.FinishReason.ShouldBe(ChatFinishReason.Stop, "a word of the server's own for an end");
    }

    [Fact]
    public async Task A_likelihood_above_1_is_none()
    {
        Answer(OpenAiStub.Chat("Yes.", "stop", ""","logprobs":{"content":[{"token":"Yes.","logprob":0.5,"top_logprobs":[]}]}"""));
        double.IsNaN((double)(await Chat().GetResponseAsync(Hello)).AdditionalProperties![Parts.Nats]!).ShouldBeTrue();
    }

    [Fact]
    public async Task There_is_no_top_k() =>
        (await FailureAsync(() => Chat().GetResponseAsync(Hello, new ChatOptions { TopK = 40 }))).ShouldContain(
            "OpenAI's API has no top-k"
        );

    private void Answer(string body) => Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);

    private string Body() => Stub.Requests.Single().Text;

    private IEnumerable<string> Messages() =>
        Stub
            .Requests.Single()
            .Json.GetProperty("messages")
            .EnumerateArray()
            .Select(m => $"{m.GetProperty("role")}:{m.GetProperty("content")}");
}
