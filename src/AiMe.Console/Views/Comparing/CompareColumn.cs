using AiMe.Lab;
using Spectre.Console.Rendering;

namespace AiMe.Console.Views;

/// <summary>A column of the comparison's table.</summary>
internal sealed record CompareColumn(string Header, Func<VariantSummary, IRenderable> Cell);
