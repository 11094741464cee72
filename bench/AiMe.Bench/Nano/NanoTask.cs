using AiMe.Nano;

namespace AiMe.Bench.Nano;

/// <summary>One kind of work of a model.</summary>
/// <param name="Run">Does so many pieces of it and gives the tokens.</param>
/// <param name="Operations">Floating-point operations of a token, by <see cref="NanoCost"/>.</param>
/// <param name="Bytes">Bytes of a token, by <see cref="NanoCost"/>.</param>
/// <param name="Target">Tokens a second that are wanted with 16 lanes on two threads (one, where the work is for one); NaN for none.</param>
internal sealed record NanoTask(
    string Name,
    int Threads,
    Func<int, long> Run,
    double Operations,
    double Bytes,
    double Target,
    string? Elsewhere = null
)
{
    private const string Training = "training, 16 x 128",
        One = "sampling, 1 prompt",
        OneTruncated = "sampling, 1 prompt, top-p 0.95",
        Many = "sampling, 64 prompts",
        Scoring = "scoring, 128 each";

    private const int N = NanoSubject.Sequence;

    /// <summary>The mean number of tokens that a drawn token sees.</summary>
    private const double Seen = NanoSubject.Prompt + (NanoSubject.Drawn + 1) / 2.0;

    /// <summary>Of the tasks, without preset and threads.</summary>
    public static IReadOnlyList<string> Names { get; } = [Training, One, OneTruncated, Many, Scoring];

    /// <summary>Everything that a preset is measured at.</summary>
    /// <param name="threads">The numbers of threads, 1 first.</param>
    /// <param name="wanted">Whether the preset is the one that targets are set for.</param>
    public static IEnumerable<NanoTask> Of(NanoSubject subject, IEnumerable<int> threads, bool wanted)
    {
        var cost = new NanoCost(subject.Config);
        double If(bool holds, double target) => wanted && holds ? target : double.NaN;
        foreach (var t in threads)
        {
            yield return new(
                Training,
                t,
                steps => subject.Train(steps, t).Tokens,
                cost.Training(N),
                cost.TrainingBytes(NanoSubject.Batch * N),
                If(t == 2, 15_700),
                Said(wanted, "PyTorch 1.13: 10,500 on 2 threads; llm.c: 2,770")
            );
            if (t == 1)
            {
                yield return new(
                    One,
                    t,
                    texts => subject.SampleOne(texts, topP: 1),
                    cost.Forward(Seen),
                    cost.ForwardBytes(1, Seen),
                    If(true, 6_200),
                    Said(wanted, "llama2.c: 5,180")
                );
                yield return new(
                    OneTruncated,
                    t,
                    texts => subject.SampleOne(texts, topP: 0.95),
                    cost.Forward(Seen),
                    cost.ForwardBytes(1, Seen),
                    double.NaN
                );
            }

            yield return new(
                Many,
                t,
                rounds => subject.SampleMany(rounds, t),
                cost.Forward(Seen),
                cost.ForwardBytes(Math.Min(Model.Together(subject.Config), (NanoSubject.Prompts + t - 1) / t), Seen),
                If(t == 2, 50_000)
            );
            yield return new(
                Scoring,
                t,
                texts => subject.Score(texts, t),
                cost.Forward((N + 1) / 2.0),
                cost.ForwardBytes(N, (N + 1) / 2.0),
                If(t == 2, 60_000)
            );
        }
    }

    private static string? Said(bool wanted, string what) => wanted ? what : null;
}
