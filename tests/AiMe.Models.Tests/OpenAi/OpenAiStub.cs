using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>A request as it came in.</summary>
public sealed record Asked(string Path, string Authorization, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;
}

/// <summary>A server on this machine that speaks OpenAI's API as a test tells it to, with every fault that can be had.</summary>
public sealed class OpenAiStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OpenAiStub(WebApplication app) => (_app, BaseUrl) = (app, new Uri("http://localhost"));

    public ConcurrentQueue<Asked> Requests { get; } = [];

    /// <summary>How a request is answered.</summary>
    public Func<HttpContext, Asked, Task> Answers { get; set; } = Well;

    /// <summary>Such as <c>http://127.0.0.1:1234/v1</c>.</summary>
    public Uri BaseUrl { get; private set; }

    /// <param name="port">0 for any that is free.</param>
    public static async Task<OpenAiStub> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        OpenAiStub stub = new(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        stub.BaseUrl = new Uri($"{app.Urls.Single()}/v1");
        return stub;
    }

    /// <summary>An answer of the chat.</summary>
    public static string Chat(string content, string finish = "stop", string extra = "") =>
        $$"""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(content)}},"refusal":null},"finish_reason":"{{finish}}"{{extra}} }],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8} }""";

    /// <summary>Embeddings in the order of their index.</summary>
    public static string Embeddings(params IEnumerable<float[]> vectors) =>
        $$"""{"object":"list","model":"m","data":[{{string.Join(',', vectors.Select((v, i) => $$"""{"object":"embedding","index":{{i}},"embedding":"{{Base64(v)}}"}"""))}}],"usage":{"prompt_tokens":1,"total_tokens":1} }""";

    public static string Base64(float[] vector) =>
        Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector));

    /// <summary>A vector that words of a text point to: like texts lie near each other.</summary>
    public static float[] Place(string text)
    {
        var vector = new float[8];
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            vector[word.Sum(c => c) % 8] += 1;
        return vector;
    }

    /// <summary>A short answer, a reflection where one is asked for, and embeddings.</summary>
    public static Task Well(HttpContext context, Asked asked)
    {
        if (asked.Path.EndsWith("/embeddings", StringComparison.Ordinal))
            return JsonAsync(context, Embeddings(asked.Json.GetProperty("input").EnumerateArray().Select(t => Place(t.GetString()!))));
        return JsonAsync(
            context,
            Chat(
                asked.Json.TryGetProperty("response_format", out _)
                    ? """{"reflection":"I could say more.","alignment":0.8,"quality":0.7}"""
                    : "A"
            )
        );
    }

    public static Task JsonAsync(HttpContext context, string json, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(json);
    }

    /// <summary>Server-sent events.</summary>
    public static async Task StreamAsync(HttpContext context, params string[] pieces)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (var piece in pieces)
            await context.Response.WriteAsync($"data: {piece}\n\n");
    }

    /// <summary>Says nothing until the caller has gone.</summary>
    public static Task Silence(HttpContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever still waits is cut off.
        }

        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        Asked asked = new(context.Request.Path, context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync());
        Requests.Enqueue(asked);
        await Answers(context, asked);
    }
}
