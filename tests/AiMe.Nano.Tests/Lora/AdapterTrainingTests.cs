using System.Security.Cryptography;
using AiMe.Nano.Lora;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests.Lora;

public sealed class AdapterTrainingTests
{
    private static readonly AdapterOptions Size = new() { Rank = 4, Alpha = 8 };
    private static readonly TrainingOptions Short = new()
    {
        Steps = 12,
        TokensPerBatch = 700,
        Seed = 9,
        LearningRate = 0.01,
    };

    public static TheoryData<string> Projections
    {
        get
        {
            var names = new TheoryData<string>();
            Some.Adapter(GradientTests.Lively())
                .ForEach((layer, site, part) => names.Add($"model.layers.{layer}.{AdapterLayout.NameOf(site, part)}.weight"));
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Projections))]
    public void The_gradient_of_every_pair_of_matrices_is_that_of_finite_differences(string projection)
    {
        var weights = GradientTests.Lively();
        var adapter = Some.Adapter(weights);
        var gradient = Gradient(weights, adapter, s => s.Run(GradientTests.Batch, 1f / GradientTests.Batch.Sum(e => e.Targets)));
        Gradients.Check(weights, adapter, gradient, projection, r => r.Loss(GradientTests.Batch));
    }

    [Theory]
    [MemberData(nameof(Projections))]
    public void So_it_is_with_shared_keys_and_biases(string projection)
    {
        var weights = GradientTests.Lively(GradientTests.Other);
        var adapter = Some.Adapter(weights);
        var gradient = Gradient(weights, adapter, s => s.Run(GradientTests.Batch, 1f / GradientTests.Batch.Sum(e => e.Targets)));
        Gradients.Check(weights, adapter, gradient, projection, r => r.Loss(GradientTests.Batch));
    }

    [Fact]
    public void An_adapter_over_weights_in_panels_only_has_the_same_bits()
    {
        var weights = GradientTests.Lively(GradientTests.Other);
        var rows = Trainer.TrainAdapter(new Model(weights, inRows: true), Size, GradientTests.Batch, Short, null, CancellationToken.None);
        var panels = Trainer.TrainAdapter(
            new Model(weights, inRows: false),
            Size,
            GradientTests.Batch,
            Short,
            null,
            CancellationToken.None
        );
        panels.Losses.ShouldBe(rows.Losses);
        panels.Adapter.ToSafetensors().ShouldBe(rows.Adapter.ToSafetensors());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        var one = Train(Some.Model(), Short);
        var many = Train(Some.Model(), Short with { Threads = threads });
        many.Losses.ShouldBe(one.Losses);
        many.Adapter.ToSafetensors().ShouldBe(one.Adapter.ToSafetensors());
    }

    [Fact]
    public void The_golden_adapter_has_the_golden_losses_numbers_and_text()
    {
        var model = Some.Model();
        var result = Train(model, Short);
        double[] golden =
        [
            3.619822040816424,
            3.6455104919445422,
            3.6510975695463235,
            3.588495596125148,
            3.5847543067441276,
            3.59713352619104,
            3.5575304943049266,
            3.5609518250407715,
            3.5543753151384583,
            3.5648859172062277,
            3.538599810339531,
            3.523722677375125,
        ];
        result.Losses.ShouldBe(golden);
        Convert
            .ToHexString(SHA256.HashData(result.Adapter.ToSafetensors()))
            .ShouldBe("F17FBADC88E20BD578DF09F0DDD4A3D41D7A087DAA53BBAD2837231A7AEF7388");
        model
            .With(result.Adapter)
            .Generate([1, 2, 3], new SamplingOptions { MaxTokens = 12, TopP = 0.9 }, 5)
            .Tokens.ShouldBe([12, 26, 8, 5, 36, 32, 22, 23, 16, 11, 0, 12]);
    }

    [Fact]
    public void The_weights_stay_as_they_were()
    {
        var model = Some.Model();
        var before = model.LogProbabilities(Some.Tokens(30));
        var result = Train(model, Short);
        model.LogProbabilities(Some.Tokens(30)).ShouldBe(before);
        model.Weights.ToSafetensors().ShouldBe(Some.Weights().ToSafetensors());
        result.Adapter.Base.ShouldBe(model.Weights.Digest);
    }

    [Fact]
    public void The_padding_between_the_parts_stays_zero()
    {
        var adapter = Train(Some.Model(), Short).Adapter;
        Adapter.FromSafetensors(Some.Config, adapter.ToSafetensors()).Values.Span.ToArray().ShouldBe(adapter.Values.Span.ToArray());
    }

    [Fact]
    public void An_adapter_learns_what_it_is_shown()
    {
        var (model, examples) = (Some.Model(), Some.Examples(6));
        var result = Trainer.TrainAdapter(
            model,
            Size,
            examples,
            Short with
            {
                Steps = 150,
                TokensPerBatch = 4096,
            },
            progress: null,
            CancellationToken.None
        );
        Trainer
            .Evaluate(model.With(result.Adapter), examples, CancellationToken.None)
            .CrossEntropy.ShouldBeLessThan(0.75 * Trainer.Evaluate(model, examples, CancellationToken.None).CrossEntropy);
    }

    [Fact]
    public void An_adapter_is_trained_on_from_where_it_was()
    {
        var model = Some.Model();
        var first = Train(model, Short with { Steps = 40 });
        var second = Train(model.With(first.Adapter), Short);
        second.Losses[0].ShouldBeLessThan(first.Losses[0] - 0.05);
        second.Adapter.Base.ShouldBe(model.Weights.Digest);
    }

    [Fact]
    public void An_adapter_of_another_size_cannot_be_trained_on()
    {
        var model = Some.Model().With(Some.Adapter(Some.Weights()));
        var message = Should.Throw<ArgumentException>(() => Train(model, Short)).Message;
        message.ShouldContain("rank 5 and alpha 7");
        message.ShouldContain("rank 4 and alpha 8");
    }

    [Fact]
    public void A_rate_that_is_far_too_high_ends_in_an_exception_with_its_step()
    {
        var wild = Short with { Steps = 50, LearningRate = 1e30, ClipNorm = double.PositiveInfinity, WarmUpShare = 0 };
        Should.Throw<TrainingDivergedException>(() => Train(Some.Model(), wild)).Step.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void No_examples_are_refused() =>
        Should
            .Throw<ArgumentException>(() => Trainer.TrainAdapter(Some.Model(), Size, [], Short, progress: null, CancellationToken.None))
            .Message.ShouldContain("no examples");

    internal static float[] Gradient(Weights weights, Adapter adapter, Action<GradientShard> run)
    {
        var packed = new PackedWeights(weights.Config, inRows: true);
        packed.Load(weights);
        var shard = new AdapterParameters(packed, adapter).NewShard();
        run(shard);
        return shard.Gradient.Span.ToArray();
    }

    private static AdapterResult Train(Model start, TrainingOptions options) =>
        Trainer.TrainAdapter(start, Size, Some.Examples(60), options, progress: null, CancellationToken.None);
}
