using AiMe.Console.Output.Documents;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>The exchanges of one conversation.</summary>
internal sealed class Transcript
{
    private readonly List<(Exchange? Exchange, string? Note)> _entries = [];

    /// <summary>Number of exchanges.</summary>
    public int Exchanges => _entries.Count(e => e.Exchange is not null);

    /// <summary>The last exchange, or null.</summary>
    public Exchange? Last => _entries.LastOrDefault(e => e.Exchange is not null).Exchange;

    public void Add(Exchange exchange, RoundReport? round)
    {
        _entries.Add((exchange, null));
        if (round is not null)
            _entries.Add((null, RoundView.Sentence(round)));
    }

    /// <summary>Adds a note on something that happened between two exchanges.</summary>
    public void Note(string what) => _entries.Add((null, what));

    /// <summary>Formats the conversation as Markdown, with the input quoted.</summary>
    public string Markdown(string title)
    {
        var page = new System.Text.StringBuilder($"# {title}\n");
        foreach (var (exchange, note) in _entries)
        {
            page.Append('\n');
            if (exchange is { Stored: { } stored })
                page.Append(
                    $"> {exchange.Stimulus.Text.Replace("\n", "\n> ", StringComparison.Ordinal)}\n\n"
                        + $"{AnswerWords.Of(stored.Output)}\n\n<sub>{TurnView.Meta(exchange)}</sub>\n"
                );
            else
                page.Append($"*{note}*\n");
        }

        return page.ToString();
    }

    /// <summary>The conversation as JSON Lines.</summary>
    public IEnumerable<OutputDocument> Documents(string run) =>
        _entries.Select(e =>
            e.Exchange is { } exchange
                ? new SavedTurnOutput(ExchangeOutput.Of(run, exchange))
                : (OutputDocument)new SavedNoteOutput(e.Note!)
        );
}
