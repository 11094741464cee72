using System.Text.Json;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

public sealed class JobTests
{
    private const string Lines = """
        {"messages": [{"role": "system", "content": "I am small."}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "the sea is deep"}]}
        {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "I notice the sea."}]}

        """;

    private const string Pairs = """
        {"input": {"messages": [{"role": "user", "content": "Why?"}]}, "preferred_output": [{"role": "assistant", "content": "the sea"}], "non_preferred_output": [{"role": "assistant", "content": "calm"}]}
        """;

    private static readonly IReadOnlyList<IReadOnlyList<ChatMessage>> Examples =
    [
        [
            Parts.Message(Parts.Charter, "I am small."),
            Parts.Message(Parts.Stimulus, "Why?"),
            Parts.Message(Parts.Answer, "the sea is deep"),
        ],
        [Parts.Message(Parts.Stimulus, "What?"), Parts.Message(Parts.Answer, "I notice the sea.")],
    ];

    [Fact]
    public async Task A_supervised_job_trains_the_very_checkpoint_that_the_trainer_of_this_process_gives()
    {
        await using var served = await Served.StartAsync();
        var job = await RunAsync(served, Lines, Hyper("\"n_epochs\": 4, \"learning_rate_multiplier\": 2"));
        job.GetProperty("status").GetString().ShouldBe("succeeded", job.ToString());
        var expected = await served.Nano.Provider.TrainAsync(new FineTuningJob(served.Nano.Base, Examples, 4, 0.002, Seed: 9), default);
        await IsAsync(served, job, expected);
        job.GetProperty("fine_tuned_model").GetString()!.ShouldStartWith("ft:nano-test:aime:my-suffix:");
        job.GetProperty("seed").GetInt64().ShouldBe(9);
        job.GetProperty("metadata").GetProperty("aime_key").GetString().ShouldBe("k1");
    }

    [Fact]
    public async Task A_preference_job_does_too()
    {
        await using var served = await Served.StartAsync();
        var job = await RunAsync(
            served,
            Pairs,
            "\"method\": {\"type\": \"dpo\", \"dpo\": {\"hyperparameters\": {\"n_epochs\": 3, \"beta\": 0.2, \"batch_size\": \"auto\"}}}"
        );
        job.GetProperty("status").GetString().ShouldBe("succeeded", job.ToString());
        IReadOnlyList<IReadOnlyList<ChatMessage>> preferred =
        [
            [Parts.Message(Parts.Stimulus, "Why?"), Parts.Message(Parts.Answer, "the sea")],
        ];
        var order = new FineTuningJob(served.Nano.Base, preferred, 3, 0.001, Seed: 9) { Preferences = new Preferences(["calm"], 0.2) };
        await IsAsync(served, job, await served.Nano.Provider.TrainAsync(order, default));
    }

    [Fact]
    public async Task A_server_of_adapters_trains_one_and_another_on_top_of_it()
    {
        await using var served = await Served.StartAsync(o => o with { Adapter = new AdapterSize(2, 4), LearningRate = 0.005 });
        var first = await RunAsync(served, Lines, Hyper("\"n_epochs\": 2"));
        var order = new FineTuningJob(served.Nano.Base, Examples, 2, 0.005, Seed: 9) { Adapter = new AdapterSize(2, 4) };
        var expected = await served.Nano.Provider.TrainAsync(order, default);
        await IsAsync(served, first, expected);
        var second = await RunAsync(served, Lines, Hyper("\"n_epochs\": 1"), first.GetProperty("fine_tuned_model").GetString()!);
        second.GetProperty("status").GetString().ShouldBe("succeeded", second.ToString());
        second.GetProperty("fine_tuned_model").GetString()!.ShouldStartWith("ft:nano-test:aime:");
    }

    [Fact]
    public async Task Each_answer_with_a_weight_is_an_example()
    {
        await using var served = await Served.StartAsync();
        const string line =
            """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "the sea"}]}""";
        var job = await RunAsync(served, line, Hyper("\"n_epochs\": 1"));
        IReadOnlyList<IReadOnlyList<ChatMessage>> examples =
        [
            [
                Parts.Message(Parts.Stimulus, "a"),
                Parts.Message(Parts.Answer, "b"),
                Parts.Message(Parts.Stimulus, "Why?"),
                Parts.Message(Parts.Answer, "the sea"),
            ],
        ];
        await IsAsync(
            served,
            job,
            await served.Nano.Provider.TrainAsync(new FineTuningJob(served.Nano.Base, examples, 1, 0.001, Seed: 9), default)
        );
    }

