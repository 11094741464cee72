using System.Collections.Concurrent;
using System.Text.Json;
using AiMe.Models.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Servers that do not take an optional parameter: it is left out, the request repeated, and the server remembered.</summary>
public sealed class RefusalTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    private readonly Recorded _recorded = new();

    /// <summary>A member of the request, the status and body by which a server refuses it, the parameter, and what is sent instead.</summary>
    public static TheoryData<string, int, string, string, string> Named =>
        new()
        {
            {
                "seed",
                400,
                """{"error":{"message":"Unrecognized request argument supplied: seed","type":"invalid_request_error","param":null,"code":null}}""",
                "seed",
                ""
            },
            {
                "seed",
                422,
                """{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}""",
                "seed",
                ""
            },
            { "seed", 400, """{"error":"property 'seed' is unsupported"}""", "seed", "" },
            { "seed", 400, """{"error":{"message":"Invalid request.","param":"seed"}}""", "seed", "" },
            {
                "logprobs",
                400,
                """{"error":{"message":"This model does not support the 'logprobs' parameter.","param":"logprobs","code":"unsupported_parameter"}}""",
                "log-probabilities",
                ""
            },
            {
                "logprobs",
                403,
                """{"error":{"message":"You are not allowed to request logprobs from this model"}}""",
                "log-probabilities",
                ""
            },
            {
                "top_logprobs",
                400,
                """{"error":{"message":"Invalid 'top_logprobs': must be less than or equal to 5."}}""",
                "alternatives",
                "5"
            },
            { "top_logprobs", 422, """{"message":"top_logprobs: 20 is greater than the maximum of 11"}""", "alternatives", "11" },
            { "top_logprobs", 400, """{"error":{"message":"top_logprobs is not supported by gpt-4 and gpt 4"}}""", "alternatives", "" },
            { "top_logprobs", 400, """{"error":{"message":"top_logprobs must be in the range [0, 5]"}}""", "alternatives", "5" },
            {
                "max_completion_tokens",
                400,
                """{"error":{"message":"Unknown parameter: 'max_completion_tokens'. Use 'max_tokens' instead."}}""",
                "token-limit",
                "max_tokens"
            },
            {
                "temperature",
                400,
                """{"error":{"message":"Unsupported value: 'temperature' does not support 0.6 with this model. Only the default (1) value is supported.","param":"temperature","code":"unsupported_value"}}""",
                "temperature",
                ""
            },
            { "top_p", 400, """{"error":{"message":"`temperature` and `top_p` cannot both be specified for this model."}}""", "top-p", "" },
            {
                "stop",
                400,
                """{"error":{"message":"Unsupported parameter: 'stop' is not supported with this model.","param":"stop"}}""",
                "stop",
                ""
            },
            { "seed", 404, """{"error":{"message":"No endpoints found that support the parameter seed","code":404}}""", "seed", "" },
            { "seed", 501, """{"error":{"message":"seed is not implemented"}}""", "seed", "" },
            { "seed", 200, """{"error":{"message":"seed is not supported","code":400}}""", "seed", "" },
            { "seed", 200, """{"object":"error","message":"unknown field: seed","type":"BadRequestError","code":400}""", "seed", "" },
        };

    [Theory, MemberData(nameof(Named))]
    public async Task A_parameter_that_is_named_is_left_out_and_the_request_repeated(
        string member,
        int status,
        string body,
        string parameter,
        string instead
    )
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty(member, out var sent) && sent.ToString() != instead
                ? OpenAiStub.JsonAsync(context, body, status)
                : OpenAiStub.Well(context, asked);
        var chat = new OpenAiChat(Refusing(), "some-model");
        (await chat.GetResponseAsync(Hello, All())).Text.ShouldBe("A");
        var refusal = _recorded.All.ShouldHaveSingleItem();
        (refusal.Parameter, refusal.Instead).ShouldBe((parameter, instead));
        refusal.Words.ShouldStartWith("the server said: ");
        Stub.Requests.Count.ShouldBe(2);

        (await chat.GetResponseAsync(Hello, All())).Text.ShouldBe("A");
        Stub.Requests.Count.ShouldBe(3, "it is remembered");
        _recorded.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_is_refused_is_asked_for_as_any_json_and_then_in_words_alone()
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty("response_format", out var format)
                ? OpenAiStub.JsonAsync(
                    context,
                    $$$"""{"error":{"message":"response_format.type {{{format.GetProperty("type").GetString()}}} is unavailable now"}}""",
                    400
                )
                : OpenAiStub.Well(context, asked);
        using var schema = JsonDocument.Parse("""{"type":"object"}""");
        var format = ChatResponseFormat.ForJsonSchema(schema.RootElement);
        await new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, new ChatOptions { ResponseFormat = format });
        _recorded.All.Select(r => (r.Parameter, r.Instead)).ShouldBe([("response-format", "json_object"), ("response-format", "")]);
        Stub.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Several_refusals_follow_one_another()
    {
        string[] refused = ["logprobs", "seed", "stop", "max_completion_tokens", "temperature"];
        Stub.Answers = (context, asked) =>
            Array.Find(refused, r => asked.Json.TryGetProperty(r, out _)) is { } first
                ? OpenAiStub.JsonAsync(context, $$$"""{"error":{"message":"Unsupported parameter: '{{{first}}}'"}}""", 400)
                : OpenAiStub.Well(context, asked);
        await new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, All());
        _recorded.All.Select(r => r.Parameter).ShouldBe(["log-probabilities", "seed", "stop", "token-limit", "temperature"]);
        _recorded
            .All.Single(r => r.Parameter == "temperature")
            .Words.ShouldContain("what is sampled differs from what the experiment says");
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("logprobs")]
    [InlineData("max_completion_tokens")]
    [InlineData("temperature")]
    public async Task A_parameter_that_is_not_named_is_found_by_one_attempt_without_each(string member)
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty(member, out _)
                ? OpenAiStub.JsonAsync(context, """{"error":{"message":"Bad Request"}}""", 400)
                : OpenAiStub.Well(context, asked);
        var chat = new OpenAiChat(Refusing(), "some-model");
        (await chat.GetResponseAsync(Hello, All())).Text.ShouldBe("A");
        _recorded.All.Count.ShouldBe(1);
        var requests = Stub.Requests.Count;
        await chat.GetResponseAsync(Hello, All());
        Stub.Requests.Count.ShouldBe(requests + 1);
    }

    [Fact]
    public async Task Several_that_are_not_named_are_found_together_and_sampling_is_left_alone()
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty("seed", out _) || asked.Json.TryGetProperty("logprobs", out _)
                ? OpenAiStub.JsonAsync(context, "{}", 422)
                : OpenAiStub.Well(context, asked);
        await new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, All());
        var last = Stub.Requests.Last().Json;
        (last.TryGetProperty("temperature", out _), last.TryGetProperty("stop", out _), last.TryGetProperty("seed", out _)).ShouldBe(
            (true, true, false)
        );
    }

    [Fact]
    public async Task A_search_that_finds_nothing_is_bounded_and_the_servers_first_words_are_told()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, """{"error":{"message":"I do not like you"}}""", 400);
        var chat = new OpenAiChat(Refusing(), "some-model");
        for (var i = 0; i < 4; i++)
            (await FailureAsync(() => chat.GetResponseAsync(Hello, All()))).ShouldContain("(HTTP 400: I do not like you)");
        Stub.Requests.Count.ShouldBeLessThan(30);
        _recorded.All.ShouldBeEmpty();
    }

    /// <summary>Refusals that no parameter is left out for, and what is told.</summary>
    public static TheoryData<int, string, string> Required =>
        new()
        {
            {
                400,
                """{"error":{"message":"This model's maximum context length is 4096 tokens, however you requested 5000 tokens (max_tokens 48).","code":"context_length_exceeded"}}""",
                "do not fit into the model's context"
            },
            { 400, """{"error":{"message":"max_tokens is too large: 99999. This model supports at most 4096."}}""", "lower max-tokens" },
            { 400, """{"error":{"message":"temperature must be between 0 and 1"}}""", "generate.temperature" },
            { 400, """{"error":{"message":"The response was filtered","code":"content_filter"}}""", "content filter" },
            { 400, """{"error":{"message":"model 'x' not found"}}""", "model 'x' not found" },
            { 400, """{"error":{"message":"the seed of it all is not supported","param":"messages[0].content"}}""", "the seed of it all" },
            { 401, """{"error":{"message":"seed"}}""", "the key was refused" },
            { 429, """{"error":{"message":"too many logprobs"}}""", "too busy" },
        };

    [Theory, MemberData(nameof(Required))]
    public async Task What_is_required_is_refused_as_ever(int status, string body, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body, status);
        (await FailureAsync(() => new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, All()))).ShouldContain(told);
        Stub.Requests.Count.ShouldBe(1);
        _recorded.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_limit_whose_both_names_are_refused_is_a_failure()
    {
        Stub.Answers = (context, asked) =>
            OpenAiStub.JsonAsync(
                context,
                $$$"""{"error":{"message":"unknown field {{{(asked.Json.TryGetProperty("max_tokens", out _) ? "max_tokens" : "max_completion_tokens")}}}"}}""",
                400
            );
        var options = new ChatOptions { MaxOutputTokens = 9 };
        (await FailureAsync(() => new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, options))).ShouldContain(
            "model.token-limit"
        );
        Stub.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("encoding_format", "encoding-format")]
    [InlineData("dimensions", "dimensions")]
    public async Task Embeddings_do_without(string member, string parameter)
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty(member, out _)
                ? OpenAiStub.JsonAsync(context, $$$"""{"error":{"message":"{{{member}}} is not supported"}}""", 400)
                : OpenAiStub.JsonAsync(context, """{"data":[{"index":0,"embedding":[1,2,3]}]}""");
        IEmbeddingGenerator<string, Embedding<float>> embedder = new OpenAiEmbedder(
            Refusing(o => o with { Dimensions = member == "dimensions" ? 2 : null }),
            "some-embedder"
        );
        (await embedder.GenerateAsync(["a"])).Single().Vector.Length.ShouldBe(3);
        _recorded.All.Single().Parameter.ShouldBe(parameter);
    }

    [Fact]
    public async Task A_stream_does_without()
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty("stream_options", out _)
                ? OpenAiStub.JsonAsync(context, """{"error":{"message":"stream_options: extra fields not permitted"}}""", 422)
                : OpenAiStub.StreamAsync(context, """{"choices":[{"delta":{"content":"A"},"finish_reason":"stop"}]}""", "[DONE]");
        IChatClient chat = new OpenAiChat(Refusing(), "some-model");
        (await chat.GetStreamingResponseAsync(Hello).ToChatResponseAsync()).Text.ShouldBe("A");
        _recorded.All.Single().Parameter.ShouldBe("stream-options");
    }

    [Fact]
    public async Task Requests_that_meet_one_refusal_at_once_record_it_once_and_before_they_are_repeated()
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty("seed", out _)
                ? OpenAiStub.JsonAsync(context, """{"error":{"message":"seed is not supported"}}""", 400)
            : _recorded.All.IsEmpty ? throw new InvalidOperationException("repeated before it was recorded")
            : OpenAiStub.Well(context, asked);
        var chat = new OpenAiChat(Refusing(), "some-model");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => chat.GetResponseAsync(Hello, All())));
        _recorded.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_said_beforehand_is_never_sent()
    {
        var server = Refusing(o =>
            o with
            {
                LeftOut = [new("seed", "", ""), new("alternatives", "5", ""), new("token-limit", "max_tokens", ""), new("stop", "", "")],
            }
        );
        await new OpenAiChat(server, "some-model").GetResponseAsync(Hello, All());
        Stub.Requests.Single()
            .Text.ShouldBe(
                """{"model":"some-model","messages":[{"role":"user","content":"Hello."}],"temperature":0.6,"top_p":0.9,"max_tokens":48,"logprobs":true,"top_logprobs":5}"""
            );
    }

    [Fact]
    public async Task Words_with_a_key_are_recorded_without_it()
    {
        Stub.Answers = (context, asked) =>
            asked.Json.TryGetProperty("seed", out _)
                ? OpenAiStub.JsonAsync(context, $$$"""{"error":{"message":"seed is not supported for {{{Key}}}"}}""", 400)
                : OpenAiStub.Well(context, asked);
        await new OpenAiChat(Refusing(), "some-model").GetResponseAsync(Hello, All());
        _recorded.All.Single().Words.ShouldNotContain(Key);
    }

    private OpenAiServer Refusing(Func<OpenAiOptions, OpenAiOptions>? with = null)
    {
        OpenAiOptions options = new(Stub.BaseUrl) { Retries = 0 };
        return OpenAiServer.Connect(with?.Invoke(options) ?? options, _ => Key, Time, refusals: _recorded);
    }

    private static ChatOptions All() =>
        new()
        {
            Temperature = 0.6f,
            TopP = 0.9f,
            MaxOutputTokens = 48,
            Seed = 7,
            StopSequences = ["END"],
            AdditionalProperties = new() { [Parts.AlternativesWanted] = 20 },
        };

    private sealed class Recorded : IParameterRefusals
    {
        public ConcurrentQueue<ParameterRefusal> All { get; } = [];

        public async Task RefusedAsync(ParameterRefusal refusal, CancellationToken cancellationToken)
        {
            await Task.Yield();
            All.Enqueue(refusal);
        }
    }
}
