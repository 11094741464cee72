using System.Collections.Immutable;
using AiMe.Console.Commands;
using AiMe.Corpora;

namespace AiMe.Console.Repl.Slash;

/// <summary>What can be asked of a conversation besides saying something. Help and completion are made from these.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Argument">What stands behind it, such as <c>[query]</c>; empty for nothing.</param>
/// <param name="Help">One line.</param>
internal abstract record SlashCommand(string Name, string Argument, string Help)
{
    /// <summary>In the order of the help.</summary>
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

    /// <summary>Whether an argument must be given, may be, or must not.</summary>
    public bool Accepts(string argument) => Argument.Length == 0 ? argument.Length == 0 : argument.Length > 0 || Argument.StartsWith('[');

    /// <summary>Does it.</summary>
    /// <param name="cancelled">Ctrl-C, where it can be cancelled.</param>
    /// <exception cref="UsageException">The argument is wrong.</exception>
    public abstract Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled);
}

/// <summary>A line that was entered, understood.</summary>
internal abstract record Entered
{
    private Entered() { }

    /// <summary>Something to say.</summary>
    public sealed record PlainText(string Text) : Entered;

    /// <summary>A command to run.</summary>
    public sealed record Order(SlashCommand Command, string Argument) : Entered;

    /// <summary>A line that begins with a slash and is no command, and why.</summary>
    public sealed record UnknownCommand(string Why) : Entered;

    /// <summary>Nothing.</summary>
    public sealed record Nothing : Entered;

    /// <summary>Understands a line: a slash begins a command, two begin a text that begins with one.</summary>
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
                $"there is no command /{name}{Nearest.Hint($"/{name}", [.. SlashCommand.All.Select(c => $"/{c.Name}")])} "
                    + $"(/help lists them, and //{name} says a text that begins with a slash)"
            );
        return command.Accepts(argument)
            ? new Order(command, argument)
            : new UnknownCommand($"found '{text}', expected {command.Usage}: {command.Help}");
    }
}
