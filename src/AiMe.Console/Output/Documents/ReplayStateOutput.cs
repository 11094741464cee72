using System.Text.Json;
using AiMe.Faculties;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Output.Documents;

/// <summary>With <c>--state</c>: the complete state of faculties.</summary>
/// <param name="After">Index of the last event.</param>
/// <param name="States">By faculty.</param>
internal sealed record ReplayStateOutput(long After, IReadOnlyDictionary<string, JsonElement> States) : OutputDocument
{
    /// <param name="faculties">Bit mask.</param>
    public static ReplayStateOutput Of(InstanceStates point, int faculties) =>
        new(
            point.Index,
            Loop.Faculties.Index()
                .Where(f => TimelineIndex.Has(faculties, f.Index))
                .ToDictionary(
                    f => f.Item.Name,
                    f => JsonSerializer.SerializeToElement(point.Streams[f.Index].State, f.Item.StateJson),
                    StringComparer.Ordinal
                )
        );
}
