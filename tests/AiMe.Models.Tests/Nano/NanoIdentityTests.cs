using AiMe.Models.Nano;
using AiMe.Models.Tests.Corpora;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.Nano;

/// <summary>A base model that exchanges make another generation 0 of: kept beside it, by the hash of what it was made from.</summary>
public sealed class NanoIdentityTests : IDisposable
{
    private static readonly NanoIdentityOptions Options = new(Epochs: 2, Length: null, LearningRate: 0.01, Anchor: 0.5, Seed: 5);

    private readonly string _models = Directory.CreateTempSubdirectory("aime-models-").FullName;

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public async Task It_is_another_model_with_the_same_tokenizer_and_is_read_back_the_same()
    {
        var start = await StartAsync();
        var tuned = await TuneAsync(start, Options);
        var read = await TuneAsync(start, Options);
        tuned.Id.ShouldNotBe(start.Id);
        (read.Id, read.Loss).ShouldBe((tuned.Id, tuned.Loss));
        read.Prompt.Tokenizer.ToJson().ShouldBe(start.Prompt.Tokenizer.ToJson());
        Directory.GetDirectories(_models, "nano-tiny-*").Length.ShouldBe(2, "the base model and what it became");
    }

    [Fact]
    public async Task The_number_of_threads_does_not_change_it()
    {
        var start = await StartAsync();
        var one = await TuneAsync(start, Options);
        Directory.Delete(FolderOf(start), recursive: true);
        (await TuneAsync(start, Options, threads: 3)).Id.ShouldBe(one.Id);
    }

    [Fact]
    public async Task Other_exchanges_and_other_options_make_other_models()
    {
        var start = await StartAsync();
        await TuneAsync(start, Options);
        await TuneAsync(start, Options, says: "I am Bo.");
        await TuneAsync(start, Options with { Anchor = 0 });
        await TuneAsync(start, Options with { Epochs = 0, Length = new(LengthUnit.Examples, 4) });
        await TuneAsync(start, Options with { LearningRate = 0.02 });
        Directory.GetDirectories(_models).Length.ShouldBe(6);
    }

    [Fact]
    public async Task It_is_found_without_loading_the_base_model()
    {
        var start = await StartAsync();
        NanoIdentity.FindDirectory(start.Id, "tiny", Exchanges("I am Ada."), Options, _models).ShouldBeNull();
        await TuneAsync(start, Options);
        NanoIdentity.FindDirectory(start.Id, "tiny", Exchanges("I am Ada."), Options, _models).ShouldBe(FolderOf(start));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_not_taken_for_a_model()
    {
        var start = await StartAsync();
        var tuned = await TuneAsync(start, Options);
        File.Delete(Path.Combine(FolderOf(start), "base.json")); // written with the rest, and moved into place with it
        (await TuneAsync(start, Options)).Id.ShouldBe(tuned.Id);
    }

    [Fact]
    public async Task An_exchange_that_does_not_fit_is_told_by_its_number()
    {
        var start = await StartAsync();
        var message = (
            await Should.ThrowAsync<ProviderException>(() => TuneAsync(start, Options, says: string.Concat(Enumerable.Repeat("zq ", 300))))
        ).Message;
        message.ShouldContain("Exchange 2 of identity.data has");
        message.ShouldContain("It begins \"Who are you?\".");
    }

    private async Task<NanoBase> StartAsync() =>
        await NanoBase.EnsureAsync(
            new NanoRecipe("tiny", Records: 12, Seed: 3),
            Given.Corpus,
            _models,
            threads: 1,
            progress: null,
            CancellationToken.None
        );

    private Task<NanoBase> TuneAsync(NanoBase start, NanoIdentityOptions options, string says = "I am Ada.", int threads = 1) =>
        NanoIdentity.EnsureAsync(start, Exchanges(says), options, _models, threads, progress: null, CancellationToken.None);

    private string FolderOf(NanoBase start) =>
        Directory
            .GetDirectories(_models)
            .Single(d => !File.ReadAllText(Path.Combine(d, "base.json")).Contains(start.Id, StringComparison.Ordinal));

    private static IReadOnlyList<IReadOnlyList<ChatMessage>> Exchanges(string says) =>
        [Exchange("What is your name?", "Ada."), Exchange("Who are you?", says)];

    private static ChatMessage[] Exchange(string ask, string say) =>
        [Parts.Message(Parts.Charter, "I am Ada."), Parts.Message(Parts.Stimulus, ask), Parts.Message(Parts.Answer, say)];
}
