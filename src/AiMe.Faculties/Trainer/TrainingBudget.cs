using System.Text.Json.Serialization;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// The fixed length of each training, whatever the size of its set. The set is passed in epochs, each in a new order;
/// the last one is cut. A set that is larger than the budget is sampled without replacement, by the plan's seed.
/// </summary>
/// <param name="Amount">At least 1.</param>
public sealed record TrainingBudget(BudgetUnit Unit, long Amount);

/// <summary>The unit of a training's fixed length.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetUnit>))]
public enum BudgetUnit
{
    /// <summary>Exactly so many optimiser steps.</summary>
    [JsonStringEnumMemberName("steps")]
    Steps,

    /// <summary>
    /// Exactly so many passes of an example, or of a pair in preference training; the last batch may be smaller.
    /// </summary>
    [JsonStringEnumMemberName("examples")]
    Examples,

    /// <summary>
    /// Examples until their tokens reach so many; the last one is trained on whole. All tokens that the model reads are
    /// counted, prompts included, as in <see cref="TrainingFigures.Tokens"/>.
    /// </summary>
    [JsonStringEnumMemberName("tokens")]
    Tokens,
}
