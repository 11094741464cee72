using AiMe.Console.Tests.Runs;

namespace AiMe.Console.Tests.View;

/// <summary><c>aime view --bundle</c>: pages without a server.</summary>
public sealed class BundleTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_bundle_has_a_page_for_the_store_the_run_its_report_and_each_instance_and_no_script()
    {
        var folder = Path.Combine(world.NewDirectory(), "site");
        (await world.ReadAsync("view", "--bundle", folder)).Well();
        var run = World.RunOf(world.First);
        File.ReadAllText(Path.Combine(folder, "index.html")).ShouldContain($"href=\"{run}/index.html\"");
        File.ReadAllText(Path.Combine(folder, run, "index.html")).ShouldContain(world.Digest);
        foreach (var page in Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories))
        {
            var html = await File.ReadAllTextAsync(page);
            html.ShouldContain("Content-Security-Policy");
            html.ShouldNotContain("<script");
            html.ShouldNotContain("src=\"http");
            html.ShouldNotContain("href=\"http");
        }

        File.ReadAllText(Path.Combine(folder, run, "memory.html")).ShouldContain("href=\"keep-all-1.memory.html\"");
        File.ReadAllText(Path.Combine(folder, run, "keep-all-1.memory.html")).ShouldContain("recalled text stored as new: 0 of 12");
        var events = await World.QueryAsync(world.Store, $"SELECT COUNT(*) FROM journal WHERE persistence_id LIKE '{run}/keep-all-1/%'");
        File.ReadLines(Path.Combine(folder, run, "keep-all-1.jsonl")).Count().ToString().ShouldBe(events.Single());
    }

    [Fact]
    public async Task A_folder_that_is_there_is_replaced_only_by_force_and_only_if_it_is_a_bundle()
    {
        var folder = Path.Combine(world.NewDirectory(), "site");
        (await world.ReadAsync("view", "--bundle", folder)).Well();
        (await world.ReadAsync("view", "--bundle", folder)).Errors.ShouldContain("exists already");
        (await world.ReadAsync("view", "--bundle", folder, "--force")).Well();
        var other = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(other, "thesis.tex"), "x");
        (await world.ReadAsync("view", "--bundle", other, "--force")).Errors.ShouldContain("holds no bundle");
        File.Exists(Path.Combine(other, "thesis.tex")).ShouldBeTrue();
    }

    [Fact]
    public async Task Runs_without_a_bundle_are_refused()
    {
        var left = await world.ReadAsync("view", World.RunOf(world.First));
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("--bundle");
    }
}
