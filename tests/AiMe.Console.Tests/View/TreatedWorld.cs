using System.Net;
using AiMe.Console.Tests.Runs;
using AiMe.Journal;
using AiMe.Web.View;

namespace AiMe.Console.Tests.View;

/// <summary>A run of two charters with interventions, a fork from before the second of them, and its pages.</summary>
public sealed class TreatedWorld : IAsyncLifetime
{
    private EventStore _store = default!;
    private ViewServer _server = default!;
    private HttpClient _client = default!;

    public string Root { get; } = Directory.CreateTempSubdirectory("aime-treated-").FullName;

    public string Run { get; private set; } = "";

    /// <summary>A fork of treated-2 after its fourth experience, of which no event is its own yet.</summary>
    public string Fork => "treated-2-fork-1";

    private string Store => Path.Combine(Root, "store");

    public async Task InitializeAsync()
    {
        var experiment = Path.Combine(AppContext.BaseDirectory, "Data", "treated.yaml");
        Run = World.RunOf(await Aime.RunAsync(Root, ["run", experiment, "--json", "--store", Store]));
        (await AimeAsync("fork", "treated-2@e4", "--no-run")).Well();
        _store = EventStore.OpenReadOnly(Store, TimeProvider.System, Processes.IsRunning);
        _server = await ViewServer.StartAsync(
            _store,
            openForWriting: null,
            new ViewOptions(IPAddress.Loopback, Port: 0, Parallel: 1, HostNames: []),
            TimeProvider.System,
            CancellationToken.None
        );
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    public Task<Left> AimeAsync(params string[] command) => Aime.RunAsync(Root, [.. command, "--store", Store]);

    /// <summary>A page of the run.</summary>
    /// <param name="path">After the run's own address; empty for the run itself.</param>
    public Task<string> PageAsync(string path) => _client.GetStringAsync($"/runs/{Run}{path}");
}
