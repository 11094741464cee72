using AiMe.Console.Commands;
using AiMe.Console.Output.Documents;
using AiMe.Corpora;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/save</c>: writes a transcript.</summary>
internal sealed record SaveCommand()
    : SlashCommand("save", "FILE", "write this conversation to a new file: Markdown (.md) or JSON Lines (.jsonl)")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var extension = Path.GetExtension(argument);
        if (extension is not (".md" or ".jsonl"))
            throw new UsageException(
                $"found '{argument}', expected a file whose name ends in .md or .jsonl{Nearest.Hint(extension, [".md", ".jsonl"])}"
            );
        var run = talk.Place.Plan.Run;
        try
        {
            await using var file = new FileStream(argument, FileMode.CreateNew, FileAccess.Write);
            await using var writer = new StreamWriter(file);
            if (extension == ".md")
                await writer.WriteAsync(talk.Transcript.Markdown($"{talk.Instance} of {run}"));
            else
                foreach (var document in talk.Transcript.Documents(run))
                    await writer.WriteLineAsync(document.ToLine());
        }
        catch (IOException e) when (File.Exists(argument))
        {
            throw new UsageException($"{argument} exists already; use another name ({e.Message})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{argument} cannot be written: {e.Message}");
        }

        var text =
            $"Wrote {TalkText.Count(talk.Transcript.Exchanges, "exchange")} to {argument}. (The instance itself is already "
            + "stored in the journal.)";
        return TalkReply.Of(console => TalkText.Write(console, text), new SaveReply(argument, talk.Transcript.Exchanges));
    }
}