    [Fact]
    public async Task Events_come_newest_first_in_pages_and_the_last_step_is_a_checkpoint()
    {
        await using var served = await Served.StartAsync();
        var job = await RunAsync(served, Lines, Hyper("\"n_epochs\": 1"));
        var path = $"/v1/fine_tuning/jobs/{job.GetProperty("id").GetString()}";
        List<JsonElement> events = [];
        for (string? after = ""; after is not null; )
        {
            var page = (await served.GetAsync($"{path}/events?limit=2{(after.Length > 0 ? $"&after={after}" : "")}")).Ok();
            events.AddRange(page.GetProperty("data").EnumerateArray());
            after = page.GetProperty("has_more").GetBoolean() ? page.GetProperty("last_id").GetString() : null;
        }

        events.Select(e => e.GetProperty("id").GetString()).Distinct().Count().ShouldBe(events.Count);
        events[0].GetProperty("message").GetString().ShouldBe("The job has successfully completed");
        events[^1].GetProperty("message").GetString()!.ShouldStartWith("Created fine-tuning job");
        var checkpoint = (await served.GetAsync($"{path}/checkpoints")).Ok().GetProperty("data")[0];
        checkpoint.GetProperty("fine_tuned_model_checkpoint").GetString().ShouldBe(job.GetProperty("fine_tuned_model").GetString());
        checkpoint.GetProperty("metrics").GetProperty("train_loss").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}", "Line 1")]
    [InlineData("\n{\"messages\": 5}", "Line 2")]
    [InlineData("not json", "Line 1")]
    [InlineData("\n\n", "no example")]
    public async Task A_wrong_line_fails_the_job_by_its_number(string lines, string says)
    {
        await using var served = await Served.StartAsync();
        var job = await RunAsync(served, lines, Hyper("\"n_epochs\": 1"));
        job.GetProperty("status").GetString().ShouldBe("failed");
        job.GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_training_file");
        job.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(says);
        job.GetProperty("fine_tuned_model").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_example_that_does_not_fit_fails_the_job_and_the_next_one_runs()
    {
        await using var served = await Served.StartAsync();
        var answer = string.Concat(Enumerable.Repeat("the sea ", 60));
        var line =
            $"{{\"messages\": [{{\"role\": \"user\", \"content\": \"a\"}}, {{\"role\": \"assistant\", \"content\": \"{answer}\"}}]}}";
        (await RunAsync(served, line, Hyper("\"n_epochs\": 1")))
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain("context");
        (await RunAsync(served, Lines, Hyper("\"n_epochs\": 1"))).GetProperty("status").GetString().ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_running_job_and_one_that_waits_can_be_cancelled_and_an_ended_one_cannot()
    {
        HeldFamily held = default!;
        await using var served = await Served.StartAsync(family: f => held = new HeldFamily(f));
        var file = await served.UploadAsync(Lines);
        var (first, second) = (await CreateAsync(served, file), await CreateAsync(served, file));
        await held.Begun;
        (await StatusAsync(served, first)).ShouldBe("running");
        foreach (var job in (string[])[second, first])
            (await CancelAsync(served, job)).Ok().GetProperty("status").GetString().ShouldBe("cancelled");
        (await CancelAsync(served, first)).Refused(400).Code.ShouldBe("job_has_ended");
        held.LetGo();
        (await served.EndedAsync(await CreateAsync(served, file))).GetProperty("status").GetString().ShouldBe("succeeded");
        held.Trainings.ShouldBe(2, "the cancelled one that waited was never begun");
        (await StatusAsync(served, first)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_job_and_with_another_request_none()
    {
        await using var served = await Served.StartAsync();
        var file = await served.UploadAsync(Lines);
        var (first, again) = (await KeyedAsync(served, file, 1), await KeyedAsync(served, file, 1));
        again.Ok().GetProperty("id").GetString().ShouldBe(first.Ok().GetProperty("id").GetString());
        var uploadedAgain = await KeyedAsync(served, await served.UploadAsync(Lines), 1);
        uploadedAgain.Ok().GetProperty("id").GetString().ShouldBe(first.Json.GetProperty("id").GetString());
        (await KeyedAsync(served, file, 2)).Refused(400).Code.ShouldBe("idempotency_key_reused");
        (await KeyedAsync(served, await served.UploadAsync(Pairs), 1)).Refused(400).Code.ShouldBe("idempotency_key_reused");
        (await served.GetAsync("/v1/fine_tuning/jobs")).Ok().GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task No_job_is_made_of_a_deleted_file_but_a_made_one_keeps_its_data()
    {
        HeldFamily held = default!;
        await using var served = await Served.StartAsync(family: f => held = new HeldFamily(f));
        var file = await served.UploadAsync(Lines);
        var job = await CreateAsync(served, file);
        (await served.SendAsync(HttpMethod.Delete, $"/v1/files/{file}", null)).Ok();
        (await served.PostAsync("/v1/fine_tuning/jobs", $"{{\"model\": \"{Served.Model}\", \"training_file\": \"{file}\"}}"))
            .Refused(400)
            .Param.ShouldBe("training_file");
        held.LetGo();
        (await served.EndedAsync(job)).GetProperty("status").GetString().ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_job_that_a_stop_or_a_kill_interrupted_is_trained_by_the_next_start_to_the_same_model()
    {
        var (place, image) = (Directory.CreateTempSubdirectory("aime-serve-"), Directory.CreateTempSubdirectory("aime-serve-"));
        try
        {
            HeldFamily held = default!;
            string running,
                waiting;
            await using (var served = await Served.StartAsync(directory: place.FullName, family: f => held = new HeldFamily(f)))
            {
                var file = await served.UploadAsync(Lines);
                (running, waiting) = (await CreateAsync(served, file), await CreateAsync(served, file));
                await held.Begun;
                CopyTo(place, image.FullName); // as a kill at this moment leaves it
            }

            foreach (var directory in (string[])[place.FullName, image.FullName])
            {
                await using var again = await Served.StartAsync(directory: directory);
                var expected = await again.Nano.Provider.TrainAsync(
                    new FineTuningJob(again.Nano.Base, Examples, 3, 0.001, Seed: 9),
                    default
                );
                await IsAsync(again, await again.EndedAsync(running), expected);
                await IsAsync(again, await again.EndedAsync(waiting), expected);
                Directory.GetFiles(Path.Combine(directory, "checkpoints")).Length.ShouldBe(1);
                (await again.GetAsync("/v1/fine_tuning/jobs")).Ok().GetProperty("data").GetArrayLength().ShouldBe(2);
            }
        }
        finally
        {
            place.Delete(recursive: true);
            image.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_model_of_a_job_is_served_after_a_restart_and_no_training_is_repeated()
    {
        var place = Directory.CreateTempSubdirectory("aime-serve-");
        try
        {
            string name,
                answer;
            await using (var served = await Served.StartAsync(directory: place.FullName))
            {
                name = (await RunAsync(served, Lines, Hyper("\"n_epochs\": 4"))).GetProperty("fine_tuned_model").GetString()!;
                answer = await AnswerAsync(served, name);
                answer.ShouldNotBe(await AnswerAsync(served, Served.Model));
            }

            HeldFamily held = default!;
            await using var again = await Served.StartAsync(directory: place.FullName, family: f => held = new HeldFamily(f));
            (await AnswerAsync(again, name)).ShouldBe(answer);
            (await again.GetAsync($"/v1/models/{name}")).Ok().GetProperty("parent").GetString().ShouldBe(Served.Model);
            held.Trainings.ShouldBe(0);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_second_server_of_the_same_folder_is_refused()
    {
        await using var served = await Served.StartAsync();
        (await Should.ThrowAsync<IOException>(() => Served.StartAsync(directory: served.Options.Directory))).Message.ShouldContain(
            "another server uses"
        );
    }

    [Theory]
    [InlineData("\"hyperparameters\": {\"batch_size\": 8}", "hyperparameters.batch_size")]
    [InlineData("\"hyperparameters\": {\"n_epochs\": 0}", "hyperparameters.n_epochs")]
    [InlineData("\"hyperparameters\": {\"learning_rate_multiplier\": -1}", "hyperparameters.learning_rate_multiplier")]
    [InlineData("\"method\": {\"type\": \"reinforcement\"}", "method.type")]
    [InlineData("\"validation_file\": \"file-x\"", "validation_file")]
    [InlineData("\"suffix\": \"\"", "suffix")]
    [InlineData("\"metadata\": {\"a\": 1}", "metadata")]
    [InlineData("\"dataset\": \"x\"", "dataset")]
    public async Task A_wrong_order_is_refused_by_name(string more, string param)
    {
        await using var served = await Served.StartAsync();
        var file = await served.UploadAsync(Lines);
        (await served.PostAsync("/v1/fine_tuning/jobs", $"{{\"model\": \"{Served.Model}\", \"training_file\": \"{file}\", {more}}}"))
            .Refused(400)
            .Param.ShouldBe(param);
    }

    [Fact]
    public async Task An_unknown_job_and_an_unknown_model_are_404()
    {
        await using var served = await Served.StartAsync();
        (await served.GetAsync("/v1/fine_tuning/jobs/ftjob-none")).Refused(404);
        (await CancelAsync(served, "ftjob-none")).Refused(404);
        (await served.PostAsync("/v1/fine_tuning/jobs", "{\"model\": \"none\", \"training_file\": \"file-x\"}"))
            .Refused(404)
            .Code.ShouldBe("model_not_found");
    }

    private static string Hyper(string hyperparameters) => $"\"hyperparameters\": {{{hyperparameters}}}";

    private static async Task<JsonElement> RunAsync(Served served, string lines, string more, string model = Served.Model)
    {
        var file = await served.UploadAsync(lines);
        var body =
            $"{{\"model\": \"{model}\", \"training_file\": \"{file}\", \"seed\": 9, \"suffix\": \"my suffix\", "
            + $"\"metadata\": {{\"aime_key\": \"k1\"}}, {more}}}";
        return await served.EndedAsync((await served.PostAsync("/v1/fine_tuning/jobs", body)).Ok().GetProperty("id").GetString()!);
    }

    private static async Task<string> CreateAsync(Served served, string file) =>
        (await served.PostAsync("/v1/fine_tuning/jobs", $"{{\"model\": \"{Served.Model}\", \"training_file\": \"{file}\", \"seed\": 9}}"))
            .Ok()
            .GetProperty("id")
            .GetString()!;

    private static Task<Reply> KeyedAsync(Served served, string file, int seed) =>
        served.PostAsync(
            "/v1/fine_tuning/jobs",
            $"{{\"model\": \"{Served.Model}\", \"training_file\": \"{file}\", \"seed\": {seed}}}",
            ("Idempotency-Key", "once")
        );

    private static Task<Reply> CancelAsync(Served served, string job) =>
        served.SendAsync(HttpMethod.Post, $"/v1/fine_tuning/jobs/{job}/cancel", null);

    private static async Task<string> StatusAsync(Served served, string job) =>
        (await served.GetAsync($"/v1/fine_tuning/jobs/{job}")).Ok().GetProperty("status").GetString()!;

    private static async Task<string> AnswerAsync(Served served, string model) =>
        (
            await served.PostAsync(
                "/v1/chat/completions",
                $"{{\"model\": \"{model}\", \"messages\": [{{\"role\": \"user\", \"content\": \"Why?\"}}], \"max_tokens\": 20, \"seed\": 1}}"
            )
        )
            .Ok()
            .GetProperty("choices")[0]
            .GetProperty("message")
            .GetProperty("content")
            .GetString()!;

    // The checkpoint's id is the digest of its bytes.
    private static async Task IsAsync(Served served, JsonElement job, FineTuned expected)
    {
        var model = (await served.GetAsync($"/v1/models/{job.GetProperty("fine_tuned_model").GetString()}")).Ok();
        model.GetProperty("root").GetString().ShouldBe(expected.Model);
        job.GetProperty("trained_tokens").GetInt64().ShouldBe(expected.Tokens);
    }

    private static void CopyTo(DirectoryInfo from, string to)
    {
        foreach (var file in from.GetFiles("*", SearchOption.AllDirectories).Where(f => f.Name != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file.CopyTo(target);
        }
    }
}
