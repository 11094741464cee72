using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Populations;

namespace AiMe.Lab.Tests.Experiments.Populations;

/// <summary>The key <c>charters</c>: a folder, files, a sample; and what each mistake is told as.</summary>
public sealed class ChartersTests : IDisposable
{
    private const string Persona = """
        {"type": "TinyPerson", "persona": {"name": "Mira", "occupation": {"title": "Bridge Engineer"},
         "personality": {"traits": ["You are careful."]}, "long_term_goals": ["To build one bridge that lasts."], "likes": ["Rain."]}}
        """;

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_folder_gives_its_files_in_the_order_of_their_names()
    {
        var experiment = Folder().Experiment("replicates=4");

        experiment.Charters.Select(c => c.Charter.Name).ShouldBe(["Zora", "Ada", "Mira"]);
        experiment.Charter.ShouldBeSameAs(experiment.Charters[0].Charter);
        experiment.Replicates.ShouldBe(12);
        experiment.Size.Instances.ShouldBe(12);
        experiment.Plan(default, origin: null).Units.ShouldBe(new AnalysisUnits(3, 4, AreCharters: true));
    }

    [Fact]
    public void Files_give_the_order_in_which_they_are_listed() =>
        Folder("{files: [people/c.json, people/b.yaml]}").Experiment().Charters.Select(c => c.Charter.Name).ShouldBe(["Mira", "Ada"]);

    [Fact]
    public void One_file_is_one_charter_and_the_same_run_as_with_the_key_charter()
    {
        var one = _study.Experiment();
        var listed = With("{files: [charter.yaml]}").Experiment();
        listed.Charters.ShouldBeEmpty();
        listed.RunId.ShouldBe(one.RunId);
        listed.Plan(default, origin: null).Charters.ShouldBeNull();
    }

    [Fact]
    public void Every_charter_and_their_order_are_part_of_the_runs_id()
    {
        var both = Folder("{files: [people/c.json, people/b.yaml]}").Experiment().RunId;
        Folder("{files: [people/b.yaml, people/c.json]}").Experiment().RunId.ShouldNotBe(both);
        Folder("{files: [people/c.json, people/a.yaml]}").Experiment().RunId.ShouldNotBe(both);
    }

    [Fact]
    public void What_a_persona_says_beyond_a_charter_is_told_as_a_note()
    {
        Folder()
            .Write("people/c.json", Persona.Replace("\"name\": \"Mira\",", "\"name\": \"Mira\", \"age\": 41,", StringComparison.Ordinal));
        _study.Load().Problems.Select(p => p.Text).ShouldContain("left out of the charter: persona.age");
    }

    [Fact]
    public void What_stands_in_for_a_part_that_a_persona_lacks_is_told_as_a_warning()
    {
        Folder().Write("people/c.json", """{"name": "Mira", "traits": ["calm"]}""");
        _study.Load().Problems.Select(p => p.Text).ShouldContain("assumed: it has no values: 'honesty' stands in their place");
    }

    [Fact]
    public void A_sample_has_as_many_charters_and_a_longer_one_begins_with_it()
    {
        var three = With("{sample: {count: 3, seed: 5}}").Load().Experiment!.Charters;
        var five = With("{sample: {count: 5, seed: 5}}").Load().Experiment!.Charters;
        three.Select(c => CharterText.Of(c.Charter)).ShouldBe(five.Take(3).Select(c => CharterText.Of(c.Charter)));
        five.Select(c => c.Charter.Name).ShouldBeUnique();
        With("{sample: {count: 3, seed: 6}}").Load().Experiment!.Charters[0].Charter.Name.ShouldNotBe(three[0].Charter.Name);
    }

    [Fact]
    public void A_drawn_charter_has_distinct_parts_and_says_them_in_its_stem()
    {
        foreach (var charter in With("{sample: {count: 40}}").Load().Experiment!.Charters.Select(c => c.Charter))
        {
            charter.Traits.Length.ShouldBe(4);
            charter.Traits.ShouldBeUnique();
            charter.Goals.ShouldBeUnique();
            charter.Stem.ShouldStartWith($"I am {charter.Name}, a");
            charter.Stem.ShouldContain(charter.Traits[3]);
            charter.Stem.Split(' ').Length.ShouldBeLessThan(45);
        }
    }

    [Fact]
    public void A_charter_reads_the_same_from_its_text_as_from_its_file()
    {
        var experiment = Folder("{files: [people/b.yaml, charter.yaml]}").Experiment();
        foreach (var (one, i) in experiment.ByCharter.Select((e, i) => (e, i)))
        {
            _study.Write($"again{i}.yaml", one.CharterText!);
            CharterText
                .Of(
                    ExperimentFile
                        .Load(_study.PathOf("study.yaml"), $"charters={{files: ['{_study.PathOf($"again{i}.yaml")}']}}")
                        .Experiment!.Charter
                )
                .ShouldBe(one.CharterText);
        }
    }

    [Fact]
    public void Each_variant_may_have_a_charter_of_its_own()
    {
        var plan = Folder("{from: people, each: variant}")
            .Spoil("study.yaml", "keep-all: {curate: [keep-all]}", "a: {charter: Ada}\n  b: {charter: Mira}\n  c: {charter: Ada}")
            .Experiment("replicates=2")
            .Plan(default, origin: null);

        plan.Replicates.ShouldBe(2);
        plan.Instances.Select(i => plan.CharterOf(i.Variant, i.Replicate).Name).ShouldBe(["Ada", "Mira", "Ada", "Ada", "Mira", "Ada"]);
        plan.Units.ShouldBe(new AnalysisUnits(2, 1, AreCharters: false));
    }

