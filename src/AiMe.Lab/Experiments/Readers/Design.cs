using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Matrices;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>What contrasts can name: the variants, and the settings of the matrix.</summary>
internal sealed record Design(ImmutableArray<VariantPlan> Variants, SettingMatrix Matrix);
