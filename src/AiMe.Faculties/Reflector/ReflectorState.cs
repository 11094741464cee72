using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Reflector;

/// <summary>State of the Reflector.</summary>
/// <param name="Cycle">The last cycle reflected on; 0 before the first.</param>
/// <param name="Last">The reflection of that cycle, or null.</param>
/// <param name="LastInsight">The insight formed in that cycle, or null.</param>
/// <param name="Failures">Failed calls of the current request.</param>
/// <param name="Since">Experiences since the last insight, oldest first.</param>
/// <param name="Insights">Number of insights formed.</param>
/// <param name="InsightIsDue">
/// Whether the last reflection raised the importance since the last insight above the threshold.
/// </param>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>; null for the first, and then not written.</param>
public sealed record ReflectorState(
    Charter? Charter,
    ReflectorSettings? Settings,
    Seed Seed,
    int Cycle,
    Reflection? Last,
    Insight? LastInsight,
    int Failures,
    ImmutableArray<Weighed> Since,
    int Insights,
    bool InsightIsDue,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LoopVersion = null
)
{
    /// <summary>Summed importance since the last insight.</summary>
    [JsonIgnore]
    public double Importance => Since.Sum(w => w.Importance);
}

/// <summary>An experience and its importance, 1 to 10.</summary>
public sealed record Weighed(MemoryId Id, double Importance);
