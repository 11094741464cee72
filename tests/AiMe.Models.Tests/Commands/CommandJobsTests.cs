using System.Diagnostics;
using AiMe.Models.Commands;
using AiMe.Models.Jobs;

namespace AiMe.Models.Tests.Commands;

/// <summary>Real commands, kept by a real shell.</summary>
public sealed class CommandJobsTests : IDisposable
{
    private static readonly JobOrder Order = new(
        "aime-0123456789abcdef01234567",
        "some-model",
        Epochs: 3,
        LearningRate: 0.001,
        Seed: 7,
        "run-1",
        "kept-1",
        Round: 2
    );
    private static readonly byte[] Lines = "{\"messages\":[]}\n"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _root = Directory.CreateTempSubdirectory("aime-jobs-").FullName;

    public CommandJobsTests() => Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableFact]
    public async Task A_command_reads_its_training_set_and_names_its_model_on_the_last_line()
    {
        var (jobs, data) = await PreparedAsync(
            "cat \"$AIME_DATASET\" > \"$AIME_OUTPUT/seen\"; echo warming up; echo \"$AIME_BASE_MODEL-$AIME_ROUND-$AIME_EPOCHS\"; echo"
        );
        (await jobs.SubmitAsync(Order, data, default)).ShouldBe(new Submission.Made(data));
        (await EndAsync(jobs, data)).ShouldBe(new JobLook.Done("some-model-2-3", null));
        (await File.ReadAllBytesAsync(In(data, "output/seen"))).ShouldBe(Lines);
    }

    [SkippableTheory]
    [InlineData(LengthUnit.Steps, "/60//")]
    [InlineData(LengthUnit.Examples, "//60/")]
    [InlineData(LengthUnit.Tokens, "///60")]
    public async Task A_command_is_told_one_length_alone(LengthUnit unit, string told)
    {
        var (jobs, data) = await PreparedAsync("echo \"m$AIME_EPOCHS/$AIME_STEPS/$AIME_EXAMPLES/$AIME_TOKENS\"");
        await jobs.SubmitAsync(Order with { Epochs = 0, Length = new(unit, 60) }, data, default);
        (await EndAsync(jobs, data)).ShouldBe(new JobLook.Done($"m{told}", null));
    }

    [SkippableFact]
    public async Task Arguments_reach_the_command_as_they_are_written()
    {
        string[] line = ["printf", "%s|%s|%s\\n", "a b", "$HOME", "`id`;*"];
        CommandJobs jobs = new(line, _root);
        var data = await jobs.PrepareAsync(Order, 1, "", Lines, default);
        await jobs.SubmitAsync(Order, data, default);
        (await EndAsync(jobs, data)).ShouldBeOfType<JobLook.JobEnded>().Why.ShouldContain("not a model name");
        (await File.ReadAllTextAsync(In(data, "stdout"))).ShouldBe("a b|$HOME|`id`;*\n");
    }

    [SkippableFact]
    public async Task A_command_that_fails_tells_its_code_and_the_end_of_its_errors()
    {
        var (jobs, data) = await PreparedAsync("echo first >&2; echo 'no memory left' >&2; exit 3");
        await jobs.SubmitAsync(Order, data, default);
        (await EndAsync(jobs, data)).ShouldBe(new JobLook.JobEnded("the command ended with 3: first / no memory left"));
    }

    [SkippableFact]
    public async Task Submitted_twice_it_is_begun_once()
    {
        var (jobs, data) = await PreparedAsync($"echo begun >> '{_root}/begun'; echo model");
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => jobs.SubmitAsync(Order, data, default)));
        all.ShouldAllBe(s => s == new Submission.Made(data));
        await EndAsync(jobs, data);
        (await File.ReadAllLinesAsync(Path.Combine(_root, "begun"))).Length.ShouldBe(1);
    }

    [SkippableFact]
    public async Task What_was_not_begun_is_certainly_absent_and_can_no_longer_begin()
    {
        var (jobs, data) = await PreparedAsync($"echo begun >> '{_root}/begun'; echo model");
        (await jobs.FindAsync(Order.Key, data, default)).ShouldBe(new JobSearch.Absent());
        (await jobs.FindAsync(Order.Key, data, default)).ShouldBe(new JobSearch.Absent(), "asked again it is the same");
        (await jobs.SubmitAsync(Order, data, default)).ShouldBeOfType<Submission.Unclear>();
        (await jobs.FindAsync(Order.Key, data, default)).ShouldBe(new JobSearch.Absent());
        File.Exists(Path.Combine(_root, "begun")).ShouldBeFalse();
        Directory.EnumerateFiles(Path.GetDirectoryName(In(data, "taken"))!, "mine.*").ShouldBeEmpty("the keeper has ended and tidied up");
    }

    [SkippableFact]
    public async Task Whoever_is_first_begins_it_or_revokes_it_and_never_both()
    {
        for (var i = 1; i <= 12; i++)
        {
            CommandJobs jobs = new(["sh", "-c", $"echo begun >> '{_root}/begun-{i}'; echo model"], _root);
            var data = await jobs.PrepareAsync(Order, i, "", Lines, default);
            var submission = jobs.SubmitAsync(Order, data, default);
            var found = await jobs.FindAsync(Order.Key, data, default);
            await submission;
            if (found is JobSearch.Found)
                await EndAsync(jobs, data);
            File.Exists(Path.Combine(_root, $"begun-{i}")).ShouldBe(found is JobSearch.Found, $"in race {i}");
        }
    }

    [SkippableFact]
    public async Task A_job_is_found_by_whoever_comes_later_and_its_result_read()
    {
        var (jobs, data) = await PreparedAsync($"while [ ! -e '{_root}/go' ]; do sleep 0.02; done; echo model");
        await jobs.SubmitAsync(Order, data, default);
        CommandJobs later = new(["false"], _root);
        (await later.FindAsync(Order.Key, data, default)).ShouldBe(new JobSearch.Found(data));
        (await later.LookAsync(Order.Key, data, default)).ShouldBe(new JobLook.UnderWay());
        await File.WriteAllTextAsync(Path.Combine(_root, "go"), "");
        (await EndAsync(later, data)).ShouldBe(new JobLook.Done("model", null));
    }

    [SkippableFact]
    public async Task A_job_whose_keeper_was_killed_has_no_result_and_is_not_begun_again()
    {
        var (jobs, data) = await PreparedAsync("sleep 60");
        await jobs.SubmitAsync(Order, data, default);
        using (var keeper = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(In(data, "taken")))))
        {
            keeper.Kill(entireProcessTree: true);
            await keeper.WaitForExitAsync();
        }

        (await EndAsync(jobs, data)).ShouldBeOfType<JobLook.JobEnded>().Why.ShouldContain("ended without a result");
        (await jobs.FindAsync(Order.Key, data, default)).ShouldBeOfType<JobSearch.Found>();
    }

    [SkippableFact]
    public async Task A_command_is_not_of_our_process_group_so_that_what_ends_us_does_not_end_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a session of its own is made with the tools of Linux");
        var (jobs, data) = await PreparedAsync("cut -d' ' -f5 /proc/$$/stat"); // the process group, see proc(5)
        await jobs.SubmitAsync(Order, data, default);
        var group = (await EndAsync(jobs, data)).ShouldBeOfType<JobLook.Done>().Model;
        var ours = (await File.ReadAllTextAsync("/proc/self/stat")).Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        group.ShouldNotBe(ours);
    }

    [SkippableFact]
    public async Task A_program_that_is_not_there_is_refused_for_good_and_begins_nothing()
    {
        CommandJobs jobs = new(["no-such-program-of-aime"], _root);
        var data = await jobs.PrepareAsync(Order, 1, "", Lines, default);
        var refused = (await jobs.SubmitAsync(Order, data, default)).ShouldBeOfType<Submission.Refused>();
        (refused.ForGood, refused.Why).ShouldBe(
            (true, "No executable program 'no-such-program-of-aime' was found on the path: check train.command.")
        );
        File.Exists(In(data, "taken")).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task A_store_without_its_jobs_cannot_tell()
    {
        CommandJobs jobs = new(["true"], _root);
        (await jobs.FindAsync(Order.Key, $"{Order.Key}/1", default)).ShouldBeOfType<JobSearch.Unknowable>();
        (await Should.ThrowAsync<ProviderException>(jobs.LookAsync(Order.Key, $"{Order.Key}/1", default))).ForGood.ShouldBeTrue();
    }

    private string In(string data, string name) => Path.Combine(_root, data, name);

    private async Task<(CommandJobs Jobs, string Data)> PreparedAsync(string script)
    {
        CommandJobs jobs = new(["sh", "-c", script], _root);
        return (jobs, await jobs.PrepareAsync(Order, 1, "", Lines, default));
    }

    // A process of its own ends when it ends; it is looked at until then.
    private static async Task<JobLook> EndAsync(CommandJobs jobs, string data)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            if (await jobs.LookAsync(Order.Key, data, patience.Token) is not JobLook.UnderWay and var look)
                return look;
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }
    }
}
