using AiMe.Nano;
using AiMe.Nano.Training;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>What the embedded model costs on this machine, in seconds of one thread.</summary>
/// <param name="Prompt">Reading a prompt.</param>
/// <param name="Token">Sampling a token after it.</param>
/// <param name="Scoring">Scoring a few continuations of a prompt.</param>
/// <param name="Trained">Training on one token.</param>
public sealed record UnitCosts(double Prompt, double Token, double Scoring, double Trained)
{
    private const int PromptTokens = 70,
        Sampled = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    /// <summary>
    /// Measures with untrained weights, in one to three seconds; the speed of the arithmetic does not depend on them.
    /// </summary>
    public static UnitCosts Measure(string preset, TimeProvider time)
    {
        var config = NanoConfig.Preset(preset);
        var weights = Nano.Weights.Initialise(config, 1);
        Model model = new(weights);
        int[] prompt = [.. Enumerable.Range(0, PromptTokens).Select(i => 1 + i * 7 % (config.Vocabulary - 1))];
        int[][] options =
        [
            [1, 2, 3],
            [2, 3, 4],
            [3, 4, 5],
            [4, 5, 6],
        ];
        TokenExample[] batch = [.. Enumerable.Range(0, 22).Select(i => new TokenExample([.. prompt.Take(46)], 20))];
        SamplingOptions sampling = new()
        {
            Temperature = 1,
            TopP = 0.95,
            MaxTokens = Sampled,
        };

        var read = Time(() => model.Prefill(prompt), time);
        var sampled = Time(() => model.Generate(prompt, sampling, 1), time);
        var scored = Time(() => model.Score(model.Prefill(prompt), options), time);
        var trained = Time(
            () => Trainer.Train(weights, batch, new TrainingOptions { TokensPerBatch = 1024 }, progress: null, CancellationToken.None),
            time
        );
        return new(read, Math.Max(0, sampled - read) / Sampled, scored, trained / (batch.Length * 45));
    }

    /// <summary>The cost of a workload, in seconds of one thread.</summary>
    public double Of(Workload work) =>
        (work.Answers + work.Reflections + work.Insights + work.OpenAnswers) * Prompt
        + work.Sampled * Token
        + work.Scorings * Scoring
        + work.Trained * Trained;

    // Seconds of one call, without the first calls, which include JIT compilation.
    private static double Time(Action call, TimeProvider time)
    {
        call();
        call();
        var began = time.GetTimestamp();
        var calls = 0;
        do
        {
            call();
            calls++;
        } while (time.GetElapsedTime(began) < Patience);
        return time.GetElapsedTime(began).TotalSeconds / calls;
    }
}
