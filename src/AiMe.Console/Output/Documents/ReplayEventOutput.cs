using System.Text.Json;
using AiMe.Faculties;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>An event of an instance.</summary>
/// <param name="Index">Index of the event in the instance, from 1.</param>
/// <param name="Faculty">The faculty that stored it.</param>
/// <param name="Manifest">Type and version of the event, such as <c>self.heard@1</c>.</param>
/// <param name="Event">The event as it is stored.</param>
internal sealed record ReplayEventOutput(long Index, string Faculty, string Manifest, JsonElement Event) : OutputDocument
{
    public static ReplayEventOutput Of(InstanceEvent e) =>
        new(e.Index, e.Faculty, e.Manifest, JsonElement.Parse(FacultyEvents.Codec.Write(e.Happened)));
}
