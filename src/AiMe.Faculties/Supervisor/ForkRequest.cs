namespace AiMe.Faculties.Supervisor;

/// <summary>A fork that is to be made.</summary>
/// <param name="Name">Of the fork.</param>
/// <param name="Parent">An instance of the run.</param>
/// <param name="Index">Of the last event that they share, 1 or more.</param>
/// <param name="Rests">Whether it rests until something is given to it; else it goes on by the plan.</param>
/// <param name="Changed">Its settings from there on; null for those of its parent.</param>
public sealed record ForkRequest(string Name, string Parent, long Index, bool Rests, InstanceSettings? Changed);
