namespace AiMe.Faculties.Supervisor;

/// <summary>A request for a fork.</summary>
/// <param name="Name">Name of the fork.</param>
/// <param name="Parent">Name of an instance of the run.</param>
/// <param name="Index">Index of the last shared event, at least 1.</param>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
/// <param name="Changed">The fork's settings; null for those of its parent.</param>
public sealed record ForkRequest(string Name, string Parent, long Index, bool Rests, InstanceSettings? Changed);
