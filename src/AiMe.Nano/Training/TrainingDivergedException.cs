namespace AiMe.Nano.Training;

/// <summary>The loss or the gradient is not finite; the training has no usable result.</summary>
public sealed class TrainingDivergedException(int step, double loss)
    : Exception($"training diverged at step {step}: the loss is {loss}; lower the learning rate or look at the data")
{
    /// <summary>The step, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>The batch's loss: NaN, infinite, or finite with a gradient that is not.</summary>
    public double Loss { get; } = loss;
}
