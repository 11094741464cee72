using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Preregistration;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

public sealed class VariantModelTests : IDisposable
{
    private const string Variants = "variants:\n  keep-all: {curate: [keep-all]}\n";

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_variant_may_have_another_size_and_the_records_follow_it()
    {
        var experiment = With("variants: {a: {}, b: {model: {preset: small}}}");
        experiment.Variants[0].Model.ShouldBeNull();
        experiment.Variants[1].Model.ShouldBe(new VariantModel("small", Defaults.Records("small"), 1));
        experiment.Models.Cast<NanoModel>().Select(m => m.Preset).ShouldBe(["tiny", "small"]);
    }

    [Fact]
    public void What_the_experiment_names_is_kept_key_by_key()
    {
        _study.Spoil("study.yaml", "{corpus: corpus.yaml}", "{corpus: corpus.yaml, records: 40, epochs: 3, seed: 7}");
        var experiment = With(
            "variants: {a: {}, b: {model: {preset: small}}, c: {model: {seed: 8}}, d: {model: {records: 50, epochs: 1}}}"
        );
        experiment.Variants.Select(v => v.Model).ShouldBe([null, new("small", 40, 7, 3), new("tiny", 40, 8, 3), new("tiny", 50, 7, 1)]);
    }

    [Fact]
    public void A_model_that_is_the_experiments_is_none_of_its_own() =>
        With("variants: {keep-all: {curate: [keep-all], model: {preset: tiny, seed: 1}}}").Digest.ShouldBe(_plain.Digest);

    [Fact]
    public void Sizes_may_be_an_axis_of_the_matrix()
    {
        var experiment = With("matrix: {model.preset: [tiny, small]}");
        experiment.Variants.Select(v => (v.Name, v.Model?.Preset)).ShouldBe([("tiny", null), ("small", "small")]);
        experiment.Axes.ShouldBe(["model.preset"]);
    }

    [Fact]
    public void A_list_of_sizes_on_the_command_line_makes_an_axis() =>
        With("matrix: {train.epochs: [1]}", "model.preset=[tiny, small]").Variants.Select(v => v.Name).ShouldContain("epochs-1-small");

    [Fact]
    public void If_no_variant_has_the_experiments_model_the_first_variants_takes_its_place()
    {
        var experiment = With("matrix: {model.preset: [small, base]}");
        ((NanoModel)experiment.Model).Preset.ShouldBe("small");
        experiment.Variants.Select(v => v.Model?.Preset).ShouldBe([null, "base"]);
    }

    [Theory]
    [InlineData("{corpus: other.yaml}", "model.corpus", "all variants of a run share it")]
    [InlineData("{provider: openai}", "model.provider", "all variants of a run share it")]
    [InlineData("{preset: huge}", "model.preset", "huge")]
    [InlineData("{size: small}", "model.size", "the key is unknown")]
    public void Other_keys_are_refused(string model, string key, string text) =>
        Problem($"variants: {{a: {{model: {model}}}}}", $"variants.a.{key}").ShouldContain(text);

    [Fact]
    public void A_hosted_model_is_the_same_for_all_variants()
    {
        _study.Spoil("study.yaml", "{corpus: corpus.yaml}", "{provider: openai, chat: c, embeddings: e}");
        Problem("variants: {a: {train: none, model: {preset: small}}}", "variants.a.model").ShouldContain("only variants of a preset");
    }

    [Fact]
    public void The_digest_depends_on_the_model_of_a_variant() =>
        With("variants: {keep-all: {curate: [keep-all], model: {preset: small}}}").Digest.ShouldNotBe(_plain.Digest);

    [Fact]
    public void A_registration_page_knows_the_sizes_and_a_run_with_them_does_not_deviate()
    {
        var experiment = With("variants: {a: {}, b: {model: {preset: small}}}");
        var page = RegistrationPage.Read(RegistrationPage.Of(experiment, DateTimeOffset.UnixEpoch).Json());
        page.Design.Variants[1].Settings["model.preset"].ShouldBe("small");
        PageIntegrity.Of(page).ShouldBeEmpty();
        page.ReadPlan().Variants[1].Model.ShouldBe(experiment.Variants[1].Model);
    }

    [Fact]
    public void A_plan_without_sizes_is_written_as_before_and_one_with_them_round_trips()
    {
        var plain = _plain.Plan(new ModelId("base"), origin: null);
        var sizes = With("variants: {a: {}, b: {model: {preset: small, epochs: 2}}}").Plan(new ModelId("base"), origin: null);
        sizes = sizes with { Variants = [sizes.Variants[0], sizes.Variants[1] with { Base = new ModelId("small base") }] };
        Members(plain).ShouldNotContain("\"base\":null");
        Members(plain).ShouldNotContain("\"trainer\":{},\"model\"");
        var read = (RunPlanned)
            FacultyEvents.Codec.Read(
                FacultyEvents.Codec.ManifestOf(new RunPlanned(sizes)),
                FacultyEvents.Codec.Write(new RunPlanned(sizes))
            );
        Members(read.Plan).ShouldBe(Members(sizes));
        read.Plan.Spec(read.Plan.Variants[1], 1).Base.ShouldBe(new ModelId("small base"));
        read.Plan.Spec(read.Plan.Variants[0], 1).Base.ShouldBe(new ModelId("base"));
    }

    private Experiment _plain => With(Variants);

    private Experiment With(string variants, params string[] sets)
    {
        Replace(variants);
        var loaded = _study.Load(sets);
        loaded.Problems.Where(p => p.Severity == Lab.Experiments.Yaml.Severity.Error).ShouldBeEmpty();
        return loaded.Experiment.ShouldNotBeNull();
    }

    private string Problem(string variants, string key)
    {
        Replace(variants);
        return _study.Load().Problems.Where(p => p.Key == key).ShouldHaveSingleItem().Text;
    }

    private void Replace(string variants)
    {
        var text = File.ReadAllText(_study.PathOf("study.yaml"));
        var at = text.IndexOf("variants:", StringComparison.Ordinal) is >= 0 and var i
            ? i
            : text.IndexOf("matrix:", StringComparison.Ordinal);
        _study.Write("study.yaml", text[..at] + variants + "\n");
    }

    private static string Members(RunPlan plan) => Encoding.UTF8.GetString(FacultyEvents.Codec.Write(new RunPlanned(plan)));
}
