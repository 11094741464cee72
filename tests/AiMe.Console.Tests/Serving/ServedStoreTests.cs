using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiMe.Console.Commands;
using AiMe.Console.Commands.Serving;
using AiMe.Console.Tests.Runs;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Serve;
using AiMe.Serve.Http;

namespace AiMe.Console.Tests.Serving;

/// <summary>What <c>aime serve</c> makes of a store.</summary>
public sealed class ServedStoreTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_store_serves_its_base_models_and_every_checkpoint_of_its_runs_by_name()
    {
        await using var served = await OpenAsync();
        served.First.ShouldBe("nano-tiny");
        var names = served.Catalog.All.Select(m => m.Id).ToArray();
        names.ShouldContain("nano-tiny");
        names.ShouldContain(n => n.StartsWith("nano-tiny-", StringComparison.Ordinal));
        var born = await served.Catalog.NeedAsync("nano-tiny", default);
        var tuned = await served.Catalog.NeedAsync("keep-all-1@1", default);
        tuned.Checkpoint.ShouldNotBe(born.Checkpoint);
        tuned.Family.ShouldBeSameAs(born.Family);
        (await served.Catalog.NeedAsync(tuned.Checkpoint[..12], default)).Checkpoint.ShouldBe(tuned.Checkpoint);
        (await tuned.Family.ModelAsync(tuned.Checkpoint, default)).Digest.ShouldBe(tuned.Checkpoint);
        foreach (var unknown in (string[])["base", "keep-all-1@9", "0123456789abcdef", "../x"])
            (await Should.ThrowAsync<ApiException>(() => served.Catalog.NeedAsync(unknown, default))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_job_on_a_runs_checkpoint_is_trained_and_changes_nothing_of_the_store_but_its_own_folder()
    {
        var store = world.CopyOfStore();
        var before = Files(store);
        await using (var served = await OpenAsync(store))
        {
            await using var server = await ServeServer.StartAsync(
                served.Catalog,
                served.Checkpoints,
                served.Embedders,
                new ServeOptions(IPAddress.Loopback, 0, Path.Combine(store, "serve")),
                TimeProvider.System,
                default
            );
            using var client = new HttpClient { BaseAddress = server.Address };
            using var form = new MultipartFormDataContent
            {
                { new StringContent("fine-tune"), "purpose" },
                {
                    new StringContent(
                        """{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "I am small."}]}"""
                    ),
                    "file",
                    "a.jsonl"
                },
            };
            var file = await (await client.PostAsync("/v1/files", form)).Content.ReadFromJsonAsync<JsonElement>();
            var order = new { model = "keep-all-1@1", training_file = file.GetProperty("id").GetString() };
            var job = await (await client.PostAsJsonAsync("/v1/fine_tuning/jobs", order)).Content.ReadFromJsonAsync<JsonElement>();
            var id = job.GetProperty("id").GetString();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (job.GetProperty("status").GetString() is not ("succeeded" or "failed"))
            {
                await Task.Delay(20, patience.Token);
                job = await client.GetFromJsonAsync<JsonElement>($"/v1/fine_tuning/jobs/{id}", patience.Token);
            }

            job.GetProperty("fine_tuned_model").GetString().ShouldNotBeNull(job.ToString());
        }

        Files(store).Where(f => !f.StartsWith("serve", StringComparison.Ordinal)).ShouldBe(before);
    }

    [Theory]
    [InlineData("--bind 0.0.0.0", "--api-key-env")]
    [InlineData("--api-key-env AIME_NO_SUCH_KEY", "AIME_NO_SUCH_KEY is not set")]
    [InlineData("--adapters nowhere", "no folder nowhere")]
    [InlineData("--port 99999", "from 0 to 65535")]
    [InlineData("--model huge", "expected one of tiny, small, base")]
    public async Task A_wrong_start_is_refused_before_anything_is_written(string options, string says)
    {
        var directory = world.NewDirectory();
        var left = await Aime.RunAsync(directory, ["serve", world.Small, .. options.Split(' ')]);
        left.Code.ShouldBe(ExitCode.Usage);
        left.Errors.ShouldContain(says);
        Directory.GetFileSystemEntries(directory).ShouldBeEmpty();
    }

    private Task<ServedStore> OpenAsync(string? store = null)
    {
        var experiment = SharedOptions.Load(world.Small, sets: null, seed: null);
        return ServedStore.OpenAsync(
            StoreAddress.Parse(store ?? world.CopyOfStore(), blobs: null),
            experiment,
            (NanoModel)experiment.Model,
            threads: 1,
            default
        );
    }

    // Of SQLite's files only the journal itself: its log comes and goes.
    private static string[] Files(string store) =>
        [
            .. Directory
                .GetFiles(store, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(store, f))
                .Where(f => !f.StartsWith("journal.db", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}
