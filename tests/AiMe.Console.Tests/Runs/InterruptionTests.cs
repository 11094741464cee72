using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

public sealed class InterruptionTests(World world) : IClassFixture<World>
{
    private const int Killed = 128 + 9;

    [SlowFact]
    public async Task Killed_at_five_moments_and_resumed_with_the_same_command_it_gives_the_same_digest()
    {
        var store = world.NewDirectory();
        using (var aime = Aime.Start(store, world.Command(store)))
        {
            await aime.LineAsync("base model: 5");
            aime.Kill();
            (await aime.EndAsync()).Code.ShouldBe(Killed);
        }

        foreach (var rows in new[] { 23, 290, 511, 777 })
        {
            using JournalWatch watch = new(store);
            using var aime = Aime.Start(store, world.Command(store));
            var end = aime.EndAsync();
            await watch.RowsAsync(rows, end);
            aime.Kill();
            (await end).Code.ShouldBe(Killed, $"it ended before the kill at {rows} rows");
        }

        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
        (await World.QueryAsync(store, "SELECT count(*) FROM aime_experiences")).ShouldBe([$"{8 * 12}"]);
    }

    [SlowFact]
    public async Task Interrupted_it_says_how_to_go_on_and_goes_on_to_the_same_digest()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "SIGINT is sent with the tools of Linux");
        var store = world.NewStore();
        var command = world.Command(store, "--parallel", "1");
        using var aime = Aime.Start(store, command);
        await aime.LineAsync("% of the experiences");
        aime.Interrupt();
        var left = await aime.EndAsync();

        left.Code.ShouldBe(130);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain("Run the same command to resume");
        left.Errors.Split('\n')
            .ShouldContain(
                line =>
                    line.StartsWith("  dotnet ", StringComparison.Ordinal)
                    && line.EndsWith($"aime.dll {string.Join(' ', command)}", StringComparison.Ordinal),
                "it was started with `dotnet aime.dll`"
            );
        World.DigestOf(await Aime.RunAsync(store, command)).ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task An_instance_that_was_stopped_within_a_round_is_spoken_to_at_the_cycle_that_it_has_reached()
    {
        var store = world.NewStore();
        using (JournalWatch watch = new(store))
        using (var aime = Aime.Start(store, world.Command(store)))
        {
            var end = aime.EndAsync();
            await watch.RowsAsync(450, end);
            aime.Kill();
            await end;
        }

        var stands = (
            await World.QueryAsync(
                store,
                "SELECT substr(persistence_id, instr(persistence_id, '/') + 1) || ' ' || count(*) FROM journal WHERE manifest = 'memory.stored@1' GROUP BY persistence_id HAVING count(*) % 4 > 0 LIMIT 1"
            )
        )
            .Single()
            .Split('/', ' ');
        var left = (await Aime.RunAsync(store, ["console", stands[0], "--store", store, "--json"])).Well();
        System
            .Text.Json.JsonDocument.Parse(left.Lines[0])
            .RootElement.GetProperty("cycle")
            .GetInt32()
            .ShouldBeGreaterThanOrEqualTo(int.Parse(stands[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [SlowFact]
    public async Task Interrupted_while_its_base_model_is_trained_it_says_how_to_go_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "SIGINT is sent with the tools of Linux");
        var store = world.NewDirectory();
        using var aime = Aime.Start(store, world.Command(store));
        await aime.LineAsync("base model: 1");
        aime.Interrupt();
        var left = await aime.EndAsync();

        left.Code.ShouldBe(130);
        left.Errors.ShouldContain("Run the same command to resume");
    }

    [SlowFact]
    public async Task A_second_run_of_a_live_one_is_refused_with_its_host_and_process()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "SIGINT is sent with the tools of Linux");
        var store = world.NewStore();
        var command = world.Command(store, "--set", "replicates=200"); // long enough to outlive the second
        using var first = Aime.Start(store, command);
        await first.LineAsync("variants x 200 replicates");
        using JournalWatch watch = new(store);
        var end = first.EndAsync();
        await watch.RowsAsync(20, end);

        var second = await Aime.RunAsync(store, command);

        end.IsCompleted.ShouldBeFalse();
        second.Code.ShouldBe(2);
        second.Output.ShouldBeEmpty();
        second.Errors.ShouldContain(Environment.MachineName);
        second.Errors.ShouldContain($"{first.Id}");
        first.Interrupt();
        (await end).Code.ShouldBe(130);
    }
}
