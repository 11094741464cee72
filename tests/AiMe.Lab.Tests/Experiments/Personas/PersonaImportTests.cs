using AiMe.Faculties;
using AiMe.Lab.Experiments.Personas;

namespace AiMe.Lab.Tests.Experiments.Personas;

/// <summary>Persona files as charters: lenient about what they say, strict about what they are.</summary>
public sealed class PersonaImportTests : IDisposable
{
    private const string Newer = """
        {"type": "TinyPerson", "persona": {
          "name": "Mira", "age": 41, "nationality": "Czech",
          "occupation": {"title": "Bridge Engineer", "organization": "City", "description": "You build bridges."},
          "style": "Terse and dry. Likes numbers.",
          "personality": {"traits": ["You are very careful and like to check twice.", "You have a dry humour.", "You are calm and honest."],
                          "big_five": {"openness": "High."}},
          "preferences": {"likes": ["Old bridges.", "Black coffee."], "dislikes": ["Haste."]},
          "beliefs": ["A bridge is a promise. It must hold."],
          "long_term_goals": ["To build one bridge that lasts.", "Teach what I know."]}}
        """;

    private const string Older = """
        {"json_serializable_class_name": "TinyPerson", "name": "Bo", "memory": {"episodes": [1]},
         "_configuration": {"occupation": "a Data Scientist",
                            "personality_traits": [{"trait": "You are curious and love to learn."}, {"trait": "You are kind."}]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-persona-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_persona_of_TinyTroupe_gives_every_part_of_a_charter()
    {
        var charter = CharterOf(Newer);
        (charter.Name, charter.Trade).ShouldBe(("Mira", "bridge engineer"));
        charter.Stem.ShouldBe("I am Mira, a bridge engineer. I am careful, calm and honest. I want to build one bridge that lasts.");
        charter.Traits.ShouldBe(["careful", "calm", "honest"]);
        charter.Values.ShouldBe(["old bridges", "black coffee"]);
        charter.Goals.ShouldBe(["build one bridge that lasts", "teach what I know"]);
        charter.Voice.ShouldBe(["Terse and dry.", "Likes numbers."]);
        charter.SelfModel.ShouldBe("A bridge is a promise.");
    }

    [Fact]
    public void What_the_charter_does_not_take_is_named_as_high_as_no_part_of_it_is_taken() =>
        Import(Newer)
            .LeftOut.ShouldBe([
                "persona.age",
                "persona.nationality",
                "persona.occupation.organization",
                "persona.occupation.description",
                "persona.personality.big_five",
                "persona.preferences.dislikes",
                "1 of 3 traits",
            ]);

    [Fact]
    public void The_older_form_has_its_name_beside_the_persona()
    {
        var charter = CharterOf(Older);
        (charter.Name, charter.Trade).ShouldBe(("Bo", "data scientist"));
        charter.Traits.ShouldBe(["curious", "kind"]);
        Import(Older).LeftOut.ShouldBe(["memory"]);
    }

    [Fact]
    public void A_flat_object_is_a_persona_too()
    {
        var charter = CharterOf(
            """{"name": "Ada", "occupation": "Nurse", "traits": ["patient", "warm"], "values": ["care"], "goals": ["to help"]}"""
        );
        (charter.Trade, charter.Traits.Length, charter.Values[0], charter.Goals[0]).ShouldBe(("nurse", 2, "care", "help"));
    }

    [Fact]
    public void What_is_too_long_or_too_much_for_a_charter_is_told() =>
        Import(
            """
            {"name": "Ada", "occupation": "one two three four five six seven eight nine", "traits": ["calm", "not lazy at all"],
             "values": ["a", "b", "c", "d", "e", "f"], "goals": ["a b c d e f g h i j k l m n o p q", "rest"]}
            """
        )
            .LeftOut.ShouldBe([
                "the trade 'one two three four five six seven eight nine', which is too long",
                "1 of 2 goals",
                "1 of 2 traits",
                "1 of 6 values",
            ]);

    [Fact]
    public void What_is_missing_is_assumed_and_told()
    {
        var import = Import("{}");
        import.Assumed.Length.ShouldBe(4);
        import.Assumed[0].ShouldBe("it has no name: the file's name 'somebody' is taken");
        CharterOf("{}").Traits.ShouldBe(["calm"]);
    }

    [Theory]
    [InlineData("""{"name": "A: \"b\" #c", "occupation": "x{y}", "traits": ["it's"]}""")]
    [InlineData("""{"name": "Zoë\nLine", "beliefs": ["- no: yes"], "traits": [3, null, ["calm"], {"trait": 5}]}""")]
    [InlineData(
        """{"persona": {"name": {"first": "Eva"}, "occupation": [], "personality": "curious, kind", "long_term_goals": "To rest."}}"""
    )]
    [InlineData("""{"name": "{}", "occupation": "{ }", "beliefs": ["{}"], "style": "{}", "traits": ["{}"]}""")]
    [InlineData("""{"persona": null, "name": "", "goals": [""], "style": {"a": {"b": 1}}}""")]
    public void Whatever_a_persona_holds_the_charter_is_one_that_validate_accepts(string json) => CharterOf(json).Name.ShouldNotBeEmpty();

    [Theory]
    [InlineData("[]", "somebody.agent.json:1:1: found a list, expected one JSON object")]
    [InlineData("{", "somebody.agent.json:1:")]
    [InlineData("", "somebody.agent.json: found 0 JSON values, expected one JSON object")]
    public void A_file_that_is_no_object_is_refused_with_its_place(string json, string problem) =>
        Import(json).Problems.ShouldContain(p => p.ToString().Contains(problem, StringComparison.Ordinal));

    private PersonaImport Import(string json)
    {
        var file = Path.Combine(_folder, "somebody.agent.json");
        File.WriteAllText(file, json);
        return PersonaImport.Read(file);
    }

    private Charter CharterOf(string json)
    {
        var import = Import(json);
        import.Problems.ShouldBeEmpty();
        var file = Path.Combine(_folder, "charter.yaml");
        File.WriteAllText(file, import.Yaml.ShouldNotBeNull());
        var loaded = CharterLoading.Of(file);
        loaded.Problems.ShouldBeEmpty();
        Corpora.CharterSlots.Load(file).Stem.ShouldBe(loaded.Charter!.Stem, "the grammar takes it too");
        return loaded.Charter!;
    }
}
