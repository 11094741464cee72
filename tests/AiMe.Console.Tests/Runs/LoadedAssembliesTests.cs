using System.Text;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>Commands that host no run start fast: they load nothing of Akka.NET. The runtime itself tells what a process loads.</summary>
public sealed class LoadedAssembliesTests(World world) : IClassFixture<World>
{
    // Events of the loader, as names in UTF-16.
    private const string Loader = "Microsoft-Windows-DotNETRuntime:0x8:4";

    [Theory]
    [InlineData("--version")]
    [InlineData("compare")]
    [InlineData("verify")]
    public Task A_command_that_hosts_no_run_loads_nothing_of_Akka(string command) => LoadsNothingOfAkkaAsync(command);

    [SlowTheory]
    [InlineData("--help")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("validate")]
    public Task Nor_does_any_other_command_that_hosts_no_run(string command) => LoadsNothingOfAkkaAsync(command);

    private async Task LoadsNothingOfAkkaAsync(string command)
    {
        string[] line = command switch
        {
            "--version" or "--help" => [command],
            "validate" => [command, world.Small],
            _ => [command, "--store", world.Store],
        };
        var loaded = await LoadedByAsync(line);
        loaded.ShouldContain("AiMe.Lab", Case.Sensitive, "the control: what is loaded is seen");
        loaded.ShouldNotContain("Akka", Case.Sensitive);
        loaded.ShouldNotContain("AiMe.Actors", Case.Sensitive);
        loaded.ShouldNotContain("Parquet", Case.Sensitive);
        foreach (var ofPages in (string[])["AiMe.Web", "Microsoft.AspNetCore", "SkiaSharp"])
            loaded.ShouldNotContain(ofPages, Case.Sensitive);
    }

    [Theory]
    [InlineData("report", "page.html")]
    [InlineData("plot", "drift.svg")]
    public async Task A_command_that_finds_nothing_to_show_loads_no_pages_either(string command, string file)
    {
        var loaded = await LoadedByAsync([command, "--store", world.Store, "--out", file, "--variant", "nobody"], isWell: false);
        loaded.ShouldContain("AiMe.Lab", Case.Sensitive, "the control");
        loaded.ShouldNotContain("Microsoft.AspNetCore", Case.Sensitive);
    }

    [Fact]
    public async Task A_report_loads_the_pages_but_neither_a_server_nor_what_draws_figures()
    {
        var loaded = await LoadedByAsync(["report", "--store", world.Store, "--out", "page.html"]);
        loaded.ShouldContain("Microsoft.AspNetCore.Components.Web", Case.Sensitive, "the control");
        loaded.ShouldNotContain("Microsoft.AspNetCore.Server.Kestrel", Case.Sensitive);
        loaded.ShouldNotContain("SkiaSharp", Case.Sensitive);
        loaded.ShouldNotContain("Akka", Case.Sensitive);
    }

    [SlowFact]
    public async Task A_run_loads_it_but_neither_remoting_nor_the_cluster()
    {
        var loaded = await LoadedByAsync(world.Command(world.NewStore()));
        loaded.ShouldContain("Akka.Persistence", Case.Sensitive, "the control");
        // The full name of an assembly: of Akka.Cluster.Sharding it has the types that a host shares with a shard region.
        foreach (var ofClusters in (string[])["Akka.Remote, Version", "Akka.Cluster, Version", "Akka.Management", "Akka.Discovery"])
            loaded.ShouldNotContain(ofClusters, Case.Sensitive);
    }

    [SlowFact]
    public async Task The_sdk_of_telemetry_is_loaded_only_if_it_is_asked_for()
    {
        (await LoadedByAsync(world.Command(world.NewStore()))).ShouldNotContain("OpenTelemetry", Case.Sensitive);
        (await LoadedByAsync(world.Command(world.NewStore(), "--otlp", "http://127.0.0.1:1"))).ShouldContain(
            "OpenTelemetry.Exporter",
            Case.Sensitive,
            "the control"
        );
    }

    [SlowFact]
    public async Task A_node_that_is_told_its_seeds_loads_nothing_that_finds_others()
    {
        var loaded = await LoadedByAsync(world.Command(world.NewStore(), "--node", "127.0.0.1:0"));
        loaded.ShouldContain("Akka.Cluster, Version", Case.Sensitive, "the control");
        loaded.ShouldNotContain("Akka.Management", Case.Sensitive);
    }

    private async Task<string> LoadedByAsync(string[] line, bool isWell = true)
    {
        var trace = Path.Combine(world.NewDirectory(), "loaded.nettrace");
        var ended = await Aime.RunAsync(
            world.NewDirectory(),
            line,
            "DOTNET_EnableEventPipe=1",
            $"DOTNET_EventPipeConfig={Loader}",
            $"DOTNET_EventPipeOutputPath={trace}"
        );
        if (isWell)
            ended.Well();
        var bytes = await File.ReadAllBytesAsync(trace);
        // A name may begin at an odd place.
        return Encoding.Unicode.GetString(bytes) + Encoding.Unicode.GetString(bytes.AsSpan(1));
    }
}
