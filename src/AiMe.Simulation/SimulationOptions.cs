namespace AiMe.Simulation;

/// <summary>What is simulated.</summary>
/// <param name="Experiences">Planned experiences of a seed, over all its lives; 1 or more.</param>
/// <param name="Instances">Lives of a seed; null for one or two, as the seed has it.</param>
/// <param name="Mistake">
/// A mistake that is planted into what the runtime is given, to see whether it is found; null for none.
/// </param>
public sealed record SimulationOptions(int Experiences = 20, int? Instances = null, Mistake? Mistake = null);
