using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

public sealed class ThroughputTests
{
    private static readonly long Now = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void Without_an_experience_in_the_window_there_is_no_pace() =>
        Throughput.Of([(Ago(600), true)], Now, left: 10).PerSecond.ShouldBe(double.NaN);

    [Fact]
    public void What_lies_before_the_window_does_not_count() =>
        Throughput.Of([(Ago(600), true), (Ago(10), true)], Now, left: 10).Experiences.ShouldBe(1);

    [Fact]
    public void The_pace_is_taken_from_the_first_experience_of_the_window() =>
        Throughput.Of(Every(1, 40), Now, left: 10).PerSecond.ShouldBe(1, 0.001);

    [Fact]
    public void With_few_experiences_what_is_left_is_not_known_yet() => Throughput.Of(Every(1, 19), Now, left: 10).Left.ShouldBeNull();

    [Fact]
    public void After_a_few_seconds_what_is_left_is_not_known_yet() => Throughput.Of(Every(0.1, 50), Now, left: 10).Left.ShouldBeNull();

    [Fact]
    public void An_even_pace_leaves_a_narrow_range()
    {
        var (least, most) = Throughput.Of(Every(1, 100), Now, left: 200).Left!.Value;

        least.TotalSeconds.ShouldBe(200, 10);
        most.TotalSeconds.ShouldBe(200, 10);
    }

    [Fact]
    public void A_pause_widens_the_range_and_no_further_than_by_a_factor_of_four()
    {
        var (least, most) = Throughput
            .Of(Every(1, 200).Where(s => Now - s.Ticks > 100 * TimeSpan.TicksPerSecond), Now, left: 100)
            .Left!.Value;

        least.TotalSeconds.ShouldBe(100, 5);
        most.TotalSeconds.ShouldBe(800, 40);
    }

    [Fact]
    public void What_instances_did_that_have_ended_tells_nothing_of_what_is_left()
    {
        var pace = Throughput.Of(Every(1, 100).SelectMany(s => new[] { s, (s.Ticks, false), (s.Ticks, false) }), Now, left: 200);

        pace.PerSecond.ShouldBe(3, 0.1);
        pace.Left!.Value.Least.TotalSeconds.ShouldBe(200, 10);
    }

    [Fact]
    public void With_nothing_left_it_takes_no_time() =>
        Throughput.Of(Every(1, 100), Now, left: 0).Left.ShouldBe((TimeSpan.Zero, TimeSpan.Zero));

    private static IEnumerable<(long Ticks, bool GoesOn)> Every(double seconds, int count) =>
        Enumerable.Range(1, count).Reverse().Select(i => (Ago(i * seconds), true));

    private static long Ago(double seconds) => Now - (long)(seconds * TimeSpan.TicksPerSecond);
}
