using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary><c>aime recognition</c> over a recorded run.</summary>
public sealed class RecognitionTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task At_generation_0_all_instances_are_clones_and_every_area_is_a_half()
    {
        var instances = await InstancesAsync("--generation", "0");
        instances.Count.ShouldBe(8 * 3);
        instances.ShouldAllBe(i => i.GetProperty("auc").GetDouble() == 0.5);
    }

    [Fact]
    public async Task An_instance_that_is_never_trained_is_a_clone_of_its_sibling_and_a_trained_one_is_not()
    {
        foreach (var i in (await InstancesAsync()).Where(i => i.GetProperty("reference").GetString() == "sibling"))
        {
            var frozen = i.GetProperty("variant").GetString() == "frozen";
            (i.GetProperty("auc").GetDouble() == 0.5).ShouldBe(frozen, i.ToString());
        }
    }

    [Fact]
    public async Task It_does_not_depend_on_the_number_of_threads_and_writes_nothing()
    {
        var store = world.CopyOfStore();
        var before = Files();

        var one = (await Aime.RunAsync(store, ["recognition", "--json", "--parallel", "1", "--store", store])).Well();
        var four = (await Aime.RunAsync(store, ["recognition", "--json", "--parallel", "4", "--store", store])).Well();

        four.Output.ShouldBe(one.Output);
        Files().ShouldBe(before);
        one.Errors.ShouldContain("recognition: 8 of 8 instances");

        string[] Files() =>
            [
                .. Directory
                    .GetFiles(store, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}"),
            ];
    }

    [Fact]
    public async Task The_page_says_what_is_compared() =>
        (await world.ReadAsync("recognition", "--texts", "3"))
            .Well()
            .Output.ShouldContain("distinguishability at generation 2, at most 3 texts a side");

    [Fact]
    public async Task A_generation_without_texts_of_its_own_is_refused()
    {
        var left = await world.ReadAsync("recognition", "--generation", "3");
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("--generation: found 3, expected 0 to 2: a generation's own texts are the answers of the round after it");
    }

    private async Task<List<JsonElement>> InstancesAsync(params string[] more) =>
        [
            .. JsonDocument
                .Parse((await world.ReadAsync(["recognition", "--json", .. more])).Well().Output)
                .RootElement.GetProperty("instances")
                .EnumerateArray(),
        ];
}
