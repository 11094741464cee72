using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiMe.Effects.Tracing;
using AiMe.EventSourcing;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests.Tracing;

/// <summary>Calls to models as spans and measurements, by OpenTelemetry's conventions.</summary>
public sealed class ModelCallTests : IDisposable
{
    private static readonly ActivitySource s_test = new("AiMe.Effects.Tests");
    private readonly ActivityListener _listener;
    private readonly ConcurrentBag<Activity> _ended = [];
    private readonly Activity _effect;

    public ModelCallTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is Telemetry.Name or "AiMe.Effects.Tests",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                if (a.TraceId == _effect?.TraceId)
                    _ended.Add(a);
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Activity.Current = null;
        _effect = s_test.StartActivity("effect")!;
        _effect.SetTag("gen_ai.agent.id", "run/kept-1");
    }

    public void Dispose()
    {
        _effect.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task A_hosted_call_is_a_client_span_under_the_effect()
    {
        await new TracedChat(new Hosted()).GetResponseAsync(
            "Hi?",
            new ChatOptions
            {
                ModelId = "m-1",
                Temperature = 0.5f,
                MaxOutputTokens = 9,
            }
        );

        var span = _ended.Single();
        (span.OperationName, span.Kind, span.ParentSpanId, span.Status).ShouldBe(
            ("chat m-1", ActivityKind.Client, _effect.SpanId, ActivityStatusCode.Unset)
        );
        var tags = span.TagObjects.ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        tags["gen_ai.operation.name"].ShouldBe("chat");
        tags["gen_ai.provider.name"].ShouldBe("openai");
        tags["gen_ai.request.model"].ShouldBe("m-1");
        tags["gen_ai.request.max_tokens"].ShouldBe(9);
        tags["gen_ai.response.model"].ShouldBe("m-1-exact");
        tags["gen_ai.usage.input_tokens"].ShouldBe(3L);
        tags["gen_ai.usage.output_tokens"].ShouldBe(4L);
        tags["gen_ai.response.finish_reasons"].ShouldBe(new[] { "stop" });
        tags["gen_ai.agent.id"].ShouldBe("run/kept-1");
        tags["server.address"].ShouldBe("models.example");
        tags["server.port"].ShouldBe(8443);
        tags.Keys.ShouldNotContain(k => k.Contains("messages", StringComparison.Ordinal), "what was said leaves only if it is asked for");
    }

    [Fact]
    public async Task A_streamed_call_is_one_span_with_the_usage_of_its_end()
    {
        List<string> heard = [];
        await foreach (var update in new TracedChat(new Hosted()).GetStreamingResponseAsync("Hi?", new ChatOptions { ModelId = "m-1" }))
            heard.Add(update.Text);

        string.Concat(heard).ShouldBe("Hello.");
        var span = _ended.Single();
        span.GetTagItem("gen_ai.request.stream").ShouldBe(true);
        span.GetTagItem("gen_ai.usage.output_tokens").ShouldBe(4L);
    }

    [Fact]
    public async Task A_failed_call_is_a_failed_span_and_has_a_duration()
    {
        var durations = new ConcurrentBag<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Name == "gen_ai.client.operation.duration")
                    l.EnableMeasurementEvents(i);
            },
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => durations.Add(string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}")))
        );
        meters.Start();
        var chat = new TracedChat(new Hosted { Failure = new Models.ProviderException("busy") });

        await Should.ThrowAsync<Models.ProviderException>(() => chat.GetResponseAsync("Hi?", new ChatOptions { ModelId = "m-failing" }));

        var span = _ended.Single();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("AiMe.Models.ProviderException");
        durations.ShouldContain(
            "gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=m-failing error.type=AiMe.Models.ProviderException"
        );
    }

    [Fact]
    public async Task The_frozen_embedder_and_a_search_are_spans_in_this_process()
    {
        await new TracedEmbedder(Stage.Embedder).GenerateAsync(["I am AiMe."]);

        var span = _ended.Single();
        (span.OperationName, span.Kind).ShouldBe(("embeddings frozen-embedder", ActivityKind.Internal));
        span.GetTagItem("gen_ai.embeddings.dimension.count").ShouldBe(256);
    }

    [Fact]
    public void Messages_have_the_form_of_the_conventions() =>
        MessageContent
            .Json([new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm."), new TextContent("\"Hello\"")])], "stop")
            .ShouldBe(
                """[{"role":"assistant","parts":[{"type":"reasoning","content":"Hm."},{"type":"text","content":"\"Hello\""}],"finish_reason":"stop"}]"""
            );

    private sealed class Hosted : IChatClient
    {
        public Exception? Failure { get; init; }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Failure is not null
                ? Task.FromException<ChatResponse>(Failure)
                : Task.FromResult(
                    new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello."))
                    {
                        ModelId = $"{options?.ModelId}-exact",
                        FinishReason = ChatFinishReason.Stop,
                        Usage = new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4 },
                    }
                );

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
                yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", new Uri("https://models.example:8443/v1")) : null;

        public void Dispose() { }
    }
}
