using System.Text.Json;
using AiMe.Faculties;
using AiMe.VectorStores;
using AiMe.VectorStores.Tests;
using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.Console.Tests.Runs;

/// <summary>What a user meets whose memories are in a vector store: <c>doctor --vectors</c> and <c>delete --vectors</c>.</summary>
public sealed class VectorStoreTests : IAsyncLifetime
{
    private const string KeyEnv = "AIME_TEST_STORE_KEY",
        Key = $"{KeyEnv}={StoreServer.Key}";

    // Two variants of one instance each.
    private const int Memories = 2 * 6;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("aime-vectors-").FullName;
    private readonly WeaviateStub _server = new();

    private string Experiment => Path.Combine(_root, "stored.yaml");

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await WriteAsync($"weaviate: {{url: 'http://127.0.0.1:{_server.Port}', class: Runs, key-env: {KeyEnv}}}");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Doctor_says_what_is_there_before_a_run_and_after_and_makes_nothing()
    {
        for (var times = 0; times < 2; times++)
        {
            var before = await FindingsAsync(0);
            before["key"].ShouldBe(("good", $"{KeyEnv} is set"));
            before["server"].ShouldBe(("good", $"weaviate at 127.0.0.1:{_server.Port}/Runs answers: Weaviate 1.34.0"));
            before["collection"].ShouldBe(("good", "Runs does not exist yet"));
            before["embedder"].ShouldBe(("good", "that of draws gives 32 components"));
            before.ShouldNotContainKey("memories");
        }

        var run = await RunAsync();
        await using (var store = _server.Connect("Runs", s_patience))
            await store.UpsertAsync([MemoryOf("another-run", 32)], default);
        var after = await FindingsAsync(0);
        after["collection"].ShouldBe(("good", "Runs: 32 components, compared by cosine"));
        after["embedder"].ShouldBe(("good", "that of draws gives 32 components, which fits"));
        after["memories"].ShouldBe(("good", $"{Memories + 1} of AiMe, {Memories} of them of {run}"));
    }

    [Fact]
    public async Task Doctor_says_what_is_wrong_and_what_to_do()
    {
        var unset = await FindingsAsync(1, key: $"{KeyEnv}=");
        unset.Keys.ShouldBe(["key"]);
        unset["key"].Health.ShouldBe("bad");
        var told = await Aime.RunAsync(_root, ["doctor", "--vectors", Experiment], $"{KeyEnv}=");
        Flat(told.Output).ShouldContain($"{KeyEnv} is not set or empty: set it to the key of weaviate at");

        _server.Fault = Fault.Locked;
        var locked = await FindingsAsync(1);
        locked["server"].Found.ShouldContain("it answered with status 401");
        locked["server"].Found.ShouldContain("Check its key");
        locked["server"].Found.ShouldNotContain(StoreServer.Key);

        _server.Fault = Fault.None;
        await using (var store = _server.Connect("Runs", s_patience))
        {
            await store.PrepareAsync(16, default);
            await store.UpsertAsync([MemoryOf("another-run", 16)], default);
        }

        var other = await FindingsAsync(1);
        other["collection"]
            .ShouldBe(
                (
                    "bad",
                    $"weaviate at 127.0.0.1:{_server.Port}/Runs: collection Runs holds vectors of 16 components, and this embedder gives 32. Use "
                        + "another collection, or the embedder that this one was filled with."
                )
            );
        other["embedder"].Health.ShouldBe("bad");

        await _server.DisposeAsync();
        (await FindingsAsync(1))["server"].Found.ShouldContain("there is no connection");
    }

    [Fact]
    public async Task Doctor_refuses_an_experiment_without_a_vector_store_and_a_second_question()
    {
        await WriteAsync("embedded");
        var none = await Aime.RunAsync(_root, ["doctor", "--vectors", Experiment]);
        none.Code.ShouldBe(2);
        none.Errors.ShouldContain("has no vector store, so there is none to ask; expected memory: {index: ");
        var both = await Aime.RunAsync(_root, ["doctor", "--vectors", Experiment, "--model", Experiment]);
        both.Code.ShouldBe(2);
        both.Errors.ShouldContain("--vectors asks the vector store of an experiment and nothing else");
    }

    [Fact]
    public async Task Delete_leaves_the_memories_in_the_store_and_says_so()
    {
        var run = await RunAsync();
        var deleted = (await DeleteAsync(run, "--json")).Well();
        Flat(deleted.Errors)
            .ShouldContain(
                $"Its memories in weaviate at http://127.0.0.1:{_server.Port}, class Runs stay there, with run = {run}: --vectors deletes them too"
            );
        var document = JsonDocument.Parse(deleted.Output).RootElement;
        document.GetProperty("vectorStore").GetString().ShouldStartWith("weaviate at ");
        document.GetProperty("memories").ValueKind.ShouldBe(JsonValueKind.Null);
        (await CountAsync(run)).ShouldBe(Memories);
    }

