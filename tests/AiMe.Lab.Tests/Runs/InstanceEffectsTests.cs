using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Tests.Runs.Forks;

namespace AiMe.Lab.Tests.Runs;

/// <summary>Effects go to the model of the instance's variant.</summary>
public sealed class InstanceEffectsTests
{
    [Theory]
    [InlineData("kept-1", "common")]
    [InlineData("frozen-1", "own")]
    public async Task A_planned_instance_has_the_model_of_its_variant(string instance, string model)
    {
        await using var lived = await LivedStore.OpenAsync();
        (await ModelOfAsync(lived, instance)).ShouldBe(model);
    }

    [Fact]
    public async Task A_fork_has_the_model_of_its_parents_variant_whatever_its_name()
    {
        await using var lived = await LivedStore.OpenAsync();
        await lived.MakeAsync(await lived.OrderAsync(index: 20, parent: "frozen-1", name: "kept-2"));
        (await ModelOfAsync(lived, "kept-2")).ShouldBe("own");
    }

    [Theory]
    [InlineData("kept-2")]
    [InlineData("kept-01")]
    [InlineData("kept")]
    public async Task An_unknown_instance_is_an_error(string instance)
    {
        await using var lived = await LivedStore.OpenAsync();
        (await Should.ThrowAsync<InvalidOperationException>(() => ModelOfAsync(lived, instance))).Message.ShouldContain(instance);
    }

    private static async Task<string> ModelOfAsync(LivedStore lived, string instance)
    {
        Named common = new(),
            own = new();
        InstanceEffects effects = new(lived.Plan, lived.Store.Journal, (variant, _) => variant.Name == "frozen" ? own : common);
        await effects.RunAsync(instance, new Nothing(), CancellationToken.None);
        await effects.RunAsync(instance, new Nothing(), CancellationToken.None);
        (common.Asked + own.Asked).ShouldBe(2);
        return own.Asked == 2 ? "own" : "common";
    }

    private sealed record Nothing() : Effect("nothing");

    private sealed record Done : Command;

    private sealed class Named : IEffects
    {
        public int Asked { get; private set; }

        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult<Command>(new Done());
        }
    }
}
