using System.Collections.Immutable;
using AiMe.Lab.Analysis.Preregistration;

namespace AiMe.Web.Report;

/// <summary>A run checked against its pre-registration.</summary>
/// <param name="File">The page.</param>
/// <param name="Digest">Of the registered plan.</param>
/// <param name="Written">When the page was written, UTC.</param>
public sealed record RegistrationCheck(string File, string Digest, string Written, ImmutableArray<Deviation> Deviations);
