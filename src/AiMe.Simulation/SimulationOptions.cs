namespace AiMe.Simulation;

/// <summary>Options of the simulation.</summary>
/// <param name="Experiences">Planned experiences of a seed, over all its instances; at least 1.</param>
/// <param name="Instances">Instances of a seed; null for one or two, depending on the seed.</param>
/// <param name="Mistake">
/// A mistake that is planted in the runtime's dependencies, to test whether it is found; null for none.
/// </param>
public sealed record SimulationOptions(int Experiences = 20, int? Instances = null, Mistake? Mistake = null);
