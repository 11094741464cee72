using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>The numbers that a training changes: all weights, or an adapter's over frozen ones.</summary>
internal interface IParameters
{
    /// <summary>The numbers, in a flat order of their own; a gradient has the same.</summary>
    Block Values { get; }

    /// <summary>Pieces that are stepped side by side, each by one thread.</summary>
    int Tasks { get; }

    /// <summary>The stretches of a piece, and whether weight decay applies to them.</summary>
    IEnumerable<(int Offset, int Length, bool Decays)> Of(int task);

    /// <summary>Brings copies in other forms up to date, once a piece was stepped.</summary>
    void Refresh(int task);

    /// <summary>For a part of a batch.</summary>
    GradientShard NewShard();
}
