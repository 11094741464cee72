using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Runs;

namespace AiMe.Lab.Tests.Analysis.Lineage;

public sealed class InstanceLineageTests
{
    private static readonly ModelId M1 = new("m1"),
        M2 = new("m2"),
        M3 = new("m3");

    [Fact]
    public void Before_its_birth_an_instance_has_no_lineage() => InstanceLineage.Of("run", "kept-1", []).ShouldBeNull();

    [Fact]
    public void At_birth_the_base_speaks()
    {
        var instance = Of();
        (instance.Base, instance.Champion, instance.Checkpoints.IsEmpty).ShouldBe((Some.Base, Some.Base, true));
    }

    [Fact]
    public void A_promoted_checkpoint_has_its_parent_its_dataset_and_speaks()
    {
        var instance = Of([.. Training(1, M1, Some.Base), new Promoted(1, M1, Some.Fine)]);
        var made = instance.Checkpoints.Single();
        (made.Id, made.Parent, made.Place, made.Method, made.Fate, made.Gate).ShouldBe(
            (M1, Some.Base, "kept-1@1", "full", CheckpointFate.Promoted, Some.Fine)
        );
        made.Parts.ShouldBe([new DatasetPart("b1", 1, IsAnchor: false, 1), new DatasetPart("a1", 1, IsAnchor: true, 7)]);
        instance.Champion.ShouldBe(M1);
    }

