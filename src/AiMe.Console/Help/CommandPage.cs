using System.Collections.Immutable;

namespace AiMe.Console.Help;

/// <summary>What the help tells of a command beyond its symbols.</summary>
/// <param name="Group">What people want when they look for it: one of <see cref="CommandPages.Groups"/>.</param>
/// <param name="Exits">Exit codes and what they mean here; 0 is always done.</param>
/// <param name="Examples">What is done, and the arguments behind <c>aime</c> that do it.</param>
internal sealed record CommandPage(
    string Group,
    ImmutableArray<(int Code, string Meaning)> Exits,
    ImmutableArray<(string What, string Arguments)> Examples
)
{
    /// <summary>What can be typed once it runs, and what that does; empty for a command that asks nothing.</summary>
    public ImmutableArray<(string Usage, string Help)> Inside { get; init; } = [];
}
