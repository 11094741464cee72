using AiMe.Faculties;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Templates;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments.Templates;

public sealed class ExperimentTemplateTests : IDisposable
{
    private static readonly string Quickstart = Path.Combine(Repository.Config, "experiments", "quickstart.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-starter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_starter_is_sound_and_gets_no_advice()
    {
        var loaded = Written("my-study", charterName: null);
        loaded.Problems.ShouldBeEmpty();
        loaded.Advice.ShouldAllBe(a => a.Severity == Severity.Note);
    }

    [Fact]
    public void A_starter_says_what_the_shipped_experiment_says_but_for_its_name_and_its_replicates()
    {
        var (mine, shipped) = (Written("my-study", charterName: null).Experiment!, ExperimentFile.Load(Quickstart).Experiment!);
        Canonical.Form(mine with { Name = shipped.Name, Replicates = shipped.Replicates }).ShouldBe(Canonical.Form(shipped));
    }

    [Fact]
    public void A_starter_keeps_the_comments_of_the_shipped_experiment() =>
        Files("my-study", null)
            .Single(f => f.Path == ExperimentTemplate.Experiment)
            .Text.Split('\n')
            .Count(l => l.Contains('#', StringComparison.Ordinal))
            .ShouldBe(File.ReadAllText(Quickstart).Split('\n').Count(l => l.Contains('#', StringComparison.Ordinal)));

    [Fact]
    public void A_starter_stands_alone() =>
        Files("my-study", null).Single(f => f.Path == ExperimentTemplate.Experiment).Text.ShouldNotContain("../");

    [Theory]
    [InlineData("experiment.yaml", "# yaml-language-server: $schema=schema/experiment.json")]
    [InlineData("charter.yaml", "# yaml-language-server: $schema=schema/charter.json")]
    [InlineData("probes.yaml", "# yaml-language-server: $schema=schema/probes.json")]
    public void A_file_of_a_starter_begins_with_its_schema_and_names_it_once(string file, string first)
    {
        var text = Files("my-study", null).Single(f => f.Path == file).Text;
        text.Split('\n')[0].ShouldBe(first);
        text.Split("$schema=").Length.ShouldBe(2);
    }

    [Fact]
    public void A_charter_of_another_name_is_named_so_wherever_it_speaks()
    {
        var charter = Written("my-study", "Ada-2 Lovelace").Experiment!.Charter;
        charter.Name.ShouldBe("Ada-2 Lovelace");
        charter.Stem.ShouldStartWith("I am Ada-2 Lovelace.");
        Files("my-study", "Ada")
            .SelectMany(f => f.Text.Split('\n'))
            .Where(l =>
                !l.TrimStart().StartsWith('#')
                && !l.Contains("\"title\"", StringComparison.Ordinal)
                && l.Contains("AiMe", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("my-study", true)]
    [InlineData("2", true)]
    [InlineData("My", false)]
    [InlineData("-a", false)]
    [InlineData("", false)]
    [InlineData("a-name-of-forty-one-characters-is-too-lon", false)]
    public void An_experiment_s_name_is_as_the_reader_wants_it(string name, bool fits) => ExperimentTemplate.IsName(name).ShouldBe(fits);

    [Theory]
    [InlineData("Åse", true)]
    [InlineData("a: b", false)]
    [InlineData(" Ada", false)]
    [InlineData("2 Ada", false)]
    [InlineData("O'Hara", false)]
    public void A_charter_s_name_can_stand_in_yaml_and_json_as_it_is(string name, bool fits) =>
        ExperimentTemplate.IsCharterName(name).ShouldBe(fits);

    [Fact]
    public void A_file_that_stands_in_the_way_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "charter.yaml"), "mine");
        WholeFolder.Standing(_folder, Files("my-study", null)).ShouldBe([Path.Combine(_folder, "charter.yaml")]);
    }

    [Fact]
    public void A_folder_with_files_of_its_own_keeps_them()
    {
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "mine");
        WholeFolder.Write(_folder, Files("my-study", null), _ => { });
        Directory
            .GetFileSystemEntries(_folder)
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["charter.yaml", "corpus", "experiment.yaml", "notes.txt", "probes.yaml", "schema", "stimuli.jsonl"]);
    }

    [Fact]
    public void Where_one_file_cannot_take_its_place_all_is_as_it_was()
    {
        File.WriteAllText(Path.Combine(_folder, "experiment.yaml"), "mine");
        Directory.CreateDirectory(Path.Combine(_folder, "stimuli.jsonl")); // where a file belongs
        Should.Throw<IOException>(() => WholeFolder.Write(_folder, Files("my-study", null), _ => { }));
        Directory
            .GetFileSystemEntries(_folder)
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["experiment.yaml", "stimuli.jsonl"]);
        File.ReadAllText(Path.Combine(_folder, "experiment.yaml")).ShouldBe("mine");
    }

    [Fact]
    public void What_a_check_refuses_is_not_written_and_no_folder_is_made()
    {
        Should.Throw<InvalidDataException>(() =>
            WholeFolder.Write(Path.Combine(_folder, "a", "b"), Files("my-study", null), _ => throw new InvalidDataException())
        );
        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }

    private static IReadOnlyList<TemplateFile> Files(string name, string? charterName) =>
        ExperimentTemplate.Of(Quickstart, name, charterName);

    private Loaded Written(string name, string? charterName)
    {
        var folder = Path.Combine(_folder, "above", "study");
        WholeFolder.Write(folder, Files(name, charterName), _ => { });
        return ExperimentFile.Load(Path.Combine(folder, ExperimentTemplate.Experiment));
    }
}
