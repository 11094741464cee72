using System.Collections.Immutable;
using AiMe.Console.Commands;
using AiMe.Corpora;

namespace AiMe.Console.Repl.Slash;

/// <summary>A command of a conversation. Help and completion are generated from these.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Argument">Its argument, such as <c>[query]</c>; empty for none.</param>
/// <param name="Help">One line.</param>
internal abstract record SlashCommand(string Name, string Argument, string Help)
{
    /// <summary>All commands, in the order of the help.</summary>
    public static ImmutableArray<SlashCommand> All { get; } =
    [
        new WhyCommand(),
        new ShowMemoryCommand(),
        new GoalsCommand(),
        new ShowSelfCommand(),
        new ProbeCommand(),
        new TrainCommand(),
        new RewindCommand(),
        new CompareWithCommand(),
        new HistoryCommand(),
        new SaveCommand(),
        new HelpCommand(),
        new QuitCommand(),
    ];

    /// <summary>Such as <c>/memory [query]</c>.</summary>
    public string Usage => Argument.Length == 0 ? $"/{Name}" : $"/{Name} {Argument}";

    /// <summary>Whether the argument's presence is as required.</summary>
    public bool Accepts(string argument) => Argument.Length == 0 ? argument.Length == 0 : argument.Length > 0 || Argument.StartsWith('[');

    /// <summary>Runs the command.</summary>
    /// <param name="cancelled">Cancelled by Ctrl-C.</param>
    /// <exception cref="UsageException">The argument is wrong.</exception>
    public abstract Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled);
}

/// <summary>A parsed input line.</summary>
internal abstract record Entered
{
    private Entered() { }

    /// <summary>Text to send.</summary>
    public sealed record PlainText(string Text) : Entered;

    /// <summary>A command to run.</summary>
    public sealed record Order(SlashCommand Command, string Argument) : Entered;

    /// <summary>A line that begins with a slash but is not a command, with the reason.</summary>
    public sealed record UnknownCommand(string Why) : Entered;

    /// <summary>An empty line.</summary>
    public sealed record Nothing : Entered;

    /// <summary>Parses a line: a slash begins a command, two slashes a text that begins with one.</summary>
    public static Entered Of(string line)
    {
        var text = line.Trim();
        if (text.Length == 0)
            return new Nothing();
        if (!text.StartsWith('/'))
            return new PlainText(text);
        if (text.StartsWith("//", StringComparison.Ordinal))
            return text.Length == 2 ? new Nothing() : new PlainText(text[1..]);
        var blank = text.AsSpan().IndexOfAny(' ', '\t', '\n');
        var (name, argument) = blank < 0 ? (text[1..], "") : (text[1..blank], text[blank..].Trim());
        if (SlashCommand.All.FirstOrDefault(c => c.Name == name) is not { } command)
            return new UnknownCommand(
                $"unknown command /{name}{Nearest.Hint($"/{name}", [.. SlashCommand.All.Select(c => $"/{c.Name}")])} "
                    + $"(/help lists the commands; //{name} sends a text that begins with a slash)"
            );
        return command.Accepts(argument)
            ? new Order(command, argument)
            : new UnknownCommand($"found '{text}', expected {command.Usage}: {command.Help}");
    }
}