    [Fact]
    public void A_rolled_back_checkpoint_keeps_its_reasons_and_the_champion_stays()
    {
        var instance = Of([
            .. Training(1, M1, Some.Base),
            new Promoted(1, M1, Some.Fine),
            .. Training(2, M2, M1),
            new RolledBack(2, M2, Some.Fine, ["it drifted"]),
        ]);
        (instance.Checkpoints[1].Fate, instance.Checkpoints[1].Reasons.Single(), instance.Champion).ShouldBe(
            (CheckpointFate.RolledBack, "it drifted", M1)
        );
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_measured_is_there_and_a_training_that_failed_left_none()
    {
        var instance = Of([
            .. Training(1, M1, Some.Base),
            new Failed(1, "the server is gone"),
            .. Training(2, M2, Some.Base)[..2],
            new Failed(2, "diverged"),
            new Skipped(3, "nothing was kept"),
        ]);
        (instance.Checkpoints.Single().Fate, instance.Checkpoints.Single().Reasons.Single()).ShouldBe(
            (CheckpointFate.Failed, "the server is gone")
        );
        instance.Without.ShouldBe([
            new RoundWithout(2, RoundOutcome.Failed, "diverged"),
            new RoundWithout(3, RoundOutcome.Untrained, "nothing was kept"),
        ]);
    }

    [Fact]
    public void A_candidate_is_one_until_it_is_judged() =>
        Of(Training(1, M1, Some.Base)).Checkpoints.Single().Fate.ShouldBe(CheckpointFate.Candidate);

    [Theory]
    [InlineData("lora")]
    [InlineData("dpo")]
    [InlineData("full")]
    public void The_method_is_the_plans(string word)
    {
        TrainingMethod? method = word switch
        {
            "lora" => new TrainingMethod.Lora(4, 8),
            "dpo" => new TrainingMethod.Dpo(4, 8, 0.1),
            _ => null,
        };
        Of(Training(1, M1, Some.Base, method)).Checkpoints.Single().Method.ShouldBe(word);
    }

    [Fact]
    public void A_trainer_outside_has_a_way_of_its_own() =>
        InstanceLineage
            .Of("run", "kept-1", [BornWith(Some.Hired), .. Training(1, M1, Some.Base)])!
            .Checkpoints.Single()
            .Method.ShouldBe("job");

    [Theory]
    [InlineData("", "m1")]
    [InlineData("m1", "base")]
    [InlineData("m1 base", null)]
    [InlineData("base", "m2")]
    [InlineData("base m2", "m1")]
    [InlineData("m1 m2", "m1")]
    public void A_rollback_leads_to_the_champion_below_and_undoes_what_was_promoted_by_hand(string appointed, string? before)
    {
        List<TrainerEvent> past =
        [
            .. Training(1, M1, Some.Base),
            new Promoted(1, M1, Some.Fine),
            .. Training(2, M2, M1),
            new Promoted(2, M2, Some.Fine),
        ];
        foreach (var model in appointed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            past.Add(new Appointed($"beside-{past.Count}", new ModelId(model), Of([.. past]).Champion, "Ada", "to hear it"));
        var instance = Of([.. past]);
        (instance.Before?.Value, instance.IsByHand).ShouldBe((before, appointed.Length > 0));
    }

    [Fact]
    public void Instances_of_one_base_are_one_tree()
    {
        var (one, other) = (
            Of([.. Training(1, M1, Some.Base), new Promoted(1, M1, Some.Fine), .. Training(2, M2, M1), new Promoted(2, M2, Some.Fine)]),
            InstanceLineage.Of("run", "kept-2", [BornWith(Some.Trainer), .. Training(1, M3, Some.Base)])!
        );
        var rows = LineageTree.Of([one, other]).Single().Rows().ToArray();
        rows.Select(r => (r.Node.Id.Value, string.Concat(r.Last.Select(l => l ? '1' : '0'))))
            .ShouldBe([("base", ""), ("m1", "0"), ("m2", "01"), ("m3", "1")]);
        rows.Select(r => string.Join(",", r.Node.Speaks)).ShouldBe(["kept-2", "", "kept-1", ""]);
    }

    [Fact]
    public void What_a_fork_shares_with_its_parent_stands_once()
    {
        TrainerEvent[] past = [.. Training(1, M1, Some.Base), new Promoted(1, M1, Some.Fine)];
        var fork = InstanceLineage.Of("run", "fork", [BornWith(Some.Trainer), .. past])!;
        LineageTree.Of([Of(past), fork]).Single().Children.Single().Made.Select(m => m.Place).ShouldBe(["kept-1@1", "fork@1"]);
    }

    [Fact]
    public void Weights_that_came_out_as_they_went_in_are_no_child_of_theirs() =>
        LineageTree.Of([Of([.. Training(1, Some.Base, Some.Base)])]).Single().Rows().Count().ShouldBe(1);

    [Fact]
    public async Task A_journal_is_read_by_the_streams_of_its_trainers_alone()
    {
        await using var written = await WrittenStore.OpenAsync();
        var plan = Comparison.Lives.Plan(1, Comparison.Lives.Variant("wild"), Comparison.Lives.Variant("tame"));
        await written.AppendAsync(plan.Run, FacultyAddress.Supervisor, new RunPlanned(plan));
        await written.AppendAsync(
            plan.Run,
            new FacultyAddress("wild-1", Loop.Trainer),
            [BornWith(Some.Trainer), .. Training(1, M1, Some.Base)]
        );
        var run = (await InstanceReader.ReadRunAsync(written.Store.Journal, plan.Run, CancellationToken.None))!;
        var instances = await LineageReader.ReadAsync(written.Store.Journal, run, CancellationToken.None);
        (instances.Single().Instance, instances.Single().Checkpoints.Single().Id).ShouldBe(("wild-1", M1));
    }

    private static InstanceLineage Of(params TrainerEvent[] past) =>
        InstanceLineage.Of("run", "kept-1", [BornWith(Some.Trainer), .. past])!;

    private static TrainerBegan BornWith(TrainerSettings settings) =>
        new(settings, Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2));

    private static TrainerEvent[] Training(int round, ModelId made, ModelId start, TrainingMethod? method = null) =>
        [
            new Sealed(round, [MemoryId.OfCycle(round)], $"b{round}", $"a{round}", 7),
            new Planned(new TrainingPlan(round, [$"b{round}", $"a{round}"], start, 1, 0.1, default, method)),
            new Trained(round, made, Some.Figures),
        ];
}
