using AiMe.Console.Commands;
using AiMe.Lab.Analysis.Ratings;

namespace AiMe.Console.Tests.Output;

/// <summary>What the rating prompt shows of recorded texts.</summary>
public sealed class RatingPromptTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aime-prompt-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Recorded_text_does_not_command_the_terminal()
    {
        AnswerPair pair = new("g0/r1/e1", 0, 1, "Who\u001B]0;title\u0007?", "wild", "I \u001B[2J[red]am[/]", "tame", "you\u202E");
        PairQueue queue = new("small-12345678", ["tame", "wild"], "me", [pair], Equal: 0);
        RatingSession session = new(queue, Path.Combine(_root, "me.jsonl"));
        var text = Screen.Of(80, console => RatingPrompt.Run(new StringReader("q\n"), console, session, "me.jsonl", limit: null));
        text.ShouldNotContain("\u001B");
        text.ShouldNotContain("\u0007");
        text.ShouldNotContain("\u202E");
        text.ShouldContain("I \\u001B[2J[red]am[/]");
    }
}
