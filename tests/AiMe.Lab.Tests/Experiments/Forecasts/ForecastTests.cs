using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;

namespace AiMe.Lab.Tests.Experiments.Forecasts;

public sealed class ForecastTests : IDisposable
{
    // A second for each call and each token, so that figures can be worked by hand.
    private static readonly UnitCosts Second = new(Prompt: 1, Token: 1, Scoring: 1, Trained: 1);

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void The_quickstart_s_work_is_near_to_what_its_real_run_did()
    {
        // The run with the digest f3f3765fec0c: 1,080 answers of 14.5 tokens, 90 insights, 30 trainings on 279,244 tokens.
        var work = Workload.Of(
            ExperimentFile
                .Load(Path.Combine(Repository.Config, "experiments", "quickstart-0.1.yaml"))
                .Experiment!.Plan(default, origin: null)
        );
        work.Answers.ShouldBe(1080);
        work.Insights.ShouldBe(90);
        work.Trainings.ShouldBe(30);
        work.Trained.ShouldBe(279_244, tolerance: 0.05 * 279_244);
    }

    [Fact]
    public void The_quickstart_s_disk_is_near_to_what_its_real_run_took()
    {
        // 8,790,016 bytes of journal, 18,865,423 of blobs.
        var forecast = Forecast.Of(
            ExperimentFile.Load(Path.Combine(Repository.Config, "experiments", "quickstart-0.1.yaml")).Experiment!,
            Second,
            earlier: null,
            threads: 1,
            hasBase: true
        );
        Math.Sqrt(forecast.JournalBytes.Low * forecast.JournalBytes.High).ShouldBe(8_790_016, tolerance: 0.05 * 8_790_016);
        Math.Sqrt(forecast.BlobBytes.Low * forecast.BlobBytes.High).ShouldBe(18_865_423, tolerance: 0.05 * 18_865_423);
    }

    [Fact]
    public void An_instance_s_calls_are_counted()
    {
        // 3 cycles in rounds of 2, so 1 round and 2 generations; 1 choice probe of 2 wordings, 1 open one; 5 instances that train.
        var work = Workload.Of(_study.Experiment("generate.candidates=2", "generate.pick=quality").Plan(default, origin: null));
        (work.Answers, work.Reflections, work.Trainings).ShouldBe((30, 15, 5));
        work.OpenAnswers.ShouldBe(5 * (2 + 8));
        work.Scorings.ShouldBe((5 * ((2 * 6) + (2 * 2 * 2) + (2 * 2) + 128)) + (2 * 2) + (5 * 128));
    }

    [Theory]
    [InlineData("train: none", 0)]
    [InlineData("curate: [keep-none]", 0)]
    [InlineData("curate: [{random: 0.5}]", 0.5)]
    [InlineData("curate: [{random: 0.5}, {top: {score: quality, fraction: 0.5}}]", 0.25)]
    [InlineData("curate: [{dedupe: 0.9}]", 1)]
    public void Of_what_could_be_trained_on_the_rules_leave_their_share(string says, double share)
    {
        var all = Workload.Of(_study.Experiment().Plan(default, origin: null)).TrainedAtMost;
        Workload.Of(_study.Experiment($"variants.keep-all={{{says}}}").Plan(default, origin: null)).Trained.ShouldBe(share * all, 1e-9);
    }

    [Theory]
    [InlineData("replace", 3)]
    [InlineData("window(2)", 5)]
    [InlineData("accumulate", 6)]
    public void What_is_trained_on_grows_with_the_rounds_that_are_looked_at(string data, double rounds)
    {
        var one = Workload.Of(_study.Experiment("train.every=3").Plan(default, origin: null)).TrainedAtMost / 3;
        Workload
            .Of(_study.Experiment("train.every=1", $"train.data={data}").Plan(default, origin: null))
            .TrainedAtMost.ShouldBe(rounds * one, 1e-6);
    }

    [Fact]
    public void Threads_beyond_the_instances_do_not_help()
    {
        var experiment = _study.Experiment();
        Of(experiment, threads: 5).ShouldBe(Of(experiment, threads: 50));
        Of(experiment, threads: 1).Low.ShouldBe(5 * Of(experiment, threads: 5).Low, 1e-6);
    }

    [Fact]
    public void An_earlier_run_of_the_same_work_says_how_long_it_takes()
    {
        var experiment = _study.Experiment();
        var range = Forecast
            .Of(
                experiment,
                Second,
                new EarlierRun(experiment.Plan(default, origin: null), TimeSpan.FromSeconds(60)),
                threads: 2,
                hasBase: true
            )
            .Seconds;
        Math.Sqrt(range.Low * range.High).ShouldBe(60, 1e-9);
    }

    [Fact]
    public async Task A_run_was_at_work_between_its_events_of_all_streams_but_for_pauses()
    {
        await using var journal = new InMemoryJournal(TimeProvider.System);
        await WriteAsync("one-12345678/a-1/self", 0, 10, 100, 108);
        await WriteAsync("one-12345678/supervisor/1-of-2", 5, 35, 103);
        await WriteAsync("one-123456789/a-1/self", 20);

        (await EarlierRun.TookAsync(journal, "one-12345678", CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(10 + 25 + 8));

        Task WriteAsync(string stream, params int[] seconds) =>
            journal.AppendAsync(
                new PersistenceId(stream),
                new WriterId("w"),
                [.. seconds.Select((s, n) => new JournalEntry(n + 1, "test.happened@1", default, TimeSpan.FromSeconds(1_000 + s).Ticks))],
                CancellationToken.None
            );
    }

    [Fact]
    public void A_range_is_narrower_after_an_earlier_run_than_after_a_measurement()
    {
        var experiment = _study.Experiment();
        var measured = Of(experiment, threads: 1);
        var lived = Forecast
            .Of(
                experiment,
                Second,
                new EarlierRun(experiment.Plan(default, origin: null), TimeSpan.FromSeconds(60)),
                threads: 1,
                hasBase: true
            )
            .Seconds;
        (lived.High / lived.Low).ShouldBeLessThan(measured.High / measured.Low);
    }

    [Fact]
    public void A_base_model_that_is_there_costs_nothing() =>
        Forecast.Of(_study.Experiment(), Second, earlier: null, threads: 1, hasBase: true).BaseSeconds.ShouldBe(default);

    [Fact]
    public void A_base_model_that_is_missing_is_part_of_the_whole_time()
    {
        var forecast = Forecast.Of(_study.Experiment(), Second, earlier: null, threads: 1, hasBase: false);

        forecast.BaseSeconds.Low.ShouldBeGreaterThan(0);
        forecast.SecondsInAll.ShouldBe(
            new Bounds(forecast.Seconds.Low + forecast.BaseSeconds.Low, forecast.Seconds.High + forecast.BaseSeconds.High)
        );
    }

    [Fact]
    public void What_is_measured_is_above_zero()
    {
        var costs = UnitCosts.Measure("tiny", TimeProvider.System);
        new[] { costs.Prompt, costs.Scoring, costs.Trained }.ShouldAllBe(c => c > 0 && c < 1);
    }

    private static Bounds Of(Experiment experiment, int threads) =>
        Forecast.Of(experiment, Second, earlier: null, threads, hasBase: true).Seconds;
}
