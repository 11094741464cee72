using System.Text.RegularExpressions;
using AiMe.Faculties;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The batteries of config/probes.</summary>
public sealed partial class ShippedBatteryTests
{
    public static TheoryData<string> All =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Config, "probes"), "*.yaml")
                .Select(f => Path.GetFileName(f)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_shipped_battery_is_valid(string name)
    {
        BatteryFile.Is(PathOf(name)).ShouldBeTrue();
        var (battery, problems) = BatteryFile.Read(PathOf(name));
        problems.ShouldBeEmpty();
        battery.ShouldNotBeNull();
    }

    [Fact]
    public void The_larger_battery_has_twenty_items_a_scale_half_of_them_denials_in_four_wordings()
    {
        foreach (var scale in Read("identity-large.yaml").Choices.GroupBy(c => c.Measures))
        {
            scale.Count().ShouldBe(20, scale.Key);
            scale.ShouldAllBe(c => c.Asks.Length == 4 && c.Asks.Distinct().Count() == 4 && c.Options.Length == 4);
            File.ReadAllText(PathOf("identity-large.yaml"))
                .Split("  - id: ")
                .Count(p => p.Contains($"trait: {scale.Key}\n    reversed: true", StringComparison.Ordinal))
                .ShouldBe(10, scale.Key);
        }
    }

    [Fact]
    public void The_larger_battery_measures_traits_of_the_charter_each_with_four_twins()
    {
        var battery = Read("identity-large.yaml");
        var charter = File.ReadAllText(Path.Combine(Repository.Config, "charters", "aime.yaml"));
        var scales = battery.Choices.Select(c => c.Measures).Distinct().ToArray();
        scales.Length.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var scale in scales)
        {
            charter.ShouldContain(scale);
            battery.Open.Count(o => o.Twin?.Measures == scale).ShouldBe(4, scale);
        }
    }

    [Fact]
    public void The_larger_battery_speaks_in_words_of_the_corpus()
    {
        var corpus = Directory
            .GetFiles(Path.Combine(Repository.Config, "corpora"))
            .Append(Path.Combine(Repository.Config, "charters", "aime.yaml"))
            .SelectMany(f => Words(File.ReadAllText(f)))
            .ToHashSet(StringComparer.Ordinal);
        var battery = Read("identity-large.yaml");
        battery
            .Choices.SelectMany(c => c.Asks.SelectMany(a => new[] { a.Ask, a.Stem }).Concat(c.Options))
            .Concat(battery.Open.SelectMany(o => o.Asks))
            .SelectMany(Words)
            .Where(w => !corpus.Contains(w))
            .Distinct()
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_keyed_option_stands_as_often_in_every_place() =>
        Read("identity-large.yaml").Choices.CountBy(c => c.Keyed).ShouldAllBe(k => k.Value == 20);

    [Fact]
    public void The_Big_Five_form_has_ten_items_a_factor_keyed_both_ways()
    {
        var factors = Read("big-five.yaml").Choices.GroupBy(c => c.Measures).ToArray();
        factors.Length.ShouldBe(5);
        factors.ShouldAllBe(f => f.Count() == 10 && f.Any(c => c.Keyed == 0) && f.Any(c => c.Keyed == 1));
    }

    private static ProbeSet Read(string name) => BatteryFile.Read(PathOf(name)).Battery.ShouldNotBeNull();

    private static string PathOf(string name) => Path.Combine(Repository.Config, "probes", name);

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(m => m.Value);

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Word();
}
