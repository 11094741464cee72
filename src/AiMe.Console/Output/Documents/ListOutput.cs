using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Console.Output.Documents;

/// <summary>An instance in a list. The members from <c>experiences</c> on are null with <c>--quick</c>.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Settings">Settings that tell the run from the others of its experiment, by key, without the seed.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Replicate">From 1.</param>
/// <param name="Charter">Name of its charter; absent if the run has one charter.</param>
/// <param name="Status">Living until its plan is complete.</param>
/// <param name="Cycle">Completed experiences.</param>
/// <param name="Cycles">Planned experiences.</param>
/// <param name="Beside">Experiences of unplanned input.</param>
/// <param name="Generation">The last generation reached; -1 before generation 0.</param>
/// <param name="Generations">Planned rounds.</param>
/// <param name="Digest">Digest of the instance; null until it has finished.</param>
/// <param name="Parked">Why it is parked, or null.</param>
/// <param name="Parent">The instance that it was forked from; null for a planned one.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Kept">Experiences kept for training.</param>
/// <param name="Here">False if the store has no events of the instance.</param>
/// <param name="KeptShare">Kept / stored, in [0, 1]; null if nothing is stored.</param>
/// <param name="BareDrift">Bare identity drift since generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">The same for the whole agent.</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="Champion">Its current model; null before generation 0.</param>
/// <param name="ByHand">
/// Whether a user set the model after the last probes: the figures are of the one before it.
/// </param>
internal sealed record ListOutput(
    string Run,
    ulong Seed,
    IReadOnlyDictionary<string, string> Settings,
    string Instance,
    string Variant,
    int Replicate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Charter,
    InstanceState Status,
    int Cycle,
    int Cycles,
    int Beside,
    int Generation,
    int Generations,
    string? Digest,
    string? Parked,
    string? Parent,
    int? Experiences,
    int? Kept,
    bool? Here,
    double? KeptShare,
    double? BareDrift,
    double? AgentDrift,
    double? HeldOut,
    string? Champion,
    bool? ByHand
) : OutputDocument
{
    public static ListOutput Of(ListRow row)
    {
        var (instance, glance) = (row.Instance, row.Glance);
        return new(
            row.Plan.Run,
            row.Plan.Seed.Value,
            RunStatusOutput.SettingsOf(row.Settings),
            instance.Name,
            instance.Variant,
            instance.Replicate,
            row.Plan.HasCharters ? row.Plan.CharterOf(instance.Variant, instance.Replicate).Name : null,
            instance.Status,
            row.Experiences,
            row.Plan.Cycles,
            instance.Unplanned,
            instance.Generation,
            row.Plan.Rounds,
            row.Digest,
            instance.Parked,
            instance.Parent,
            glance?.Stored,
            glance?.Kept,
            glance is null ? null : !row.IsElsewhere,
            glance?.KeptShare,
            glance?.BareDrift,
            glance?.AgentDrift,
            glance?.HeldOut,
            glance?.Champion?.Value,
            glance?.IsByHand
        );
    }
}
