namespace AiMe.Lab.History;

/// <summary>Where the record of an instance has an intervention.</summary>
/// <param name="Cycle">
/// A cycle of the instance, in which unplanned input counts too: the one that received the stimulus, or the last one before the change.
/// </param>
/// <param name="Event">1-based index of the event.</param>
public sealed record InterventionPlace(int Cycle, long Event);
