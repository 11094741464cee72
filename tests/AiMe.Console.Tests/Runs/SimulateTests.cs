using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>simulate, as a process.</summary>
public sealed class SimulateTests
{
    [SlowFact]
    public async Task Two_processes_go_through_the_seeds_in_the_same_order_of_steps()
    {
        var (one, other) = (await ReportAsync("--parallel", "1"), await ReportAsync("--parallel", "3"));

        Order(other).ShouldBe(Order(one));
        other.GetProperty("steps").GetInt64().ShouldBe(one.GetProperty("steps").GetInt64());
        Order(await ReportAsync("--seed", "2")).ShouldNotBe(Order(one), "other seeds take their steps in another order");
    }

    [Fact]
    public async Task A_planted_mistake_is_told_with_its_seed_and_its_schedule_and_fails_the_command()
    {
        var left = await RunAsync("--seeds", "1000", "--plant", "lost-pending");

        left.Code.ShouldBe(1);
        var violation = JsonDocument.Parse(left.Output).RootElement.GetProperty("violation");
        violation.GetProperty("reproduces").GetBoolean().ShouldBeTrue();
        violation.GetProperty("schedule").GetArrayLength().ShouldBeGreaterThan(10);
        violation.GetProperty("command").GetString()!.ShouldContain($"--seed {violation.GetProperty("seed").GetInt64()}");
    }

    private static async Task<JsonElement> ReportAsync(params string[] options) =>
        JsonDocument.Parse((await RunAsync(["--seeds", "12", .. options])).Well().Output).RootElement;

    private static Task<Left> RunAsync(params string[] options) => Aime.RunAsync(Path.GetTempPath(), ["simulate", "--json", .. options]);

    private static string? Order(JsonElement report) => report.GetProperty("order").GetString();
}
