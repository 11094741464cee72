using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AiMe.Faculties.Tests;

namespace AiMe.Simulation.Tests;

/// <summary>Lives on simulated machines: the invariants hold, a seed gives the same each time, and each planted mistake is found.</summary>
public sealed partial class SimulatorTests
{
    public static TheoryData<string> Mistakes { get; } = [.. Mistake.All.Select(m => m.Name)];

    [Fact]
    public async Task No_seed_of_three_hundred_breaks_anything()
    {
        var count = Trials.Of(300);
        var report = await SearchAsync(new SimulationOptions(), first: 1, count);
        report.Violation.ShouldBeNull($"seed {report.Seed}: {report.Violation?.How}");
        report.Tried.ShouldBe(count);
        report.Experiences.ShouldBeGreaterThanOrEqualTo(count * 20);
        report.Crashes.ShouldBeGreaterThan(count);
    }

    [Fact]
    public async Task Many_short_instances_at_once_break_nothing()
    {
        var report = await SearchAsync(new SimulationOptions(Experiences: 24, Instances: 8), first: 1, count: 20);
        report.Violation.ShouldBeNull($"seed {report.Seed}: {report.Violation?.How}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(42)]
    public void A_seed_gives_the_same_schedule_to_the_last_step_and_recording_changes_none(long seed)
    {
        var (once, again, unrecorded) = (Record(seed), Record(seed), new Simulator(new SimulationOptions()).Try(seed, record: false));
        again.Schedule.ShouldBe(once.Schedule);
        once.Schedule.Count.ShouldBeGreaterThan(500);
        (unrecorded.Steps, unrecorded.Crashes, unrecorded.Digest).ShouldBe((once.Steps, once.Crashes, once.Digest));
        unrecorded.Order.ShouldBe(once.Order);
        unrecorded.Schedule.ShouldBeEmpty();
    }

    [Fact]
    public void Another_seed_gives_another_schedule() => Record(3).Schedule.ShouldNotBe(Record(4).Schedule);

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_planted_mistake_is_found_within_a_thousand_seeds_by_the_invariant_that_it_breaks(string name)
    {
        var mistake = Mistake.All.Single(m => m.Name == name);
        var report = await SearchAsync(new SimulationOptions(Mistake: mistake), first: 1, count: 1000);
        report.Violation.ShouldNotBeNull($"{mistake.Sentence}: nobody found it");
        report.Violation.Invariant.Name.ShouldBe(mistake.Breaks, report.Violation.How);
    }

    [Fact]
    public void The_seven_classic_mistakes_are_all_planted() =>
        Mistake
            .All.Select(m => m.Name)
            .ShouldBe([
                "ack-before-durable",
                "no-idempotence",
                "silent-duplicate",
                "lost-pending",
                "double-submit",
                "stale-snapshot",
                "order-by-timestamp",
            ]);

    [Fact]
    public async Task The_seed_that_is_told_is_the_lowest_at_any_parallelism()
    {
        var options = new SimulationOptions(Mistake: Mistake.All.Single(m => m.Name == "double-submit"));
        var one = await new Simulator(options).SearchAsync(1, 100, parallel: 1, _ => { }, CancellationToken.None);
        var four = await new Simulator(options).SearchAsync(1, 100, parallel: 4, _ => { }, CancellationToken.None);
        (four.Seed, four.Violation).ShouldBe((one.Seed, one.Violation));
        new Simulator(options)
            .Record(one.Seed!.Value, one.Violation!.Invariant)
            .Violation!.Invariant.ShouldBe(one.Violation.Invariant, "tried again it breaks the same");
    }

    // Without these the invariants would hold for want of trouble.
    [Theory]
    [InlineData("! crashes")]
    [InlineData("not yet durable")]
    [InlineData("is durable, but not acknowledged")]
    [InlineData(", duplicated")]
    [InlineData("! the store fails; the append is lost")]
    [InlineData("! the store fails; the append is durable")]
    [InlineData("is damaged at byte")]
    [InlineData("! jumps by")]
    [InlineData("throws")]
    [InlineData("! restarts after")]
    [InlineData("429: too many requests")]
    [InlineData("500: the server failed")]
    [InlineData("no answer within 60 seconds")]
    [InlineData("malformed answer")]
    [InlineData("the training diverged")]
    [InlineData("StartRun, reviving")]
    [InlineData("creates a job for")]
    [InlineData("JobAbsent")]
    [InlineData("its file was removed")]
    [InlineData("TakeBack")]
    [InlineData("CallRound")]
    [InlineData("is a copy of")]
    [InlineData("GiveReview")]
    [InlineData("AwaitReviews")]
    [InlineData("SettleReviews")]
    [InlineData("SettleHeld")]
    public void Every_trouble_occurs_in_the_first_hundred_seeds(string trouble) => Happened.Value.ShouldContain(trouble);

    [Fact]
    public void Every_line_of_a_schedule_says_step_time_who_and_what() =>
        Record(3).Schedule.Select(line => line.ToString()).ShouldAllBe(line => Line().IsMatch(line));

    [Fact]
    public void The_schedule_of_an_undisturbed_experience_reads_like_a_story()
    {
        var options = new SimulationOptions(Experiences: 1, Instances: 1);
        var result = new SimulationRun(Scenario.Undisturbed(course: 1, options), options, reference: null, record: true).Run();
        string[] told = [.. result.Schedule.Select(line => $"{line.Who, -28}  {line.What}")];
        var golden = Path.Combine(Path.GetDirectoryName(Here())!, "Golden", "experience.txt");
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            File.WriteAllLines(golden, told);
        told.ShouldBe(File.ReadAllLines(golden));
    }

    private static readonly Lazy<string> Happened = new(() =>
        string.Join('\n', Enumerable.Range(1, 100).SelectMany(seed => Record(seed).Schedule).Select(line => line.What))
    );

    private static SimulationResult Record(long seed) => new Simulator(new SimulationOptions()).Try(seed, record: true);

    private static Task<SimulationReport> SearchAsync(SimulationOptions options, long first, long count) =>
        new Simulator(options).SearchAsync(first, count, Environment.ProcessorCount, _ => { }, CancellationToken.None);

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^ *[0-9]+ +[0-9]+\.[0-9]{4} s  \S.{27,}  \S")]
    private static partial Regex Line();
}
