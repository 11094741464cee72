using AiMe.Nano.Lora;

namespace AiMe.Nano.Training;

/// <summary>The result of a training.</summary>
/// <param name="Weights">The last step's weights.</param>
/// <param name="Losses">
/// Mean cross-entropy of each step's batch before its update, nats per learned token; of a preference the mean of -ln
/// sigma(beta margin), nats per pair.
/// </param>
/// <param name="Tokens">Input tokens seen over all steps; of a pair both answers'.</param>
/// <param name="Passes">Examples or pairs over all steps; one that is trained on in n epochs counts n times.</param>
public sealed record TrainingResult(Weights Weights, IReadOnlyList<double> Losses, long Tokens, long Passes);

/// <summary>The result of training an adapter.</summary>
/// <param name="Adapter">The last step's.</param>
/// <param name="Losses">As of <see cref="TrainingResult"/>.</param>
/// <param name="Tokens">As of <see cref="TrainingResult"/>.</param>
/// <param name="Passes">As of <see cref="TrainingResult"/>.</param>
public sealed record AdapterResult(Adapter Adapter, IReadOnlyList<double> Losses, long Tokens, long Passes);

/// <summary>One finished step.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Steps">In all.</param>
/// <param name="Loss">Of this step's batch, nats per learned token; of a preference nats per pair.</param>
/// <param name="Tokens">Input tokens seen so far.</param>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss, long Tokens, double GradientNorm);

/// <summary>A held-out loss.</summary>
/// <param name="CrossEntropy">Mean of -ln p over the learned tokens, nats per token.</param>
/// <param name="Tokens">Learned tokens.</param>
public sealed record Evaluation(double CrossEntropy, long Tokens);
