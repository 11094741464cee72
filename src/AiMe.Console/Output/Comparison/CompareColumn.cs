using AiMe.Lab.Analysis.Comparison;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Comparison;

/// <summary>A column of the comparison's table.</summary>
internal sealed record CompareColumn(string Header, Func<VariantSummary, IRenderable> Cell);
