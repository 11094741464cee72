using System.Text.Json.Serialization;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Supervisor;

/// <summary>How the base model is fine-tuned into generation 0, once for a run, before the first stimulus.</summary>
/// <param name="Data">SHA-256 of the exchanges: JSON Lines of chat messages, the charter's stem first.</param>
/// <param name="Exchanges">Lines of the data, 1 or more.</param>
/// <param name="Epochs">Passes over the training set, at least 1; 0 if a budget is set.</param>
/// <param name="LearningRate">Not used by the fine-tuning API.</param>
/// <param name="Anchor">Share of corpus text in the training set, in [0, 1); 0 for an external training.</param>
/// <param name="Budget">The training's fixed length; null, and not written, for epochs.</param>
/// <param name="Backend">The external training; null, and not written, for training in this process.</param>
public sealed record IdentityTuning(
    string Data,
    int Exchanges,
    int Epochs,
    double LearningRate,
    double Anchor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingBudget? Budget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExternalTraining? Backend = null
);
