using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>One of several charters of a run.</summary>
/// <param name="Charter">Its name is that of no other charter of the run.</param>
/// <param name="Base">The model of generation 0 of its instances; null, and not written, if it is that of the run or not known yet.</param>
/// <param name="Identity">How that model is fine-tuned; null, and not written, if it is not.</param>
public sealed record CharterPlan(
    Charter Charter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelId? Base = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IdentityTuning? Identity = null
);
