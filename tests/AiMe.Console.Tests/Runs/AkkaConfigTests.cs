using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>A file with settings of Akka's, as a person gives it.</summary>
public sealed class AkkaConfigTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("akka {\n  loglevel = ERROR\n", "line 1: '{' is never closed")]
    [InlineData("akka {\n  loglevel ERROR\n}", "there is no value for 'akka.loglevel ERROR', expected key = value")]
    [InlineData("include \"more.conf\"", "line 1: 'include' is not supported; put those settings into this file")]
    [InlineData(
        "akka.remote.dot-netty.ssl.certificate.password = ${AIME_NO_SUCH_VARIABLE}",
        "${AIME_NO_SUCH_VARIABLE} is neither a setting in this file nor an environment variable"
    )]
    [InlineData("akka = 3", "akka: found '3', expected a section in braces")]
    [InlineData(
        "akka.actor.default-dispatcher.throughput = many",
        "akka.actor.default-dispatcher.throughput: found 'many', expected a number such as 30"
    )]
    public async Task A_file_that_cannot_be_read_is_refused_with_its_path_and_nothing_is_made(string hocon, string told)
    {
        var (store, config) = (Path.Combine(world.NewDirectory(), "none"), await FileAsync(hocon));
        var left = await world.RunAsync(store, "--akka-config", config);
        left.Code.ShouldBe(2, left.Errors);
        left.Errors.ShouldContain($"--akka-config: {config}: {told}");
        Directory.Exists(store).ShouldBeFalse();
    }

    [SlowTheory]
    [InlineData("akka.persistence.journal.aime.class = \"No.Such\"", "akka.persistence.journal.aime.class = No.Such")]
    [InlineData(
        "akka.cluster.split-brain-resolver.active-strategy = foo",
        "akka.cluster.split-brain-resolver.active-strategy = foo",
        "--node",
        "127.0.0.1:0"
    )]
    public async Task A_value_that_Akka_refuses_is_told_with_its_setting(string hocon, string setting, params string[] more)
    {
        var left = await world.RunAsync(world.NewStore(), ["--akka-config", await FileAsync(hocon), .. more]);
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.Split('\n')[^1].ShouldStartWith("error: The actor system could not be started: ");
        left.Errors.ShouldContain($"The given settings are: {setting}.");
        left.Errors.ShouldNotContain("AkkaHostedService");
        left.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_right_changes_no_digest()
    {
        var left = await world.RunAsync(
            world.NewStore(),
            "--akka-config",
            await FileAsync("akka.actor.default-dispatcher.throughput = 1\naime.model-dispatcher.throughput = 2")
        );
        World.DigestOf(left).ShouldBe(world.Digest);
    }

    private async Task<string> FileAsync(string hocon)
    {
        var file = Path.Combine(world.NewDirectory(), "mine.conf");
        await File.WriteAllTextAsync(file, hocon);
        return file;
    }
}