    [Theory]
    [InlineData("{from: nowhere}", "charters.from: there is no folder 'nowhere' (a folder of charters)")]
    [InlineData("{from: empty}", "charters.from: found 0 files of .yaml, .yml or .json in")]
    [InlineData("{files: []}", "charters.files: found an empty list, expected a list of 1 to 1000 files")]
    [InlineData("{files: [none.yaml]}", "charters.files[0]: there is no file 'none.yaml' (a charter)")]
    [InlineData("{files: [charter.yaml, charter.yaml]}", "found")]
    [InlineData("{files: [charter.yaml, people/same.yaml]}", "have the name 'AiMe', expected another name for each charter")]
    [InlineData(
        "{files: [people/nameless.json]}",
        "people/nameless.json: name: the persona has no such member, expected the persona's name"
    )]
    [InlineData(
        "{files: [people/nameless.json]}",
        "personality.traits: the persona has no such member, expected a list of texts with an adj"
    )]
    [InlineData("{files: [people/list.json]}", "people/list.json:1:1: found a list, expected one JSON object with a persona")]
    [InlineData("{sample: {}}", "charters.sample.count: the key is missing, expected the number of charters")]
    [InlineData(
        "{sample: {count: 41}}",
        "charters.sample.count: found 41 charters, expected at most 40, the number of names in built-in parts.yaml"
    )]
    [InlineData("{sample: {count: 2, from: people/parts.yaml}}", "people/parts.yaml:1:1: trades: the key is missing")]
    [InlineData("{sample: {count: 2}, files: [charter.yaml]}", "charters: found 2 of from, files and sample, expected one of")]
    [InlineData("{}", "charters: found 0 of from, files and sample, expected one of")]
    [InlineData("{from: people, each: block}", "charters.each: found 'block', expected what has a charter: replicate, variant")]
    [InlineData("{from: people, each: variant}", "variants.keep-all: the key charter is missing, which charters.each: variant needs")]
    [InlineData("{form: people}", "charters.form: the key is unknown, expected one of from, files, sample, each; did you mean 'from'?")]
    public void A_mistake_is_told_with_what_was_expected(string charters, string problem)
    {
        Folder(charters)
            .Write("empty/notes.txt", "")
            .Write("people/same.yaml", Study.Charter)
            .Write("people/nameless.json", """{"persona": {"age": 3}}""")
            .Write("people/list.json", "[]")
            .Write("people/parts.yaml", "names: [A, B]\n");
        _study.Problems().ShouldContain(p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_charter_and_charters_exclude_each_other()
    {
        _study.Write("study.yaml", Study.Small + "charters: {sample: {count: 2}}\n");
        _study
            .Problems()
            .ShouldContain(p => p.Contains("charter: found charter and charters, expected one of them", StringComparison.Ordinal));
        _study.Write("study.yaml", Study.Small.Replace("charter: charter.yaml\n", "", StringComparison.Ordinal));
        _study
            .Problems()
            .ShouldContain(p => p.Contains("charter: the key is missing, expected the path of a charter, or", StringComparison.Ordinal));
    }

    [Fact]
    public void A_variant_names_a_charter_only_if_each_has_its_own() =>
        Folder()
            .Spoil("study.yaml", "keep-all: {curate: [keep-all]}", "keep-all: {charter: Ada}")
            .Problems()
            .ShouldContain(p => p.Contains("variants.keep-all.charter: all variants of a run share it", StringComparison.Ordinal));

    [Theory]
    [InlineData("variants.b={model: {records: 4}}", "every charter has a base model of its own, and so have some variants")]
    [InlineData("model={provider: distribution, family: gaussian}", "a distribution has no words, so that its charter changes nothing")]
    public void What_several_charters_cannot_have_is_refused(string set, string problem) =>
        Folder().Load(set).Problems.ShouldContain(p => p.Text.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void A_draft_of_each_charter_makes_an_identity_of_each()
    {
        Folder().Write("study.yaml", File.ReadAllText(_study.PathOf("study.yaml")) + "identity: {draft: true}\n");
        var charters = _study.Load().Experiment!.Charters;
        charters.Select(c => c.Identity!.Data).ShouldBeUnique();
        charters.ShouldAllBe(c => c.Identity!.Exchanges > 30);
        _study.Load().Experiment!.Plan(default, origin: null).Charters!.Value[2].Identity.ShouldBe(charters[2].Identity);
    }

    [Fact]
    public void A_file_of_exchanges_stands_after_the_stem_of_each_charter()
    {
        Folder()
            .Write("ex.jsonl", """{"prompt": "Who are you?", "completion": "I am myself."}""")
            .Write("study.yaml", File.ReadAllText(_study.PathOf("study.yaml")) + "identity: {data: ex.jsonl}\n");
        foreach (var charter in _study.Load().Experiment!.Charters)
            System.Text.Encoding.UTF8.GetString(charter.IdentityData.Span).ShouldContain(charter.Charter.Stem);
    }

    private Study With(string charters) =>
        _study.Write("study.yaml", Study.Small.Replace("charter: charter.yaml", $"charters: {charters}", StringComparison.Ordinal));

    // Names that are not in the order of the files' names.
    private Study Folder(string charters = "{from: people}") =>
        With(charters)
            .Write("people/a.yaml", Study.Charter.Replace("AiMe", "Zora", StringComparison.Ordinal))
            .Write("people/b.yaml", Study.Charter.Replace("AiMe", "Ada", StringComparison.Ordinal))
            .Write("people/c.json", Persona);
}
