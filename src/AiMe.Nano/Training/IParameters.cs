using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>The numbers that a training changes: all weights, or an adapter's over frozen ones.</summary>
internal interface IParameters
{
    /// <summary>The numbers in a flat order, which a gradient shares.</summary>
    Block Values { get; }

    /// <summary>Pieces that threads update in parallel.</summary>
    int Tasks { get; }

    /// <summary>The stretches of a piece, and whether weight decay applies to them.</summary>
    IEnumerable<(int Offset, int Length, bool Decays)> Of(int task);

    /// <summary>Updates copies in other forms after a piece was updated.</summary>
    void Refresh(int task);

    /// <summary>Makes the shard of a part of a batch.</summary>
    GradientShard NewShard();
}
