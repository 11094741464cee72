using System.Collections.Immutable;

namespace AiMe.Console.Help;

/// <summary>Help of a command beyond its symbols.</summary>
/// <param name="Group">One of <see cref="CommandPages.Groups"/>.</param>
/// <param name="Exits">Exit codes and their meanings for this command; 0 always means done.</param>
/// <param name="Examples">Purpose, and the arguments after <c>aime</c>.</param>
internal sealed record CommandPage(
    string Group,
    ImmutableArray<(int Code, string Meaning)> Exits,
    ImmutableArray<(string What, string Arguments)> Examples
)
{
    /// <summary>
    /// Input that the running command accepts, and its effect; empty for a command that is not interactive.
    /// </summary>
    public ImmutableArray<(string Usage, string Help)> Inside { get; init; } = [];
}
