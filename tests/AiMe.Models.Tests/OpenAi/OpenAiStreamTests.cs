using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

public sealed class OpenAiStreamTests : Served
{
    private const string First =
        """{"choices":[{"index":0,"delta":{"role":"assistant","content":"I am "},"logprobs":{"content":[{"token":"I am ","logprob":-1,"top_logprobs":[]}]}}]}""";
    private const string Second =
        """{"choices":[{"index":0,"delta":{"content":"AiMe."},"logprobs":{"content":[{"token":"AiMe.","logprob":-0.5,"top_logprobs":[]}]}}]}""";
    private const string End = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    [Fact]
    public async Task A_piece_is_handed_on_before_the_next_one_has_come()
    {
        var chat = Chat();
        await chat.GetResponseAsync(Hello); // from here on it is known that the model does not begin with reasoning
        Stub.Requests.Clear();
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Stream(async context =>
        {
            await SendAsync(context, First);
            await heard.Task; // the server goes on only when the first piece has reached the reader
            await SendAsync(context, Second, End, Usage, "[DONE]");
        });
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in chat.GetStreamingResponseAsync(Hello))
        {
            updates.Add(update);
            heard.TrySetResult();
        }

        updates.Select(u => u.Text).ShouldBe(["I am ", "AiMe.", ""]);
        var whole = updates.ToChatResponse();
        (whole.Text, whole.FinishReason, whole.Usage!.OutputTokenCount, whole.ModelId).ShouldBe(
            ("I am AiMe.", ChatFinishReason.Stop, 2, "some-model")
        );
        updates[^1].AdditionalProperties![Parts.Nats].ShouldBe(-1.5);
        Stub.Requests.Single()
            .Text.ShouldBe(
                """{"model":"some-model","messages":[{"role":"user","content":"Hello."}],"logprobs":true,"stream":true,"stream_options":{"include_usage":true}}"""
            );
    }

    [Fact]
    public async Task A_stream_without_its_end_is_cut_off()
    {
        Stream(context => SendAsync(context, First));
        (await FailureAsync(ReadAsync)).ShouldContain("the stream was cut off before the answer had ended");
    }

    [Fact]
    public async Task A_connection_that_breaks_in_mid_stream_is_told_of()
    {
        Stream(async context =>
        {
            await SendAsync(context, First);
            context.Abort();
        });
        (await FailureAsync(ReadAsync)).ShouldContain("the answer was cut off");
    }

    [Fact]
    public async Task A_stream_that_stands_still_is_told_of()
    {
        Stream(async context =>
        {
            await SendAsync(context, First);
            await OpenAiStub.Silence(context);
        });
        (await FailureAsync(() => DrainAsync(Chat(o => o with { Timeout = TimeSpan.FromMilliseconds(200) })))).ShouldContain(
            "it gave no answer within 0.2 s"
        );
    }

    [Theory]
    [InlineData("{\"choices\":[{\"delta\":7}]}", "choices[0].delta is a number, expected an object")]
    [InlineData("{nonsense", "it is not JSON, and begins '{nonsense'")]
    [InlineData("{\"error\":{\"message\":\"overloaded\"}}", "it answered with an error: overloaded")]
    [InlineData("{\"choices\":[{\"delta\":{\"refusal\":\"No.\"}}]}", "the model refused to answer: No.")]
    public async Task Nonsense_in_mid_stream_is_told_of(string piece, string told)
    {
        Stream(context => SendAsync(context, First, piece));
        (await FailureAsync(ReadAsync)).ShouldContain(told);
    }

    [Fact]
    public async Task A_stream_of_nothing_is_an_empty_answer()
    {
        Stream(context => SendAsync(context, End, "[DONE]"));
        var response = await Chat().GetStreamingResponseAsync(Hello).ToChatResponseAsync();
        (response.Text, response.FinishReason).ShouldBe(("", ChatFinishReason.Stop));
    }

    [Fact]
    public async Task A_refused_stream_is_told_of()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", 404);
        (await FailureAsync(ReadAsync)).ShouldContain("HTTP 404");
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_one()
    {
        using CancellationTokenSource stop = new();
        var chat = Chat();
        await chat.GetResponseAsync(Hello);
        Stream(async context =>
        {
            await SendAsync(context, First);
            await OpenAiStub.Silence(context);
        });
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in chat.GetStreamingResponseAsync(Hello, cancellationToken: stop.Token))
                await stop.CancelAsync();
        });
    }

    private Task ReadAsync() => DrainAsync(Chat());

    private static async Task DrainAsync(IChatClient chat)
    {
        await foreach (var _ in chat.GetStreamingResponseAsync(Hello))
        {
            // Only the end matters.
        }
    }

    private void Stream(Func<HttpContext, Task> send) =>
        Stub.Answers = (context, _) =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            return send(context);
        };

    private static async Task SendAsync(HttpContext context, params string[] pieces)
    {
        foreach (var piece in pieces)
            await context.Response.WriteAsync($"data: {piece}\n\n");
        await context.Response.Body.FlushAsync();
    }
}
