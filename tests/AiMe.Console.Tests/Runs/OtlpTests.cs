using System.Collections.Concurrent;
using System.Text;
using AiMe.Console.Otlp;
using AiMe.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiMe.Console.Tests.Runs;

/// <summary>Traces and metrics leave a run only if they are asked for.</summary>
public sealed class OtlpTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Nothing_is_exported_unless_it_is_asked_for()
    {
        OtlpSettings.Of(null, Variables()).ShouldBeNull();
        OtlpSettings.Of(null, Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", " "))).ShouldBeNull();
        OtlpSettings.Of(new Uri("http://c:4318"), Variables(("OTEL_SDK_DISABLED", "TRUE"))).ShouldBeNull();
        OtlpSettings
            .Of(new Uri("http://c:4318"), Variables(("OTEL_TRACES_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "none")))
            .ShouldBeNull();
    }

    [Fact]
    public void The_standard_variables_ask_for_both_signals_or_one()
    {
        OtlpSettings
            .Of(null, Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318")))
            .ShouldBe(new OtlpSettings(null, Traces: true, Metrics: true, Grpc: false));
        OtlpSettings
            .Of(null, Variables(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:4318/v1/metrics")))
            .ShouldBe(new OtlpSettings(null, Traces: false, Metrics: true, Grpc: false));
        OtlpSettings
            .Of(new Uri("http://c:4318"), Variables(("OTEL_METRICS_EXPORTER", "none")))
            .ShouldBe(new OtlpSettings(new Uri("http://c:4318"), Traces: true, Metrics: false, Grpc: false));
    }

    [Theory]
    [InlineData("http://c:4318", "", "http://c:4318/v1/traces")]
    [InlineData("https://c/otlp/", "", "https://c/otlp/v1/traces")]
    [InlineData("http://c:4317", "grpc", "http://c:4317/")]
    public void An_endpoint_gets_the_path_of_its_signal(string endpoint, string protocol, string expected) =>
        OtlpSettings
            .Of(new Uri(endpoint), Variables(("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)))!
            .EndpointOf("traces")
            .ShouldBe(new Uri(expected));

    [Fact]
    public async Task An_endpoint_that_is_none_is_refused()
    {
        var left = await world.RunAsync(world.NewStore(), "--otlp", "localhost:4318");
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("--otlp: found 'localhost:4318', expected the address of a collector");
    }

    [SlowFact]
    public async Task A_run_sends_its_spans_and_its_metrics_and_its_digest_is_the_same()
    {
        await using var collector = await Collector.StartAsync();

        var left = await world.RunAsync(world.NewStore(), "--otlp", collector.Address);

        World.DigestOf(left).ShouldBe(world.Digest);
        var (traces, metrics) = (collector.Received("/v1/traces"), collector.Received("/v1/metrics"));
        foreach (var expected in (string[])["cycle", "effect generate_answer", "text_completion ", "embeddings ", "search_memory", "AiMe"])
            traces.ShouldContain(expected);
        foreach (var expected in (string[])["aime.experiences", "aime.journal.batch.size", "gen_ai.client.operation.duration"])
            metrics.ShouldContain(expected);
        traces.ShouldNotContain("gen_ai.input.messages");
        left.Errors.ShouldNotContain("telemetry:");
    }

    [SlowFact]
    public async Task A_collector_that_is_not_there_costs_a_line_and_nothing_else()
    {
        var left = await world.RunAsync(world.NewStore(), "--otlp", "http://127.0.0.1:1");

        World.DigestOf(left).ShouldBe(world.Digest);
        left.Errors.ShouldContain("telemetry: ");
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;

    /// <summary>A collector on this machine that keeps what it gets.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];
        private readonly WebApplication _app;

        private Collector(WebApplication app) => _app = app;

        public string Address => _app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            Collector collector = new(builder.Build());
            collector._app.Run(collector.TakeAsync);
            await collector._app.StartAsync();
            return collector;
        }

        /// <summary>Everything that came in on a path, as text: the names in it are readable.</summary>
        public string Received(string path) =>
            string.Concat(_received.Where(r => r.Path == path).Select(r => Encoding.Latin1.GetString(r.Body)));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path, body.ToArray()));
        }
    }
}
