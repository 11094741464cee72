using System.Text.Json.Nodes;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments.Schema;

public sealed class ExperimentSchemaTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    public static TheoryData<string> Names => [.. ExperimentSchema.Names];

    /// <summary>Every shipped file and the schema that it must fit.</summary>
    public static TheoryData<string, string> Shipped
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (
                var (folder, schema) in ((string, string)[])[("experiments", "experiment"), ("charters", "charter"), ("probes", "probes")]
            )
            {
                foreach (var file in Directory.GetFiles(Path.Combine(Repository.Config, folder), "*.yaml"))
                    all.Add(Path.GetRelativePath(Repository.Config, file), schema);
            }

            return all;
        }
    }

    /// <summary>Bad files whose shape is right: what is wrong with them is known only from another key, another file, or the text itself.</summary>
    private static readonly string[] NotOfShape =
    [
        "after the year 9999",
        "stimuli; expected at most",
        "is above max",
        "found 'matched: ",
        "the name 'run/instance' would be",
        "found twice, expected once",
        "twice, expected a unique id",
        ".keyed: found",
        "this line is not JSON",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_shipped_schema_is_what_the_readers_ask(string name)
    {
        var shipped = Path.Combine(Repository.Config, "schema", $"{name}.json");
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            File.WriteAllText(shipped, ExperimentSchema.Text(name));
        File.ReadAllText(shipped).ShouldBe(ExperimentSchema.Text(name), "AIME_GOLDEN=write dotnet test tests/AiMe.Lab.Tests writes it");
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_file_fits_its_schema(string file, string schema) =>
        Validator.Accepts(Parsed(schema), Json.Of(Json.File(Path.Combine(Repository.Config, file))!)).ShouldBeTrue();

    [Fact]
    public void Every_shipped_stimulus_fits_its_schema()
    {
        var schema = Parsed("stimuli");
        foreach (var line in File.ReadLines(Path.Combine(Repository.Config, "stimuli", "daily.jsonl")))
            Validator.Accepts(schema, JsonNode.Parse(line)).ShouldBeTrue(line);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_key_says_what_it_means(string name) =>
        Keys(Parsed(name), "")
            .Where(k => k.Schema["description"]?.GetValue<string>() is not { Length: > 0 })
            .Select(k => k.Path)
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void No_mapping_is_open_to_unknown_keys(string name) =>
        Objects(Parsed(name))
            .Where(o => o["oneOf"] is null && o["additionalProperties"] is null)
            .Select(o => o.ToJsonString())
            .ShouldBeEmpty();

    [Fact]
    public void A_default_of_the_schema_said_aloud_changes_nothing()
    {
        _study.Spoil("study.yaml", "train: {every: 2}", "train: {}"); // so long a round is a warning, which does not matter here
        var silent = _study.Load().Experiment!.Digest;
        var defaults = Keys(Parsed("experiment"), "")
            .Where(k =>
                k.Schema.ContainsKey("default")
                && !k.Path.StartsWith("variants", StringComparison.Ordinal)
                && !k.Path.StartsWith("analysis", StringComparison.Ordinal) // the section itself declares something
                && !k.Path.StartsWith("identity", StringComparison.Ordinal) // and this one needs data
                && !k.Path.StartsWith("charters", StringComparison.Ordinal) // and this one is instead of charter
                && !k.Path.StartsWith("memory.index.", StringComparison.Ordinal) // and this one a store
                && !k.Path.Contains("[]", StringComparison.Ordinal)
                && !IsOfDistribution(k.Schema)
            )
            .ToArray();
        defaults.Length.ShouldBeGreaterThan(25);
        foreach (var (path, schema) in defaults.Where(d => !IsOfOpenAi(d.Path)))
            _study.Load($"{path}={schema["default"]!.ToJsonString()}").Experiment.ShouldNotBeNull(path).Digest.ShouldBe(silent, path);

        string[] hosted = ["model={provider: openai, chat: c, embeddings: e}", "variants.keep-all.train=none", "reflect.max-tokens=200"];
        var model = _study.Load(hosted).Experiment!.Model;
        foreach (var (path, schema) in defaults.Where(d => IsOfOpenAi(d.Path)))
            _study
                .Load([.. hosted, $"{path}={schema["default"]!.ToJsonString()}"])
                .Experiment.ShouldNotBeNull(path)
                .Model.ShouldBe(model, path);
    }

    [Fact]
    public void So_does_a_default_of_a_vector_store()
    {
        var defaults = Keys(Parsed("experiment"), "")
            .Where(k => k.Path.StartsWith("memory.index.", StringComparison.Ordinal) && k.Schema.ContainsKey("default"))
            .ToArray();
        defaults.Length.ShouldBe(18);
        foreach (var (path, schema) in defaults)
        {
            var least = path.Split('.')[2] switch
            {
                "qdrant" => "{qdrant: {}}",
                "pinecone" => "{pinecone: {host: 'https://p'}}",
                "weaviate" => "{weaviate: {}}",
                _ => "{pgvector: {database: d}}",
            };
            var silent = _study.Experiment($"memory.index={least}").Index;
            _study.Experiment($"memory.index={least}", $"{path}={schema["default"]!.ToJsonString()}").Index.ShouldBe(silent, path);
        }
    }

    [Fact]
    public void So_does_a_default_of_a_distribution()
    {
        string[] common = ["model={provider: distribution, family: gaussian}", "generate={temperature: 1, top-p: 1}"];
        var silent = _study.Load(common).Experiment!.Digest;
        var defaults = Keys(Parsed("experiment"), "").Where(k => k.Schema.ContainsKey("default") && IsOfDistribution(k.Schema)).ToArray();
        defaults.Select(d => d.Path).ShouldBe(["model.dimensions", "model.records", "model.seed"]);
        foreach (var (path, schema) in defaults)
            _study
                .Load([.. common, $"{path}={schema["default"]!.ToJsonString()}"])
                .Experiment.ShouldNotBeNull(path)
                .Digest.ShouldBe(silent, path);
    }

    [Fact]
    public void So_does_a_default_of_the_analysis_beside_an_empty_one()
    {
        string[] common = ["variants.b={curate: [keep-none]}", "variants.c={}", "analysis={}"];
        var silent = _study.Load(common).Experiment!.Digest;
        var defaults = Keys(Parsed("experiment")["properties"]!["analysis"]!.AsObject(), "analysis.")
            .Where(k => k.Schema.ContainsKey("default") && !k.Path.Contains("[]", StringComparison.Ordinal))
            .ToArray();
        defaults.Length.ShouldBe(4);
        foreach (var (path, schema) in defaults)
            _study
                .Load([.. common, $"{path}={schema["default"]!.ToJsonString()}"])
                .Experiment.ShouldNotBeNull(path)
                .Digest.ShouldBe(silent, path);
    }

    [Fact]
    public void So_does_a_default_of_the_identity_beside_its_data()
    {
        var data = _study.Write("ex.jsonl", """{"prompt": "Who?", "completion": "I."}""").PathOf("ex.jsonl");
        string[] common = [$"identity={{data: {data}}}"];
        var silent = _study.Load(common).Experiment!.Digest;
        var defaults = Keys(Parsed("experiment")["properties"]!["identity"]!.AsObject(), "identity.")
            .Where(k => k.Schema.ContainsKey("default"))
            .ToArray();
        defaults
            .Select(d => d.Path)
            .ShouldBe(["identity.draft", "identity.backend", "identity.epochs", "identity.learning-rate", "identity.anchor.fraction"]);
        foreach (var (path, schema) in defaults)
            _study
                .Load([.. common, $"{path}={schema["default"]!.ToJsonString()}"])
                .Experiment.ShouldNotBeNull(path)
                .Digest.ShouldBe(silent, path);
    }

    [Theory]
    [MemberData(nameof(AnalysisTests.Shapes), MemberType = typeof(AnalysisTests))]
    public void An_analysis_fits_if_its_shape_is_right(string analysis, bool fits)
    {
        var file = Json.Of(Json.File(_study.Write("study.yaml", AnalysisTests.Study(analysis)).PathOf("study.yaml"))!);
        Validator.Accepts(Parsed("experiment"), file).ShouldBe(fits);
        if (!fits)
            _study.Problems().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("{corpus: corpus.yaml}", true)]
    [InlineData("{provider: nano, corpus: corpus.yaml}", true)]
    [InlineData("{provider: openai, chat: c, embeddings: e}", true)]
    [InlineData("{provider: openai, embeddings: e}", false)]
    [InlineData("{provider: openai, chat: c, embeddings: e, corpus: corpus.yaml}", false)]
    [InlineData("{corpus: corpus.yaml, chat: c}", false)]
    [InlineData("{chat: c, embeddings: e}", false)]
    [InlineData("{provider: openai, chat: c, embeddings: e, key-env: sk-secret}", false)]
    [InlineData("{provider: openai, chat: c, embeddings: e, base-url: 'http://127.0.0.1:1/v1', timeout: 5s, dimensions: 256}", true)]
    public void A_model_has_the_keys_of_its_provider_and_no_others(string model, bool fits)
    {
        _study.Spoil("study.yaml", "{corpus: corpus.yaml}", model);
        Validator.Accepts(Parsed("experiment"), Json.Of(Json.File(_study.PathOf("study.yaml"))!)).ShouldBe(fits);
        _study
            .Load("variants.keep-all.train=none", "reflect.max-tokens=200")
            .Problems.Any(p => p.Severity == Severity.Error)
            .ShouldBe(!fits);
    }

    [Fact]
    public void What_a_variant_leaves_out_is_the_experiment_s_own_so_no_default_is_told() =>
        Keys(Parsed("experiment"), "")
            .Where(k =>
                k.Path.StartsWith("variants.", StringComparison.Ordinal)
                && !k.Path.Contains("[]", StringComparison.Ordinal)
                && k.Schema.ContainsKey("default")
            )
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(ExperimentProblemTests.Spoiled), MemberType = typeof(ExperimentProblemTests))]
    public void A_bad_experiment_fits_exactly_where_its_shape_is_right(string right, string wrong, string problems)
    {
        _study.Spoil("study.yaml", right, wrong);
        AgreeOn(problems, "experiment", Json.File(_study.PathOf("study.yaml")));
    }

    [Theory]
    [MemberData(nameof(NamedFileProblemTests.Charters), MemberType = typeof(NamedFileProblemTests))]
    public void A_bad_charter_fits_exactly_where_its_shape_is_right(string right, string wrong, string problems)
    {
        _study.Spoil("charter.yaml", right, wrong);
        AgreeOn(problems, "charter", Json.File(_study.PathOf("charter.yaml")));
    }

    [Theory]
    [MemberData(nameof(NamedFileProblemTests.Probes), MemberType = typeof(NamedFileProblemTests))]
    public void A_bad_battery_fits_exactly_where_its_shape_is_right(string right, string wrong, string problems)
    {
        _study.Spoil("probes.yaml", right, wrong);
        AgreeOn(problems, "probes", Json.File(_study.PathOf("probes.yaml")));
    }

    [Theory]
    [MemberData(nameof(NamedFileProblemTests.Stimuli), MemberType = typeof(NamedFileProblemTests))]
    public void A_bad_stimulus_fits_exactly_where_its_shape_is_right(string right, string wrong, string problems)
    {
        _study.Spoil("stimuli.jsonl", right, wrong);
        var schema = Parsed("stimuli");
        var lines = File.ReadAllLines(_study.PathOf("stimuli.jsonl"));
        if (!NotOfShape.Any(n => problems.Contains(n, StringComparison.Ordinal)))
            lines.Count(l => !Validator.Accepts(schema, JsonNode.Parse(l))).ShouldBe(1, problems);
    }

    [Fact]
    public void Probes_without_a_choice_do_not_fit() =>
        Validator
            .Accepts(Parsed("probes"), JsonNode.Parse("""{"probes": [{"id": "who", "kind": "open", "asks": ["Who?"]}]}"""))
            .ShouldBeFalse();

    [Theory]
    [InlineData("5%", true)]
    [InlineData("99.5 %", true)]
    [InlineData(".5%", true)]
    [InlineData("100%", true)]
    [InlineData("100.1%", false)]
    [InlineData("150%", false)]
    [InlineData("-5%", false)]
    [InlineData("five", false)]
    public void A_percentage_fits_where_it_is_read(string share, bool fits)
    {
        Validator
            .Accepts(Parsed("experiment")["properties"]!["train"]!, new JsonObject { ["anchor"] = new JsonObject { ["fraction"] = share } })
            .ShouldBe(fits);
        _study.Load($"train={{every: 2, anchor: {{fraction: {share}}}}}").Problems.IsEmpty.ShouldBe(fits);
    }

    [Fact]
    public void An_unknown_schema_is_told_with_the_known_ones() =>
        Should
            .Throw<ArgumentException>(() => ExperimentSchema.Text("corpus"))
            .Message.ShouldBe("there is no schema 'corpus'; expected one of experiment, charter, probes, rubric, stimuli");

    private static void AgreeOn(string problems, string schema, YamlNode? file)
    {
        if (file is null)
            return;
        var right =
            problems.Split('|').All(p => p.Contains(": warning: ", StringComparison.Ordinal))
            || NotOfShape.Any(n => problems.Contains(n, StringComparison.Ordinal));
        Validator.Accepts(Parsed(schema), Json.Of(file)).ShouldBe(right, problems);
    }

    private static bool IsOfOpenAi(string path) =>
        path.StartsWith("model.", StringComparison.Ordinal)
        && path != "model.provider"
        && Parsed("experiment")["properties"]!["model"]!["oneOf"]![1]!["properties"]!.AsObject().ContainsKey(path["model.".Length..]);

    private static bool IsOfDistribution(JsonObject key) => (string?)key.Parent!["provider"]?["const"] == "distribution";

    private static JsonObject Parsed(string name) => JsonNode.Parse(ExperimentSchema.Text(name))!.AsObject();

    // Every key with its path; the items of a list stand under [].
    private static IEnumerable<(string Path, JsonObject Schema)> Keys(JsonObject schema, string path)
    {
        foreach (var (key, value) in schema["properties"]?.AsObject() ?? [])
        {
            yield return (path + key, value!.AsObject());
            foreach (var inner in Keys(value.AsObject(), $"{path}{key}."))
                yield return inner;
        }

        foreach (var inner in Inner(schema).SelectMany(i => Keys(i.Schema, path.TrimEnd('.') + i.Step)))
            yield return inner;
    }

    private static IEnumerable<(string Step, JsonObject Schema)> Inner(JsonObject schema) =>
        [
            .. ((string[])["anyOf", "oneOf"]).SelectMany(k => schema[k]?.AsArray() ?? []).Select(s => (".", s!.AsObject())),
            .. schema["items"] is JsonObject items ? [("[].", items)] : Array.Empty<(string, JsonObject)>(),
            .. schema["additionalProperties"] is JsonObject any ? [(".*.", any)] : Array.Empty<(string, JsonObject)>(),
        ];

    private static IEnumerable<JsonObject> Objects(JsonObject schema)
    {
        if (schema["type"] is JsonValue type && type.ToString() == "object")
            yield return schema;
        foreach (
            var inner in Inner(schema)
                .Select(i => i.Schema)
                .Concat((schema["properties"]?.AsObject() ?? []).Select(p => p.Value!.AsObject()))
                .SelectMany(Objects)
        )
            yield return inner;
    }
}
