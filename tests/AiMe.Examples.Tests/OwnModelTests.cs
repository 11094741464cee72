using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.Examples.Tests;

/// <summary>Models and embedders of one's own, through public types alone.</summary>
public sealed class OwnModelTests : IDisposable
{
    private static readonly string Root = FindRoot();

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-own-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_experiment_runs_to_its_end_over_a_chat_client()
    {
        using ScriptedChat chat = new();
        using LetterEmbedder letters = new();
        var outcome = await OwnModel.RunAsync(Hosted(), Store("a"), chat, letters, CancellationToken.None);
        outcome.Digest.ShouldNotBeNull();
        outcome.Experiences.ShouldBeGreaterThan(0);
        (await OwnModel.RunAsync(Hosted(), Store("a"), chat, letters, CancellationToken.None)).Digest.ShouldBe(outcome.Digest);
        (await OwnModel.RunAsync(Hosted(), Store("b"), chat, letters, CancellationToken.None)).Digest.ShouldBe(outcome.Digest);
    }

    [Fact]
    public async Task A_call_that_fails_is_journalled_and_asked_again()
    {
        using ScriptedChat chat = new(call => call % 7 == 3);
        using LetterEmbedder letters = new();
        (await OwnModel.RunAsync(Hosted(), Store("a"), chat, letters, CancellationToken.None)).Digest.ShouldNotBeNull();
        chat.Calls.ShouldBeGreaterThan(7);
    }

    [Fact]
    public async Task The_embedded_model_takes_an_embedder_of_ones_own_and_the_plan_names_it()
    {
        var usual = Small();
        using LetterEmbedder letters = new();
        await using var store = await OpenAsync("a");
        var outcome = await OwnEmbedder.RunAsync(usual, store, letters, CancellationToken.None);
        outcome.Digest.ShouldNotBeNull();
        outcome.Run.ShouldNotBe(usual.RunId);
        var plan = (await InstanceReader.ReadRunAsync(store.Journal, outcome.Run, CancellationToken.None))!.Plan!;
        plan.Origin!.Embedder.ShouldBe(new LocalEmbedder("mine", "1", typeof(LetterEmbedder).FullName!));
        (await PreparedModels.PrepareAsync(plan, store, 2, null, null, CancellationToken.None)).Base.ShouldBe(plan.Base);
    }

    [Fact]
    public async Task A_run_whose_embedder_is_not_known_says_how_to_make_it_known()
    {
        await using var store = await OpenAsync("a");
        var usual = Small();
        var other = usual with { Model = usual.Model with { Embedder = new LocalEmbedder("theirs", "2", "Some.Type") } };
        (
            await Should.ThrowAsync<ModelPreparationException>(() =>
                PreparedModels.PrepareAsync(other, store, 2, null, null, CancellationToken.None)
            )
        ).Message.ShouldContain("LocalEmbedders.Use");
    }

    [Fact]
    public void A_chat_client_takes_the_place_of_a_hosted_model_that_is_not_trained()
    {
        using ScriptedChat chat = new();
        using LetterEmbedder letters = new();
        Should.Throw<ArgumentException>(() => GivenModels.Of(Small(), null!, chat, letters));
        var hosted = ExperimentFile.Load(Hosted()).Experiment!;
        Should.Throw<ArgumentException>(() => GivenModels.Of(hosted, null!, chat, embedder: null)).Message.ShouldContain("no embedder");
        var named = hosted with { Model = hosted.Model with { Embedder = new LocalEmbedder("mine", "1", "x") } };
        Should.Throw<ArgumentException>(() => GivenModels.Of(named, null!, chat, letters)).Message.ShouldContain("two embedders");
        var scored = hosted with { Model = (OpenAiModel)hosted.Model with { Scoring = "completions" } };
        Should.Throw<ArgumentException>(() => GivenModels.Of(scored, null!, chat, letters)).Message.ShouldContain("model.scoring");
        Should.Throw<ArgumentException>(() => LocalEmbedders.Use("minilm", "1", letters)).Message.ShouldContain("expected another");
    }

    [Theory]
    [InlineData("OwnModel.cs")]
    [InlineData("OwnEmbedder.cs")]
    public void The_page_shows_the_programs_that_are_tested_here(string file)
    {
        var page = Words(File.ReadAllText(Path.Combine(Root, "docs", "OWN-MODELS.md")));
        var program = File.ReadAllText(Path.Combine(Root, "tests", "AiMe.Examples.Tests", file));
        var body = program[(program.LastIndexOf(")\n    {\n", StringComparison.Ordinal) + ")\n    {\n".Length)..];
        page.ShouldContain(Words(body[..body.LastIndexOf("    }\n}", StringComparison.Ordinal)]));

        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private string Store(string name) => Path.Combine(_folder, name);

    private Task<EventStore> OpenAsync(string name) =>
        EventStore.OpenAsync(Store(name), TimeProvider.System, SqliteSettings.Default, Processes.IsRunning, CancellationToken.None);

    /// <summary>The shipped experiment of a hosted model, with two instances of three experiences, as a file of its own.</summary>
    private static string Hosted() => Path.Combine(Root, "config", "experiments", "openai.yaml");

    private static Experiment Small() =>
        ExperimentFile
            .Load(
                Path.Combine(Root, "config", "experiments", "quickstart.yaml"),
                "replicates=1",
                "stimuli.count=4",
                "train.every=2",
                "train.epochs=1",
                "generate.max-tokens=6",
                "model.records=8",
                "probes.set=" + Path.Combine(Root, "config", "probes", "minimal.yaml")
            )
            .Experiment!;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