    [Fact]
    public async Task Delete_with_vectors_takes_the_memories_of_the_run_and_of_no_other()
    {
        var run = await RunAsync();
        await using (var store = _server.Connect("Runs", s_patience))
            await store.UpsertAsync([MemoryOf($"{run}0", 32)], default);
        var planned = JsonDocument.Parse((await DeleteAsync(run, "--vectors", "--dry-run", "--json")).Well().Output).RootElement;
        planned.GetProperty("memories").GetInt64().ShouldBe(Memories);
        (await CountAsync(run)).ShouldBe(Memories);

        var without = await Aime.RunAsync(_root, ["delete", run, "--vectors", "--yes", "--store", "store"], $"{KeyEnv}=");
        without.Code.ShouldBe(2);
        without.Errors.ShouldContain($"The environment variable {KeyEnv} is not set or empty");

        (await DeleteAsync(run, "--vectors")).Well().Output.ShouldContain($", and {Memories} memories in weaviate at ");
        (await CountAsync(run)).ShouldBe(0);
        (await CountAsync($"{run}0")).ShouldBe(1);
        (await Aime.RunAsync(_root, ["list", "--store", "store"])).Output.ShouldNotContain(run);
    }

    [Fact]
    public async Task A_deletion_that_fails_leaves_the_run_and_says_what_remains_and_can_be_repeated()
    {
        var run = await RunAsync();
        _server.Fault = Fault.Unavailable;
        var down = await DeleteAsync(run, "--vectors");
        (down.Code, down.Output).ShouldBe((1, ""));
        down.Errors.ShouldContain("Nothing was deleted. Run the same command again when the store answers");

        _server.Fault = Fault.None;
        _server.DeletesBeforeItFails = 5;
        var failed = await DeleteAsync(run, "--vectors");
        failed.Code.ShouldBe(1);
        failed.Errors.ShouldContain($"it deleted 5 of {Memories} objects of {run}");
        failed.Errors.ShouldContain($"{Memories - 5} memories of {run} are still there. Of the run itself nothing was deleted.");
        failed.Errors.ShouldNotContain(StoreServer.Key);

        _server.DeletesBeforeItFails = null;
        (await DeleteAsync(run, "--vectors")).Well();
        (await CountAsync(run)).ShouldBe(0);
    }

    private static StoredMemory MemoryOf(string run, int dimensions) =>
        new(
            new InstanceKey(run, "aligned-1"),
            new MemoryId("e1"),
            Embedding.From([.. Enumerable.Range(1, dimensions).Select(i => (float)i)]),
            "aligned",
            "experience",
            "A text.",
            Cycle: 1,
            Round: 1,
            "topic",
            "keep",
            Importance: 1,
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Recallable: true
        );

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<Dictionary<string, (string Health, string Found)>> FindingsAsync(int code, string key = Key)
    {
        var left = await Aime.RunAsync(_root, ["doctor", "--vectors", Experiment, "--json"], key);
        left.Code.ShouldBe(code, left.Output + left.Errors);
        return left
            .Lines.Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(
                f => f.GetProperty("check").GetString()!,
                f => (f.GetProperty("health").GetString()!, f.GetProperty("found").GetString()!)
            );
    }

    private async Task<string> RunAsync()
    {
        var left = (await Aime.RunAsync(_root, ["run", Experiment, "--json", "--store", "store"], Key)).Well();
        return JsonDocument.Parse(left.Output).RootElement.GetProperty("run").GetString()!;
    }

    private Task<Left> DeleteAsync(string run, params string[] more) =>
        Aime.RunAsync(_root, ["delete", run, "--yes", "--store", "store", .. more], Key);

    private async Task<long> CountAsync(string run)
    {
        await using var store = _server.Connect("Runs", s_patience);
        return await store.CountAsync(run, default);
    }

    private Task WriteAsync(string index) =>
        File.WriteAllTextAsync(
            Experiment,
            $$"""
            name: stored
            replicates: 1
            charter: {{Config}}/charters/aime.yaml
            model: {provider: distribution, family: gaussian, dimensions: 16}
            stimuli: {source: {{Config}}/stimuli/corpus.jsonl, count: 6}
            probes: {set: {{Config}}/probes/minimal.yaml}
            generate: {temperature: 1, top-p: 1}
            reflect: {insight-threshold: 1000000}
            memory: {recall: 2, index: {{(index == "embedded" ? index : $"{{{index}}}")}}}
            train: {every: 3, gate: none}
            variants:
              trained: {curate: [keep-all]}
              frozen: {train: none}

            """
        );

    private static string Config { get; } = Path.Combine(RepositoryRoot(), "config");

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
