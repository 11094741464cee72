using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using AiMe.VectorStores.Tests.Stubs;
using Xunit.Abstractions;

namespace AiMe.VectorStores.Tests;

/// <summary>
/// Requests of the conformance tests pass through Prism, which checks each, and the stub's answer, against a description of the API that
/// nobody here wrote.
/// </summary>
public sealed class DescriptionTests(ITestOutputHelper output)
{
    private const string Prism = "AIME_PRISM",
        Descriptions = "AIME_STORE_DESCRIPTIONS";

    [SkippableFact]
    public Task Every_request_to_Pinecone_fits_the_description() =>
        CheckAsync("pinecone.db_data_2025-10.prism.json", () => new PineconeStub { HasOneIndex = true }, "query", """{"topK":"ten"}""");

    [SkippableFact]
    public Task Every_request_to_Weaviate_fits_the_description() =>
        CheckAsync("weaviate.prism.json", () => new WeaviateStub(), "v1/batch/objects", """{"objects":"none"}""");

    private async Task CheckAsync(string description, Func<HttpStub> start, string path, string malformed)
    {
        var prism = Environment.GetEnvironmentVariable(Prism);
        var file = Path.Combine(Environment.GetEnvironmentVariable(Descriptions) ?? "", description);
        Skip.IfNot(
            File.Exists(prism) && File.Exists(file),
            $"set {Prism} to Prism's program (npm: @stoplight/prism-cli) and {Descriptions} to the folder of {description}"
        );
        await using var stub = start();
        await stub.StartAsync();
        using PrismProcess gate = new(prism!, file, stub.Port);
        await gate.WaitAsync();
        using Counting counting = new();
        using HttpClient client = new(counting, disposeHandler: false);
        using StringContent content = new(malformed, System.Text.Encoding.UTF8, "application/json");
        await client.PostAsync(new Uri($"http://127.0.0.1:{gate.Port}/{path}"), content);
        counting.Refused.ShouldBe(1, "what does not fit is refused");
        (stub.Gate, stub.Handler) = (gate.Port, counting);
        var sentences = 0;
        foreach (var sentence in typeof(VectorStoreConformance).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null))
        foreach (var arguments in ArgumentsOf(sentence))
        {
            stub.Clear();
            Through conformance = new(stub);
            await conformance.InitializeAsync();
            try
            {
                await (Task)sentence.Invoke(conformance, arguments)!;
                sentences++;
            }
            catch (SkipException)
            {
                // This server has one place.
            }

            await conformance.DisposeAsync();
        }

        output.WriteLine($"{description}: {sentences} sentences, {counting.Requests - 1} requests, {counting.Refused - 1} refused");
        sentences.ShouldBeGreaterThan(12);
        counting.Refused.ShouldBe(1, "the malformed one alone");
    }

    private static IEnumerable<object?[]> ArgumentsOf(MethodInfo sentence) =>
        sentence.GetParameters().Length == 0
            ?
            [
                [],
            ]
            : sentence.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(sentence));

    /// <summary>The sentences on a server that outlives them.</summary>
    private sealed class Through(HttpStub stub) : VectorStoreConformance
    {
        private protected override Task<StoreServer> StartAsync() => Task.FromResult<StoreServer>(new Borrowed(stub));
    }

    private sealed class Borrowed(HttpStub stub) : StoreServer
    {
        public override IVectorStore Connect(string place, TimeSpan timeout, int? port = null) => stub.Connect(place, timeout, port);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Counts requests, and answers that are Prism's own.</summary>
    private sealed class Counting() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests,
            _refused;

        public int Requests => _requests;

        public int Refused => _refused;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
                Interlocked.Increment(ref _refused);
            return response;
        }
    }

    /// <summary>Prism as a proxy that refuses what does not fit the description.</summary>
    private sealed class PrismProcess : IDisposable
    {
        private readonly Process _process;

        public PrismProcess(string prism, string description, int upstream)
        {
            Port = FreePort();
            ProcessStartInfo start = new(prism)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            string[] arguments = ["proxy", description, $"http://127.0.0.1:{upstream}", "--errors", "-h", "127.0.0.1", "-p", $"{Port}"];
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public int Port { get; }

        public async Task WaitAsync()
        {
            for (var tries = 0; tries < 300; tries++)
            {
                using TcpClient probe = new();
                try
                {
                    await probe.ConnectAsync("127.0.0.1", Port);
                    return;
                }
                catch (SocketException)
                {
                    await Task.Delay(100);
                }
            }

            throw new InvalidOperationException("Prism does not listen after half a minute.");
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        private static int FreePort()
        {
            using TcpListener probe = new(System.Net.IPAddress.Loopback, 0);
            probe.Start();
            return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
