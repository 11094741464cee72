using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

public sealed class TrainingTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void A_dataset_is_read_back_as_it_was_written()
    {
        IReadOnlyList<ChatMessage>[] examples =
        [
            Datasets.Of(Some.Example(1)),
            [
                Parts.Message(Parts.Charter, "Zeile \"eins\"\nund zwei \\ é … 🜂"),
                Parts.Message(Parts.Drive, "?"),
                Parts.Message(Parts.Answer, "Ja."),
            ],
        ];
        var bytes = Datasets.Write(examples);
        Texts(Datasets.Read(bytes)).ShouldBe(Texts(examples));
        Datasets.Write(Datasets.Read(bytes)).ShouldBe(bytes);
        System.Text.Encoding.UTF8.GetString(bytes).Split('\n').Length.ShouldBe(3, "one line an example");
    }

    [Fact]
    public void An_example_ends_in_the_assistants_answer_and_holds_no_recalled_text()
    {
        var example = Datasets.Of(Some.Example(1));
        (example[^1].Role, example[^1].Text).ShouldBe((ChatRole.Assistant, "I am AiMe."));
        example.Select(Parts.Of).ShouldBe([Parts.Charter, Parts.Stimulus, Parts.Answer]);
    }

    [Theory]
    [InlineData(7, 0.3, 3)]
    [InlineData(3, 0.5, 3)]
    [InlineData(1, 0.3, 0)]
    [InlineData(5, 0.0, 0)]
    [InlineData(5, 1.0, 5)]
    public async Task The_anchor_is_a_share_of_the_whole(int kept, double share, int anchors)
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(kept, share));
        (written.AnchorCount, written.Ids.Length, written.Anchor is null).ShouldBe((anchors, kept, anchors == 0));
        Datasets.Read(await _stage.Blobs.GetAsync(new BlobId(written.Batch), default)).Count().ShouldBe(kept);
        if (written.Anchor is { } anchor)
            Datasets.Read(await _stage.Blobs.GetAsync(new BlobId(anchor), default)).Count().ShouldBe(anchors);
    }

    [Fact]
    public async Task Real_examples_are_drawn_beside_the_anchor_and_change_nothing_of_it()
    {
        var plain = await _stage.RunAsync<BatchWritten>(Write(7, 0.3));
        var joined = await _stage.RunAsync<BatchWritten>(Write(7, 0.3) with { RealExamples = 4 });

        joined.AnchorCount.ShouldBe(plain.AnchorCount + 4);
        var alone = await ReadAsync(plain.Anchor!);
        var both = await ReadAsync(joined.Anchor!);
        both.Take(alone.Length).ShouldBe(alone);
        both.Length.ShouldBe(alone.Length + 4);
    }

    [Fact]
    public async Task A_draw_is_a_part_of_the_set_in_its_order_and_another_in_another_round()
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(9, 0));
        var all = await ReadAsync(written.Batch);
        var first = await DrawnAsync(seed: 1);
        var other = await DrawnAsync(seed: 2);

        first.Length.ShouldBe(4);
        all.Where(first.Contains).ShouldBe(first, "in the order of the set, each once");
        first.ShouldNotBe(other);
        (await DrawnAsync(seed: 1)).ShouldBe(first);

        async Task<string[]> DrawnAsync(ulong seed)
        {
            var plan = new TrainingPlan(2, [written.Batch], Some.Base, 3, 0.002, new Seed(seed), Draw: 4);
            await _stage.RunAsync<ModelTrained>(new TrainModel(plan));
            return [.. Texts(_stage.Tuner.Job!.Examples)];
        }
    }

    [Fact]
    public async Task The_seed_of_random_weights_goes_to_the_trainer()
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(3, 0));
        var plan = new TrainingPlan(1, [written.Batch], Some.Base, 3, 0.002, new Seed(11), Untrained: new Seed(5));
        await _stage.RunAsync<ModelTrained>(new TrainModel(plan));
        _stage.Tuner.Job!.Untrained.ShouldBe(5UL);
    }

    [Fact]
    public async Task The_same_batch_and_seed_have_the_same_digests_and_another_seed_another_anchor()
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(7, 0.3));
        var again = await new Stage().RunAsync<BatchWritten>(Write(7, 0.3));
        (again.Batch, again.Anchor).ShouldBe((written.Batch, written.Anchor));
        var fresh = await _stage.RunAsync<BatchWritten>(Write(7, 0.3) with { AnchorSeed = new Seed(8) });
        (fresh.Batch == written.Batch, fresh.Anchor == written.Anchor).ShouldBe((true, false));
    }

    [Fact]
    public async Task A_training_gets_all_parts_in_order_and_says_what_it_was()
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(7, 0.3));
        var plan = new TrainingPlan(2, [written.Batch, written.Anchor!], Some.Base, 3, 0.002, new Seed(11));
        var trained = await _stage.RunAsync<ModelTrained>(new TrainModel(plan));
        trained.Candidate.ShouldBe(new ModelId("tuned"));
        trained.Figures.ShouldBe(new TrainingFigures(Examples: 10, Tokens: 640, Steps: 10, FirstLoss: 3, LastLoss: 0.5));
        var job = _stage.Tuner.Job!;
        (job.Start, job.Epochs, job.LearningRate, job.Seed, job.Examples.Count).ShouldBe(("base", 3, 0.002, 11UL, 10));
        job.Examples[0][1].Text.ShouldBe("What of 1?");
    }

    [Theory]
    [InlineData(BudgetUnit.Steps, LengthUnit.Steps)]
    [InlineData(BudgetUnit.Examples, LengthUnit.Examples)]
    [InlineData(BudgetUnit.Tokens, LengthUnit.Tokens)]
    public async Task A_budget_is_the_length_of_the_training_and_its_passes_are_told(BudgetUnit unit, LengthUnit length)
    {
        var written = await _stage.RunAsync<BatchWritten>(Write(7, 0.3));
        var plan = new TrainingPlan(2, [written.Batch], Some.Base, 0, 0.002, new Seed(11), Budget: new(unit, 60));
        var trained = await _stage.RunAsync<ModelTrained>(new TrainModel(plan));
        _stage.Tuner.Job!.Length.ShouldBe(new TrainingLength(length, 60));
        trained.Figures.Passes.ShouldBe(30);
    }

    [Fact]
    public async Task A_training_that_diverges_is_a_typed_failure()
    {
        _stage.Tuner.Trains = _ => throw new ProviderException("it diverged");
        var written = await _stage.RunAsync<BatchWritten>(Write(3, 0));
        (await _stage.RunAsync<TrainingFailed>(new TrainModel(new TrainingPlan(1, [written.Batch], Some.Base, 1, 9, default)))).ShouldBe(
            new TrainingFailed(1, "it diverged")
        );
    }

    [Fact]
    public async Task A_lost_dataset_is_a_lost_store_and_no_failed_training() =>
        await Should.ThrowAsync<CorruptBlobException>(
            _stage.RunAsync<TrainingFailed>(new TrainModel(new TrainingPlan(1, [new string('0', 64)], Some.Base, 1, 0.1, default)))
        );

    [Fact]
    public async Task A_checkpoint_is_a_blob_named_by_its_content()
    {
        var checkpoints = new Checkpoints(_stage.Blobs);
        var id = await checkpoints.SaveAsync(new byte[] { 1, 2, 3 }, default);
        id.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([1, 2, 3])));
        (await checkpoints.LoadAsync(id, default)).ShouldBe([1, 2, 3]);
    }

    private static WriteBatch Write(int kept, double share) =>
        new(1, [.. Enumerable.Range(1, kept).Select(Some.Example)], share, new Seed(7));

    private async Task<string[]> ReadAsync(string part) =>
        [.. Texts(Datasets.Read(await _stage.Blobs.GetAsync(new BlobId(part), default)))];

    private static IEnumerable<string> Texts(IEnumerable<IReadOnlyList<ChatMessage>> examples) =>
        examples.Select(e => string.Join('|', e.Select(m => $"{m.Role}:{Parts.Of(m)}:{m.Text}")));
}
