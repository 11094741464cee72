using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.EventSourcing.Tests;

public sealed class SeedTests
{
    private static readonly Seed Run = new(42);

    [Fact]
    public void The_seeds_of_a_run_never_change()
    {
        Run.Derive().ToString().ShouldBe("dd761b275fddf64b");
        var block = Run.Derive("block", 3);
        block.ToString().ShouldBe("af5ae65710f5b32e");
        block.Derive("instance", "novelty").ToString().ShouldBe("926b02e2bd93814e");
        Run.Derive(-1, "ä", 0).ToString().ShouldBe("0063f04eb1436122");
    }

    [Fact]
    public void The_unit_number_of_a_seed_never_changes() => Run.Unit().ShouldBe(0.824847852925529);

    [Fact]
    public void A_seed_depends_on_its_parent() =>
        Prop.ForAll((ulong a, ulong b, long n) => a == b || new Seed(a).Derive(n) != new Seed(b).Derive(n)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_seed_depends_on_every_part_of_its_name() =>
        Prop.ForAll(
                (ulong a, long n, long m) =>
                    n == m
                    || (new Seed(a).Derive(n, 0) != new Seed(a).Derive(m, 0) && new Seed(a).Derive("x", n) != new Seed(a).Derive("x", m))
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Parts_do_not_run_together()
    {
        Seed[] seeds =
        [
            Run.Derive("ab", "c"),
            Run.Derive("a", "bc"),
            Run.Derive("abc"),
            Run.Derive("abc", ""),
            Run.Derive(1, 2),
            Run.Derive(12),
            Run.Derive("1", "2"),
            Run.Derive("1", 2),
            Run.Derive(2, 1),
        ];
        seeds.Distinct().Count().ShouldBe(seeds.Length);
    }

    [Fact]
    public void A_text_and_a_number_of_the_same_digits_are_two_names() => Run.Derive("7").ShouldNotBe(Run.Derive(7));

    [Fact]
    public void Sibling_seeds_look_independent()
    {
        // Of 64 bits, neighbours should differ in 32 on average; over 1000 pairs the mean's standard deviation is 4/sqrt(1000) = 0.13.
        var mean = Enumerable.Range(0, 1000).Average(n => (double)ulong.PopCount(Run.Derive(n).Value ^ Run.Derive(n + 1).Value));
        mean.ShouldBe(32, tolerance: 0.65);
    }

    [Fact]
    public void The_unit_number_is_in_0_to_1_without_1() =>
        Prop.ForAll((ulong a) => new Seed(a).Unit() is >= 0 and < 1).QuickCheckThrowOnFailure();

    [Fact]
    public void A_seed_is_16_hexadecimal_digits_in_JSON() =>
        Prop.ForAll(
                (ulong a) =>
                {
                    var json = JsonSerializer.Serialize(new Seed(a));
                    return json.Length == 18 && JsonSerializer.Deserialize<Seed>(json) == new Seed(a);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("\"42\"")]
    [InlineData("\"000000000000002g\"")]
    public void Any_other_spelling_of_a_seed_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Seed>(json));
}
