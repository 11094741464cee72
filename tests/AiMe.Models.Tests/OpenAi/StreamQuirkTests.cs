using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Streams as servers write them: each is the answer "I am AiMe.", or a failure in words.</summary>
public sealed class StreamQuirkTests : Served
{
    private const string One = """{"choices":[{"index":0,"delta":{"role":"assistant","content":"I am "}}]}""",
        Two = """{"choices":[{"index":0,"delta":{"content":"AiMe."}}]}""",
        End = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        Whole =
            """{"choices":[{"index":0,"message":{"content":"I am AiMe."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}""";

    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    /// <summary>The name of a quirk, and the body of the response.</summary>
    public static TheoryData<string, string> Read =>
        new()
        {
            { "as the API says", Events(One, Two, End, "[DONE]") },
            { "comments and keep-alives", $": OPENROUTER PROCESSING\n\n{Events(One)}:\n\n: ping\n\n{Events(Two, End, "[DONE]")}" },
            { "empty data", $"data:\n\ndata: \n\n{Events(One)}data:   \n\n{Events(Two, End, "[DONE]")}" },
            { "a ping without data", $"event: ping\n\n{Events(One, Two, End, "[DONE]")}" },
            { "a ping with data", $"event: ping\ndata: {{\"type\":\"ping\"}}\n\n{Events(One, Two, End, "[DONE]")}" },
            { "data of a ping", Events("""{"type":"ping"}""", One, Two, End, "[DONE]") },
            { "named events with ids", $"id: 1\nevent: message\nretry: 10\n{Events(One)}{Events(Two, End, "[DONE]")}" },
            { "usage without choices", Events(One, Two, End, """{"usage":{"prompt_tokens":5,"completion_tokens":2}}""", "[DONE]") },
            {
                "usage with no choices",
                Events(One, Two, End, """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}""", "[DONE]")
            },
            { "usage with null choices", Events(One, Two, End, """{"choices":null,"usage":{"prompt_tokens":5,"completion_tokens":2}}""") },
            { "a last piece without delta", Events(One, Two, """{"choices":[{"index":0,"finish_reason":"stop"}]}""", "[DONE]") },
            { "a last piece with a null delta", Events(One, Two, """{"choices":[{"delta":null,"finish_reason":"stop"}]}""", "[DONE]") },
            { "a first piece with a role alone", Events("""{"choices":[{"delta":{"role":"assistant"}}]}""", One, Two, End, "[DONE]") },
            { "null content", Events("""{"choices":[{"delta":{"role":"assistant","content":null}}]}""", One, Two, End, "[DONE]") },
            {
                "an empty finish reason",
                Events(One.Replace("}}]", "},\"finish_reason\":\"\"}]", StringComparison.Ordinal), Two, End, "[DONE]")
            },
            {
                "other choices interleaved",
                Events(
                    One,
                    """{"choices":[{"index":1,"delta":{"content":"No."}}]}""",
                    """{"choices":[{"index":1,"delta":{"content":"Never."},"finish_reason":"length"},{"index":0,"delta":{"content":"AiMe."}}]}""",
                    End
                )
            },
            { "no [DONE]", Events(One, Two, End) },
            { "[DONE] without a finish reason", Events(One, Two, "[DONE]") },
            { "[DONE] with blanks", Events(One, Two, End, "  [DONE]  ") },
            { "no blank line at the end", Events(One, Two, End).TrimEnd() },
            { "CRLF", Events(One, Two, End, "[DONE]").Replace("\n", "\r\n", StringComparison.Ordinal) },
            { "CR", Events(One, Two, End, "[DONE]").Replace('\n', '\r') },
            { "a byte order mark", "\uFEFF" + Events(One, Two, End, "[DONE]") },
            { "no space after the colon", Events(One, Two, End, "[DONE]").Replace("data: ", "data:", StringComparison.Ordinal) },
            { "data over several lines", Events(One.Replace(",", ",\ndata: ", StringComparison.Ordinal), Two, End, "[DONE]") },
            { "no blank lines", Events(One, Two, End, "[DONE]").Replace("\n\n", "\n", StringComparison.Ordinal) },
            {
                "filter results first",
                Events(
                    """{"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}""",
                    One,
                    Two,
                    End,
                    "[DONE]"
                )
            },
            { "null error", Events(One.Replace("{\"choices", "{\"error\":null,\"choices", StringComparison.Ordinal), Two, End, "[DONE]") },
            { "JSON Lines", $"{One}\n{Two}\n{End}\n" },
            { "JSON Lines with blank lines", $"{One}\n\n{Two}\n\n{End}" },
            { "one whole answer", Whole },
            { "one whole answer over several lines", Whole.Replace(",", ",\n  ", StringComparison.Ordinal) },
            { "one whole answer as an event", Events(Whole, "[DONE]") },
            { "content in parts", Events("""{"choices":[{"delta":{"content":[{"type":"text","text":"I am "}]}}]}""", Two, End) },
        };

