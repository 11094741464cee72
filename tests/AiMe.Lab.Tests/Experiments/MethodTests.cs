using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;

namespace AiMe.Lab.Tests.Experiments;

/// <summary><c>train.method</c> and its keys, key by key over the experiment's own.</summary>
public sealed class MethodTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("tiny", null)]
    [InlineData("small", null)]
    [InlineData("base", "lora")]
    public void All_weights_are_trained_up_to_small_and_an_adapter_beyond(string preset, string? method)
    {
        var trainer = Trainer($"model.preset={preset}");
        trainer.Method.ShouldBe(method is null ? null : new TrainingMethod.Lora(8, 16));
        trainer.LearningRate.ShouldBe(method is null ? 0.001 : 0.005);
    }

    [Fact]
    public void What_a_preset_would_do_can_be_said_otherwise()
    {
        Trainer("model.preset=base", "train.method=full").Method.ShouldBeNull();
        Trainer("model.preset=base", "train.method=full").LearningRate.ShouldBe(0.001);
        Trainer("train.method=lora").Method.ShouldBe(new TrainingMethod.Lora(8, 16));
    }

    [Fact]
    public void Saying_full_where_it_is_the_default_is_the_same_run() =>
        _study.Experiment("train.method=full").RunId.ShouldBe(_study.Experiment().RunId);

    [Fact]
    public void Every_key_of_a_method_is_read() =>
        Trainer("train={every: 2, method: dpo, rank: 4, alpha: 6.5, beta: 0.3, learning-rate: 0.02}")
            .ShouldBe(Defaults.Train with { Method = new TrainingMethod.Dpo(4, 6.5, 0.3), LearningRate = 0.02, Anchor = 0 });

    [Fact]
    public void Preferences_have_no_anchor_text_and_a_rate_of_their_own() =>
        Trainer("train.method=dpo").ShouldBe(Defaults.Train with { Method = new TrainingMethod.Dpo(8, 16, 0.1), Anchor = 0 });

    [Fact]
    public void A_variant_sets_what_differs_over_the_experiments_own()
    {
        var all = Variants(
            "train: {every: 2, method: lora, rank: 4, learning-rate: 0.02}",
            "  a: {train: {alpha: 5}}\n  b: {train: {method: dpo, beta: 0.5}}\n  c: {train: {method: full}}\n  d: {train: none}\n"
        );
        (all[0].Method, all[0].LearningRate, all[0].Anchor).ShouldBe((new TrainingMethod.Lora(4, 5), 0.02, 0.3));
        (all[1].Method, all[1].LearningRate, all[1].Anchor).ShouldBe((new TrainingMethod.Dpo(4, 16, 0.5), 0.001, 0));
        (all[2].Method, all[2].LearningRate, all[2].Anchor).ShouldBe((null, 0.001, 0.3));
        all[3].Train.ShouldBeFalse();
    }

    [Fact]
    public void A_variant_that_leaves_preferences_has_anchor_text_again()
    {
        var all = Variants(
            "train: {every: 2, method: dpo}",
            "  a: {train: {method: full}}\n  b: {train: {method: lora}}\n  c: {train: {method: full, anchor: {fraction: 0.1}}}\n  d: {train: {epochs: 3}}\n"
        );
        all.Select(t => t.Anchor).ShouldBe([0.3, 0.3, 0.1, 0]);
    }

    [Theory]
    [InlineData("train: {every: 2, rank: 4}", "study.yaml:6:25: train.rank: this is a key of methods lora and dpo, and the method is full")]
    [InlineData(
        "train: {every: 2, alpha: 4}",
        "study.yaml:6:26: train.alpha: this is a key of methods lora and dpo, and the method is full"
    )]
    [InlineData(
        "train: {every: 2, method: lora, beta: 1}",
        "study.yaml:6:39: train.beta: this is a key of method dpo, and the method is lora"
    )]
    [InlineData(
        "train: {every: 2, method: lora, rejected: birth}",
        "study.yaml:6:43: train.rejected: this is a key of method dpo, and the method is lora"
    )]
    [InlineData(
        "train: {every: 2, method: dpo, rejected: untuned}",
        "study.yaml:6:8: train.rejected: the variant 'keep-all' rejects answers of the untuned base model, but without identity that is generation 0; expected birth"
    )]
    [InlineData(
        "train: {every: 2, method: lora, rank: 65}",
        "study.yaml:6:39: train.rank: an adapter of rank 65 is larger than the model's width; expected 64 or less under preset tiny"
    )]
    [InlineData(
        "train: {every: 2, method: dpo, anchor: {fraction: 0.1}}",
        "study.yaml:6:40: train.anchor: anchor text has no rejected answer, and under dpo the reference model is the anchor; expected a fraction of 0, or remove the key"
    )]
    public void A_key_where_it_has_nothing_to_say_is_told_at_its_place(string says, string problem) =>
        _study.Spoil("study.yaml", "train: {every: 2}", says).Problems().ShouldBe([problem]);

    [Theory]
    [InlineData("candidates", RejectedFrom.Candidates)]
    [InlineData("birth", RejectedFrom.Birth)]
    public void What_is_rejected_is_read_and_the_same_as_before_by_default(string word, RejectedFrom from)
    {
        Trainer("train.method=dpo", $"train.rejected={word}").Method.ShouldBe(new TrainingMethod.Dpo(8, 16, 0.1, from));
        (_study.Experiment("train.method=dpo", $"train.rejected={word}").RunId == _study.Experiment("train.method=dpo").RunId).ShouldBe(
            from == RejectedFrom.Candidates
        );
    }

    [Fact]
    public void A_variant_inherits_what_is_rejected()
    {
        var all = Variants(
            "train: {every: 2, method: dpo, rejected: birth}",
            "  a:\n  b: {train: {beta: 0.5}}\n  c: {train: {method: lora}}\n"
        );
        all.Select(t => t.Method)
            .ShouldBe([
                new TrainingMethod.Dpo(8, 16, 0.1, RejectedFrom.Birth),
                new TrainingMethod.Dpo(8, 16, 0.5, RejectedFrom.Birth),
                new TrainingMethod.Lora(8, 16),
            ]);
    }

    [Fact]
    public void One_answer_is_enough_if_another_model_gives_the_rejected_ones()
    {
        var variant = _study.Experiment("train.method=dpo", "train.rejected=birth").Variants[0];
        variant.Self.Candidates.ShouldBe(1);
        Trainable.ByPlan(variant).ShouldBeTrue();
        Trainable.ByPlan(_study.Experiment("train.method=dpo").Variants[0]).ShouldBeFalse();
    }

    [Fact]
    public void Where_answers_are_rejected_from_is_said_in_words() =>
        PolicyWords
            .Learning(Trainer("train.method=dpo", "train.rejected=birth"), 24)
            .ShouldContain("beta 0.1 over answers of generation 0: 2 passes");

    [Fact]
    public void What_is_trained_is_said_in_words()
    {
        PolicyWords
            .Learning(Trainer("train.method=dpo"), 24)
            .ShouldStartWith(
                "after every 24 experiences preferences by an adapter of rank 8, alpha 16, beta 0.1: 2 passes over all kept experiences, from the champion"
            );
        PolicyWords
            .Learning(Trainer("train.method=lora"), 24)
            .ShouldStartWith("after every 24 experiences an adapter of rank 8, alpha 16: 2 passes");
        PolicyWords.Learning(Trainer(), 24).ShouldStartWith("after every 24 experiences 2 passes");
    }

    private TrainerSettings Trainer(params string[] sets) => _study.Experiment(sets).Variants[0].Trainer;

    private TrainerSettings[] Variants(string train, string variants)
    {
        _study.Spoil("study.yaml", "train: {every: 2}", train).Spoil("study.yaml", "  keep-all: {curate: [keep-all]}\n", variants);
        return [.. _study.Experiment().Variants.Select(v => v.Trainer)];
    }
}
