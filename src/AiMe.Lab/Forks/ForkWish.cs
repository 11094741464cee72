using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>A fork that is to be made.</summary>
/// <param name="Name">Of the fork.</param>
/// <param name="Parent">A life of the run.</param>
/// <param name="Index">Of the last event that they share, 1 or more.</param>
/// <param name="Rests">Whether it rests until something is given to it; else it lives on by the plan.</param>
/// <param name="Changed">What it lives by from there on; null for what its parent lived by.</param>
public sealed record ForkWish(string Name, string Parent, long Index, bool Rests, LifeSettings? Changed);