    [Theory, MemberData(nameof(Read))]
    public async Task A_stream_is_read_however_it_is_written(string quirk, string body)
    {
        foreach (
            var type in (string[])
                ["text/event-stream", "text/event-stream;charset=UTF-8", "application/x-ndjson", "application/json", "text/plain"]
        )
        {
            Send(body, type);
            var response = await ReadAsync();
            (response.Text, response.FinishReason).ShouldBe(("I am AiMe.", ChatFinishReason.Stop), $"{quirk} as {type}");
            if (quirk.StartsWith("usage", StringComparison.Ordinal) || quirk.StartsWith("one", StringComparison.Ordinal))
                response.Usage!.OutputTokenCount.ShouldBe(2);
        }
    }

    /// <summary>The body of a response, and what is told of it.</summary>
    public static TheoryData<string, string> Failures =>
        new()
        {
            { Events(One, """{"error":{"message":"out of memory","code":"oom"}}"""), "it answered with an error: oom: out of memory" },
            { Events(One, """{"error":"out of memory"}"""), "it answered with an error: out of memory" },
            { Events(One) + "event: error\ndata: {\"message\":\"out of memory\"}\n\n", "it answered with an error: out of memory" },
            { Events(One) + "event: error\ndata: out of memory\n\n", "it answered with an error: out of memory" },
            { Events(One) + "{\"error\":{\"message\":\"out of memory\"}}\n", "it answered with an error: out of memory" },
            {
                Events(One, """{"choices":[{"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"upstream"}}]}"""),
                "the server failed (error 502 in its answer: upstream)"
            },
            { Events(One, """{"choices":[{"delta":{},"finish_reason":"error"}]}"""), "the server broke off the answer" },
            { Events(One, """{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"""), "withheld the answer" },
            { Events(One, Two), "the stream was cut off before the answer had ended" },
            { Events("[DONE]"), "the stream was cut off" },
            { "", "the stream was cut off" },
            { "<html>Welcome</html>", "it is not JSON, and begins '<html>" },
            { Events("""{"choices":7}"""), "choices is a number, expected a list" },
            { Events("""{"choices":[{"delta":[]}]}"""), "choices[0].delta is a list, expected an object" },
            { Events("""{"choices":[{"delta":{"content":true}}]}"""), "choices[0].delta.content is true or false, expected a text" },
            { Events("7"), "the answer is a number, expected an object" },
        };

    [Theory, MemberData(nameof(Failures))]
    public async Task A_stream_that_is_no_answer_fails_in_words(string body, string told)
    {
        Send(body, body.StartsWith('<') ? "text/html" : "text/event-stream");
        (await FailureAsync(ReadAsync)).ShouldContain(told);
    }

    [Fact]
    public async Task Usage_on_every_piece_counts_once()
    {
        string Piece(string text, int tokens) =>
            $$$"""{"choices":[{"delta":{"content":"{{{text}}}"}}],"usage":{"prompt_tokens":5,"completion_tokens":{{{tokens}}}}}""";
        Send(Events(Piece("I am ", 1), Piece("AiMe.", 2), End, "[DONE]"), "text/event-stream");
        (await ReadAsync()).Usage!.OutputTokenCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_is_busy_at_the_beginning_of_a_stream_is_asked_again()
    {
        Stub.Answers = (context, _) =>
            Stub.Requests.Count switch
            {
                1 => OpenAiStub.StreamAsync(context, """{"error":{"message":"Overloaded","type":"overloaded_error"}}"""),
                2 => OpenAiStub.JsonAsync(context, """{"error":{"message":"slow down","code":429}}"""),
                _ => OpenAiStub.StreamAsync(context, One, Two, End, "[DONE]"),
            };
        IChatClient chat = Chat(o => o with { Retries = 2 });
        (await chat.GetStreamingResponseAsync(Hello).ToChatResponseAsync()).Text.ShouldBe("I am AiMe.");
        Stub.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_stream_that_stays_open_after_its_answer_has_ended_is_a_whole_answer()
    {
        Stub.Answers = async (context, _) =>
        {
            await OpenAiStub.StreamAsync(context, One, Two, End);
            await context.Response.Body.FlushAsync();
            await OpenAiStub.Silence(context);
        };
        IChatClient chat = Chat(o => o with { Timeout = TimeSpan.FromMilliseconds(300) });
        (await chat.GetStreamingResponseAsync(Hello).ToChatResponseAsync()).Text.ShouldBe("I am AiMe.");
    }

    private static string Events(params string[] pieces) => string.Concat(pieces.Select(p => $"data: {p}\n\n"));

    private Task<ChatResponse> ReadAsync() => Chat().GetStreamingResponseAsync(Hello).ToChatResponseAsync();

    private void Send(string body, string type) =>
        Stub.Answers = (context, _) =>
        {
            context.Response.ContentType = type;
            return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        };
}
