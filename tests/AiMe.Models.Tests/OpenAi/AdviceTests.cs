using AiMe.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>What is told of an error: the server's words and code always, and what to do if the cause is known.</summary>
public sealed class AdviceTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    /// <summary>Status, body, and the whole of what is told after the model.</summary>
    public static TheoryData<int, string, string> Told =>
        new()
        {
            {
                402,
                """{"error":{"message":"Insufficient Balance","code":"invalid_request_error"}}""",
                "the account has no credit left (HTTP 402, invalid_request_error: Insufficient Balance). Pay in at the server's provider and run the same command again."
            },
            {
                413,
                "<html>413 Request Entity Too Large</html>",
                "the request is too large for the server (HTTP 413). Lower model.batch, or shorten what the prompt contains."
            },
            { 501, "not today", "the server does not implement this request (HTTP 501: not today)." },
            { 403, """{"error":{"message":"Country not supported"}}""", "access was denied (HTTP 403: Country not supported)." },
            {
                403,
                """{"error":{"message":"The API key is disabled"}}""",
                "the key was refused (HTTP 403). Check the key in the environment variable OPENAI_API_KEY."
            },
            {
                400,
                """{"error":{"message":"I do not like it","code":"odd"}}""",
                "the request was refused (HTTP 400, odd: I do not like it)."
            },
            {
                400,
                """{"error":{"message":"filtered","code":"content_filter"}}""",
                "the server's content filter refused the request (HTTP 400, content_filter: filtered). Another wording of the stimulus or charter may pass."
            },
            {
                400,
                """{"error":{"message":"This model's maximum context length is 10 tokens"}}""",
                "prompt and answer do not fit into the model's context (HTTP 400: This model's maximum context length is 10 tokens). Lower memory.recall or max-tokens, or use a model with a longer context."
            },
            {
                429,
                """{"error":{"message":"Pay","code":"insufficient_quota"}}""",
                "your quota is used up (HTTP 429, insufficient_quota: Pay). Raise it at the server's provider."
            },
            {
                503,
                """{"error":{"message":"Loading model","code":503,"type":"unavailable_error"}}""",
                "the server failed (HTTP 503, unavailable_error: Loading model). It still loads the model: run the same command again later, or raise model.retries."
            },
            { 502, "Bad gateway", "the server failed (HTTP 502: Bad gateway). Run the same command again later." },
            { 200, """{"error":{"message":"out of memory"}}""", "it answered with an error: out of memory." },
            {
                200,
                """{"error":{"message":"Provider returned error","code":404,"metadata":{"raw":"no route"}}}""",
                "there is no such model or address (error 404 in its answer: Provider returned error: no route). Check model.chat, model.embeddings and model.base-url."
            },
            { 200, """{"detail":"Not today"}""", "it answered with an error: Not today." },
            { 200, """{"error":{}}""", "it answered with an error and does not say which." },
            { 400, "{\"error\":{\"message\":\"\\u001b[2J\\ud800 no\"}}", "the request was refused (HTTP 400: [2J\uFFFD no)." },
        };

    [Theory, MemberData(nameof(Told))]
    public async Task An_error_is_told_with_its_words_its_code_and_what_is_known_of_its_cause(int status, string body, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body, status);
        var failure = await FailureAsync(() => Chat().GetResponseAsync(Hello));
        failure[(failure.IndexOf("): ", StringComparison.Ordinal) + 3)..].ShouldBe(told);
    }

    [Theory]
    [InlineData(
        301,
        "https://api.example.com/v1/chat/completions?key=secret",
        "to https://api.example.com/v1/chat/completions. Set model.base-url to https://api.example.com/v1."
    )]
    [InlineData(
        307,
        "https://me:secret@api.example.com/v2",
        "to https://api.example.com/v2. Set model.base-url to https://api.example.com/v2."
    )]
    [InlineData(308, "/v2/chat/completions", "/v2.")]
    [InlineData(302, null, "and it does not say where. Check model.base-url.")]
    public async Task A_server_that_has_moved_is_told_of_with_its_new_address(int status, string? location, string told)
    {
        Stub.Answers = (context, _) =>
        {
            context.Response.Headers.Location = location;
            return OpenAiStub.JsonAsync(context, "", status);
        };
        var failure = await FailureAsync(() => Chat().GetResponseAsync(Hello));
        failure.ShouldContain($"the server's address has moved (HTTP {status})");
        failure.ShouldEndWith(told);
        failure.ShouldNotContain("secret");
        Stub.Requests.Count.ShouldBe(1, "a key is not sent to another address");
    }

    [Theory]
    [InlineData("/v1/chat/completions", "AiMe adds the path of a call itself: set model.base-url to {0}/v1.")]
    [InlineData("", "most servers have their API under {0}/v1.")]
    [InlineData("/v1", "Check model.chat, model.embeddings and model.base-url.")]
    public async Task An_address_that_cannot_be_right_is_told_of(string path, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", 404);
        var root = Stub.BaseUrl.GetLeftPart(UriPartial.Authority);
        var failure = await FailureAsync(() => Chat(o => new OpenAiOptions(new Uri(root + path)) { Retries = 0 }).GetResponseAsync(Hello));
        failure.ShouldEndWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, told, root));
    }

    [Theory]
    [InlineData("""{"error":{"message":"slow down","code":429}}""")]
    [InlineData("""{"error":{"message":"slow down","code":"rate_limit_exceeded"}}""")]
    [InlineData("""{"error":{"message":"Overloaded","type":"overloaded_error"}}""")]
    [InlineData("""{"error":{"message":"oops","type":"server_error"}}""")]
    [InlineData("""{"error":{"message":"too slow","type":"timeout"}}""")]
    [InlineData("""{"error":{"message":"bad gateway","code":502}}""")]
    [InlineData("""{"choices":[],"error":{"message":"bad gateway","code":"503"}}""")]
    public async Task An_error_in_an_answer_that_may_pass_is_retried(string body)
    {
        Stub.Answers = (context, asked) => Stub.Requests.Count < 3 ? OpenAiStub.JsonAsync(context, body) : OpenAiStub.Well(context, asked);
        (await Chat(o => o with { Retries = 2 }).GetResponseAsync(Hello)).Text.ShouldBe("A");
        Stub.Requests.Clear();
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
        await FailureAsync(() => Chat(o => o with { Retries = 2 }).GetResponseAsync(Hello));
        Stub.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","type":"invalid_request_error"}}""")]
    [InlineData("""{"error":{"message":"no credit","code":"insufficient_quota","type":"rate_limit"}}""")]
    [InlineData("""{"error":"no"}""")]
    public async Task Another_error_in_an_answer_is_not_retried(string body)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
        await FailureAsync(() => Chat(o => o with { Retries = 2 }).GetResponseAsync(Hello));
        Stub.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"A\ud800B\u0000C"},"finish_reason":"stop"}]}""", "A\uFFFDB\uFFFDC")]
    [InlineData("""{"choices":[{"message":{"content":"\ud83d\ude00"},"finish_reason":"stop"}]}""", "\U0001F600")]
    [InlineData("""{"choices":[{"message":{"content":"C:\\ud800"},"finish_reason":"stop"}]}""", "C:\\ud800")]
    [InlineData("""{"error":"","choices":[{"message":{"content":"A"},"finish_reason":"MAX_TOKENS"}]}""", "A")]
    [InlineData(
        """{"choices":[{"index":1,"message":{"content":"B"}},{"index":0,"message":{"content":"A"}}],"usage":{"prompt_tokens":-5,"completion_tokens":1e30}}""",
        "A"
    )]
    [InlineData("""{"choices":[{"message":{"content":"B","content":"A"}}],"usage":[1]}""", "A")]
    public async Task What_can_be_read_is_read_and_can_be_stored(string body, string text)
    {
        foreach (var type in (string[])["application/json", "text/plain", ""])
        {
            Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "\uFEFF" + body, type: type);
            var response = await Chat().GetResponseAsync(Hello);
            response.Text.ShouldBe(text);
            (response.Usage?.OutputTokenCount).ShouldBeNull();
        }
    }
}
