namespace AiMe.Console.Tests.Runs;

/// <summary>A run of an earlier release, whose file means another run under the usual version of the loop.</summary>
public sealed class OtherLoopVersionTests(World world) : IClassFixture<World>
{
    private const int InReview = 6;

    [Fact]
    public async Task An_unfinished_run_under_another_version_is_named_with_the_setting_that_resumes_it()
    {
        var store = world.NewStore();
        string[] held = ["--set", "replicates=1", "--set", "variants.keep-all.curate=[{review: {when: all, on-open: wait}}]"];
        var first = await world.RunAsync(store, [.. held, "--set", "loop-version=1"]);
        first.Code.ShouldBe(InReview, first.Errors);
        first.Errors.ShouldNotContain("unfinished run of this experiment");
        var second = await world.RunAsync(store, held);
        second.Code.ShouldBe(InReview, second.Errors);
        second.Errors.ShouldContain("an unfinished run of this experiment under version 1 of the loop");
        second.Errors.ShouldContain("To resume the other: run the same `aime run` with --set loop-version=1.");
        var again = await world.RunAsync(store, held); // the store has this one now: nothing has to be said
        again.Errors.ShouldNotContain("unfinished run of this experiment");
    }
}
