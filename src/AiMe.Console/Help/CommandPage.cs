using System.Collections.Immutable;
using AiMe.Console.Commands;

namespace AiMe.Console.Help;

/// <summary>Help of a command beyond its symbols.</summary>
/// <param name="Exits">Exit codes and their meanings for this command; 0 always means done.</param>
/// <param name="Examples">Purpose, and the arguments after <c>aime</c>.</param>
internal sealed record CommandPage(
    ImmutableArray<(int Code, string Meaning)> Exits,
    ImmutableArray<(string What, string Arguments)> Examples
)
{
    public static readonly (int, string) Failed = (ExitCode.Error, "the store cannot be read, or one of its rows is damaged");
    public static readonly (int, string) Wrong = (ExitCode.Usage, "the input is wrong; nothing was written");
    public static readonly (int, string) Spent = (ExitCode.Budget, "the budget is used up; raise it to resume");

    /// <summary>One of <see cref="CommandPages.Groups"/>.</summary>
    public string Group { get; init; } = "";

    /// <summary>
    /// Input that the running command accepts, and its effect; empty for a command that is not interactive.
    /// </summary>
    public ImmutableArray<(string Usage, string Help)> Inside { get; init; } = [];
}
