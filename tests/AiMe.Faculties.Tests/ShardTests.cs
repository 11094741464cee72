using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Faculties.Tests;

public sealed class ShardTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 5, stimuli: 4, internalEvery: 0, every: 2);

    [Fact]
    public void Every_instance_falls_to_one_shard_and_says_to_which() =>
        Prop.ForAll(Gen.Choose(1, 10).ToArbitrary(), Gen.Choose(1, 6).ToArbitrary(), (count, replicates) =>
            {
                var plan = Plan with { Replicates = replicates };
                var dealt = Shard
                    .All(count)
                    .SelectMany(shard => shard.InstancesOf(plan).Select(i => (Name: RunPlan.NameOf(i.Variant, i.Replicate), Shard: shard)))
                    .ToArray();
                return dealt
                        .Select(d => d.Name)
                        .Order(StringComparer.Ordinal)
                        .SequenceEqual(plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)).Order(StringComparer.Ordinal))
                    && dealt.All(d => new Shard(1, count).OfPlanned(plan, d.Name) == d.Shard);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Shards_are_of_one_size_or_differ_by_one() =>
        Shard.All(4).Select(s => s.InstancesOf(Plan).Count()).Order().ShouldBe([2, 2, 3, 3]);

    [Fact]
    public void No_shard_is_of_one_variant_alone_though_there_are_as_many_shards_as_variants() =>
        Shard.All(2).ShouldAllBe(s => s.InstancesOf(Plan).Select(i => i.Variant.Name).Distinct().Count() == 2);

    [Fact]
    public void An_instance_that_is_not_planned_falls_to_none() => new Shard(1, 2).OfPlanned(Plan, "ghost-1").ShouldBeNull();

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("2/3", 2, 3)]
    [InlineData("10/12", 10, 12)]
    public void A_shard_is_read_as_it_is_written(string text, int index, int count)
    {
        Shard.Parse(text).ShouldBe(new Shard(index, count));
        new Shard(index, count).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("-1/3")]
    [InlineData("+1/3")]
    [InlineData(" 1/3")]
    [InlineData("1/x")]
    public void What_is_no_shard_is_not_read(string text) => Shard.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("test/supervisor", "test", null)]
    [InlineData("test/supervisor/2-of-3", "test", "2/3")]
    [InlineData("test/supervisor/4-of-3", null, null)]
    [InlineData("test/kept-1/self", null, null)]
    [InlineData("test/kept-1", null, null)]
    [InlineData("supervisor", null, null)]
    public void The_supervisors_streams_are_told_from_others(string stream, string? run, string? shard)
    {
        Shard.RunOf(new PersistenceId(stream), out var found).ShouldBe(run);
        found?.ToString().ShouldBe(shard);
        if (run is not null)
            Shard.StreamOf(run, found).Value.ShouldBe(stream);
    }

    [Fact]
    public void A_shards_supervisor_begins_its_own_instances_alone_and_ends_with_their_digest()
    {
        var plan = Plans.TwoVariants(replicates: 1, stimuli: 2, internalEvery: 0, every: 2);
        var shard = new Shard(2, 2);
        var begun = SupervisorDecider.Decide(SupervisorDecider.Initial, new StartRun(plan, Shard: shard));
        begun.Events.ShouldBe([new ShardPlanned(plan, shard)]);
        begun.Effects.Select(e => e.Key).ShouldBe(["begin frozen-1"]);

        var state = begun.Events.Aggregate(SupervisorDecider.Initial, SupervisorDecider.Evolve);
        SupervisorDecider.Decide(state, new StartRun(plan, Shard: shard)).Events.ShouldBeEmpty();
        foreach (
            var closed in new[] { new CycleClosed("frozen-1", 0, "", 0, Some.Heads), new CycleClosed("frozen-1", 2, "s", 1, Some.Heads) }
        )
            state = SupervisorDecider.Decide(state, closed).Events.Aggregate(state, SupervisorDecider.Evolve);
        state.Digest.ShouldBe(SupervisorState.DigestOf(state.Instances));
        SupervisorDecider.Decide(state, new CycleClosed("kept-1", 0, "", 0, Some.Heads)).Refusal!.Why.ShouldContain("no instance 'kept-1'");
    }
}
