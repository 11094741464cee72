namespace AiMe.Console.Commands;

/// <summary>What <c>run --dry-run</c> says of power.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Command">The command to which it leads; null for none.</param>
internal sealed record PowerLine(string Text, string? Command = null)
{
    /// <inheritdoc />
    public override string ToString() => Command is null ? Text : $"{Text} {Command}";
}
