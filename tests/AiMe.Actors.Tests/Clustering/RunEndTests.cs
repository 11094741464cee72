using System.Collections.Concurrent;
using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Hosts;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Runs;
using Microsoft.Extensions.Logging;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>Two nodes host a run to its end, and both end.</summary>
public sealed class RunEndTests : IAsyncLifetime
{
    // A hand-over to a node that also ends would take as long as the resolver's margin: two minutes here, and the test fails.
    private const string LongMargin = """
        akka.cluster { min-nr-of-members = 2, split-brain-resolver.stable-after = 120s }
        akka.coordinated-shutdown.phases.cluster-exiting.timeout = 120s
        """;

    private static readonly string[] Transport =
    [
        "endpointManager",
        "TcpServerHandler",
        "TcpClientHandler",
        "EndpointDisassociated",
        "Tried to associate with unreachable remote address",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-ending-").FullName;
    private readonly Warnings _warnings = new();
    private EventStore _store = null!;
    private RunPlan _plan = null!;

    public async Task InitializeAsync()
    {
        _store = await EventStore.OpenAsync(
            _directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );
        _plan = await ScriptedRun.PlanAsync(_store.Blobs);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [SlowFact]
    public async Task Nodes_end_with_their_run_and_wait_for_no_successor()
    {
        var settings = Nodes.SoonAnd(LongMargin) with { Logging = log => log.ClearProviders().AddProvider(_warnings) };
        var first = new OpenedNode(_store, NodeOptions.Alone, settings);
        var ending = RunAsync(first);
        var second = new OpenedNode(_store, NodeOptions.Alone with { Seeds = [$"127.0.0.1:{await first.PortAsync()}"] }, settings);

        foreach (var node in (RunOutcome[])await Task.WhenAll(ending, RunAsync(second)).WaitAsync(Systems.Patience))
            node.Digest.ShouldBe(ScriptedRun.Digest);
        // The node that ends first breaks its connection to the other, whose transport may notice, and may try once more.
        _warnings
            .Lines.Where(l => !Transport.Any(part => l.Contains(part, StringComparison.Ordinal)))
            .ShouldBeEmpty("from the run's end on");
        (await _store.Ownership.HoldersAsync(CancellationToken.None)).ShouldBeEmpty("every lease was released");
    }

    private Task<RunOutcome> RunAsync(OpenedNode node) =>
        RunHost.RunAsync(
            _plan,
            _store,
            new ScriptedEffects(_store.Blobs, null),
            new SessionOptions(2, Hosting: node),
            _warnings,
            TimeProvider.System,
            CancellationToken.None,
            CancellationToken.None
        );

    /// <summary>Keeps the warnings of Akka's log from the run's end on: earlier ones are about nodes that have not joined yet.</summary>
    private sealed class Warnings : ILoggerProvider, ILogger, IRuntimeObserver
    {
        private volatile bool _ended;

        public void Happened(string instance, string faculty, Event happened) => _ended |= happened is RunEnded;

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }

        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => _ended && logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
