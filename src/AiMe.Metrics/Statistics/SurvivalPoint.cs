using System.Runtime.InteropServices;

namespace AiMe.Metrics.Statistics;

/// <summary>A step of a survival curve.</summary>
/// <param name="Time">Round or generation at which an event or a censoring occurred.</param>
/// <param name="AtRisk">Instances without an event that were seen at this time, at least 1.</param>
/// <param name="Events">Of these, how many had their event at this time.</param>
/// <param name="Censored">Of these, how many were last seen at this time, without an event.</param>
/// <param name="Survival">Share expected to be without an event after this time, in [0, 1].</param>
/// <param name="Low">Lower bound of its interval, in (0, 1); NaN while the survival is 1, and once it is 0.</param>
/// <param name="High">Upper bound, likewise.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SurvivalPoint(double Time, int AtRisk, int Events, int Censored, double Survival, double Low, double High);
