using System.Collections.Immutable;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Personas;

namespace AiMe.Lab.Tests.Experiments.Personas;

/// <summary>Which items are taken, and the file of probes that they become.</summary>
public sealed class PersonaProbesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aime-persona-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_limit_takes_the_first_items() => Lines(Of(0, 0, 1, 1), new(null, Balance: false, Limit: 3)).ShouldBe([1, 2, 3]);

    [Fact]
    public void A_balance_takes_as_many_of_each_key_in_the_order_of_the_file()
    {
        Lines(Of(0, 0, 0, 1, 0, 1), new(null, Balance: true, Limit: null)).ShouldBe([1, 2, 4, 6]);
        Lines(Of(0, 0, 0, 1, 0, 1), new(null, Balance: true, Limit: 3)).ShouldBe([1, 4]);
    }

    [Fact]
    public void A_balance_of_one_key_alone_takes_nothing() => Lines(Of(0, 0), new(null, Balance: true, Limit: null)).ShouldBeEmpty();

    [Fact]
    public void Confidence_leaves_out_what_is_below_it_or_has_none()
    {
        var file = new PersonaFile("f", [Item(1, 0, 0.9), Item(2, 0, 0.89), Item(3, 0, null)]);
        var chosen = new PersonaSelection(0.9, Balance: false, Limit: null).Of(file);
        chosen.Items.Select(i => i.Line).ShouldBe([1]);
        chosen.Unsure.ShouldBe(2);
    }

    [Fact]
    public void A_question_that_stood_before_is_left_out()
    {
        var chosen = new PersonaSelection(null, Balance: false, Limit: null).Of(
            new PersonaFile("f", [Item(1, 0), Item(1, 0) with { Line = 2 }])
        );
        (chosen.Items.Length, chosen.Repeated).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("no-goal-change", "no-goal-change")]
    [InlineData("My Persona (v2)", "my-persona-v2")]
    [InlineData("...", "persona")]
    public void The_scale_is_the_file_s_name_in_small_letters_and_hyphens(string name, string scale) =>
        PersonaProbes.ScaleOf(name).ShouldBe(scale);

    [Fact]
    public void What_is_written_is_a_valid_file_of_probes_with_the_same_texts()
    {
        string[] texts = ["I say \"no\": never # twice", "a\\b\ttab", "{x: [1]} & *y", "naïve — 思う", "line\u2028end\u0085"];
        ImmutableArray<PersonaItem> items = [.. texts.Select((t, i) => Item(i + 1, i % 2) with { Question = $"{t}?\n", Statement = t })];
        var probes = PersonaProbes.Of("f", "odd: scale", items).ToArray();
        var path = Path.Combine(_folder, "probes.yaml");
        File.WriteAllText(path, ProbeYaml.Of(["made: by a test", "two\nlines"], probes));

        var (battery, problems) = BatteryFile.Read(path);

        problems.ShouldBeEmpty();
        var read = battery.ShouldNotBeNull().Choices;
        read.Select(c => c.Id).ShouldBe(probes.Select(p => p.Id));
        read.SelectMany(c => c.Asks).ShouldBe(probes.SelectMany(p => p.Asks));
        read.Select(c => (c.Measures, c.Keyed)).ShouldBe(probes.Select(p => (p.Measures, p.Keyed)));
    }

    [Fact]
    public void Every_item_has_four_different_wordings_of_which_two_hold_the_statement_in_the_stem()
    {
        foreach (var item in (PersonaItem[])[Item(1, 0) with { Statement = "I ask" }, Item(1, 1), Item(1, 0) with { IsShort = false }])
        {
            var asks = PersonaProbes.Of("f", "s", [item]).Single().Asks;
            asks.Distinct().Count().ShouldBe(4);
            asks.Count(a => item.Statement is { } s && a.Stem.Contains(s, StringComparison.Ordinal))
                .ShouldBe(item.Statement is null ? 0 : 2);
        }
    }

    private static PersonaFile Of(params int[] keys) => new("f", [.. keys.Select((key, i) => Item(i + 1, key))]);

    private static PersonaItem Item(int line, int keyed, double? confidence = 1) =>
        new(line, $"Is it {line}?", null, [" Yes", " No"], keyed, confidence) { IsShort = true };

    private static IEnumerable<int> Lines(PersonaFile file, PersonaSelection selection) => selection.Of(file).Items.Select(i => i.Line);
}
