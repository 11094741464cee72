using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Lab.Verification;
using AiMe.Nano.Checkpoints;

namespace AiMe.Lab.Tests.Runs.Checkpoints;

/// <summary>A checkpoint of a folder lives the whole loop: answers, reflections, training by adapters, probes.</summary>
public sealed class ChatRunTests(ChatRun run) : IClassFixture<ChatRun>
{
    [Fact]
    public async Task Every_instance_begins_with_the_folders_model_and_is_trained_by_adapters()
    {
        var record = await RunRecord.ReadAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None);
        var events = record.Instances.Single().Events.Select(e => e.Happened).ToArray();
        events.OfType<SelfBegan>().Single().Spec.Base.Value.ShouldBe(CheckpointFolder.Open(run.Folder).Load().Digest);
        events.OfType<Trained>().Count().ShouldBe(2);
        events.OfType<Answered>().Count().ShouldBe(6);
        foreach (var trained in events.OfType<Trained>())
        {
            var loaded = await LoadedCheckpoint.ReadAsync(run.Store, trained.Candidate, run.Plan.Base, CancellationToken.None);
            loaded.Model.Adapter.ShouldNotBeNull();
            loaded.Base.Checkpoint!.Folder.ShouldBe(run.Folder);
        }
    }

    [Fact]
    public async Task The_weights_stay_in_the_folder_and_the_store_verifies()
    {
        var size = Directory
            .GetFiles(run.Store.Root, "*", SearchOption.AllDirectories)
            .Where(f => f.Contains("blobs", StringComparison.Ordinal))
            .Max(f => new FileInfo(f).Length);
        size.ShouldBeLessThan(4L * ChatRun.Shape.Parameters);
        BlobReferences references = new();
        references.Take(new RowPlace(new PersistenceId("p"), 1, 1, 0, ""), new RunPlanned(run.Plan));
        references.All.Select(r => r.Sha256).ShouldBe([((ModelOrigin.Nano)run.Plan.Origin!).Corpus]);
        (await ModelFiles.CheckAsync(run.Store.ModelsDirectory, CancellationToken.None)).Divergences.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_run_has_one_digest_in_any_store_and_resumes_from_the_store_alone()
    {
        var directory = Directory.CreateTempSubdirectory("aime-chat-").FullName;
        try
        {
            await using var store = await TwoSizes.OpenAsync(directory);
            var world = await PreparedModels.PrepareAsync(run.Experiment, store, 1, null, null, CancellationToken.None);
            using CancellationTokenSource stop = new();
            await TwoSizes.HostAsync(world.PlanOf(run.Experiment), store, new Stopping(world.Effects, stop), stop.Token);
            var known = (await InstanceReader.ReadRunAsync(store.Journal, run.Plan.Run, CancellationToken.None))!.Plan!;
            var resumed = await PreparedModels.PrepareAsync(known, store, 1, null, null, CancellationToken.None);
            (await TwoSizes.HostAsync(known, store, resumed.Effects, CancellationToken.None)).ShouldBe(run.Digest);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Every_form_of_export_can_be_read_again()
    {
        var tree = PretrainedModel.Find(run.Store.ModelsDirectory, run.Plan.Base.Value)!;
        tree.Parameters.ShouldBe(ChatRun.Shape.Parameters);
        var record = await RunRecord.ReadAsync(run.Store.Journal, run.Plan.Run, CancellationToken.None);
        var candidate = record.Instances.Single().Events.Select(e => e.Happened).OfType<Trained>().Last().Candidate;
        var loaded = await LoadedCheckpoint.ReadAsync(run.Store, candidate, run.Plan.Base, CancellationToken.None);
        ModelCard card = new(Made: null, []);
        var directory = Path.Combine(run.Store.Root, "exported");
        var files = ModelFolder.Of(loaded, ModelForm.HuggingFace, NumberForm.F32, card);
        await ModelFolder.WriteAsync(directory, files, CancellationToken.None);
        // it is a checkpoint like the one that it came from, chat template and all
        var again = AiMe.Models.Nano.CheckpointFiles.Read(directory, context: null, template: null);
        again.Template.Name.ShouldBe("chatml");
        again.Weights.Load().Digest.ShouldBe(loaded.Model.Merged().Digest);
        ModelFolder
            .Of(loaded, ModelForm.Peft, NumberForm.F32, card)
            .Select(f => f.Path)
            .ShouldBe(["adapter_model.safetensors", "adapter_config.json", "README.md"]);
    }

    [Fact]
    public void The_experiments_identity_is_the_folders_content_and_not_its_place()
    {
        var moved = Path.Combine(Path.GetDirectoryName(run.Folder)!, "elsewhere");
        Directory.CreateDirectory(moved);
        foreach (var file in Directory.GetFiles(run.Folder))
            File.Copy(file, Path.Combine(moved, Path.GetFileName(file)), overwrite: true);
        run.Load($"model.checkpoint={moved}").Experiment!.Digest.ShouldBe(run.Experiment.Digest);
        run.Load("model.context=200").Experiment!.Digest.ShouldNotBe(run.Experiment.Digest);
        run.Load("model.chat-template=plain").Experiment!.Digest.ShouldNotBe(run.Experiment.Digest);
        File.AppendAllText(Path.Combine(moved, "config.json"), " ");
        run.Load($"model.checkpoint={moved}").Experiment!.Digest.ShouldNotBe(run.Experiment.Digest);
    }

    [Theory]
    [InlineData("model.checkpoint=nowhere", "there is no folder 'nowhere'")]
    [InlineData("model.preset=tiny", "model.preset: the key is of a model that is trained here")]
    [InlineData("model.epochs=2", "model.epochs: the key is of a model that is trained here")]
    [InlineData("model.context=257", "expected at most 256")]
    [InlineData("model.chat-template=llama3", "<|eot_id|>, which the tokenizer does not have")]
    [InlineData("model.chat-template=alpaca", "expected a chat template")]
    [InlineData("variants.keep-all={model: {preset: small}}", "this experiment has a checkpoint")]
    public void What_a_checkpoint_cannot_have_is_refused_at_its_key(string set, string says)
    {
        var loaded = run.Load(set);
        loaded.Experiment.ShouldBeNull();
        loaded.Problems.Select(p => $"{p.Key}: {p.Text}").ShouldContain(p => p.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_has_changed_is_refused_with_its_name()
    {
        var origin = (ModelOrigin.Nano)run.Plan.Origin!;
        var plan = run.Plan with { Origin = origin with { Checkpoint = origin.Checkpoint! with { Files = new string('0', 64) } } };
        (
            await Should.ThrowAsync<ModelPreparationException>(() =>
                PreparedModels.PrepareAsync(plan, run.Store, 1, null, null, CancellationToken.None)
            )
        ).Message.ShouldContain($"The checkpoint in {run.Folder} is another than that of the run");
        plan = run.Plan with { Origin = origin with { Checkpoint = origin.Checkpoint with { Folder = "/nowhere/at/all" } } };
        (
            await Should.ThrowAsync<ModelPreparationException>(() =>
                PreparedModels.PrepareAsync(plan, run.Store, 1, null, null, CancellationToken.None)
            )
        ).Message.ShouldContain("there is no folder /nowhere/at/all");
    }
}
