namespace AiMe.Models;

/// <summary>The fixed length of a training, in place of epochs.</summary>
/// <param name="Amount">1 or more.</param>
public sealed record TrainingLength(LengthUnit Unit, long Amount);

/// <summary>The unit of a training's length.</summary>
public enum LengthUnit
{
    /// <summary>Optimiser steps, exactly.</summary>
    Steps,

    /// <summary>Passes of an example or pair, exactly: whole epochs, and a part of one more.</summary>
    Examples,

    /// <summary>
    /// Tokens that the model reads, prompts included: at least so many, and less than one example more.
    /// </summary>
    Tokens,
}
