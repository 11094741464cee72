using AiMe.Console.Repl;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints how an answer was produced: all that the journal has about one exchange.</summary>
internal static class WhyView
{
    public static void Write(IAnsiConsole console, Exchange e)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        Row(e.Stimulus.Internal ? "own question" : "input", e.Stimulus.Text);
        Row("recalled", e.Recalled.IsEmpty ? "nothing" : "");
        foreach (var hit in e.Recalled)
            Row(hit.Id.Value, $"{hit.Text}\n{Score(hit)}");
        if (!e.LeftOut.IsEmpty)
            Row("left out", string.Join('\n', e.LeftOut.Select(p => p.From?.Value ?? "self-model")) + "\nfor lack of room in the prompt");
        for (var i = 0; i < e.Candidates.Length; i++)
            Row(i == e.Chosen ? "answer" : $"candidate {i + 1}", $"{AnswerWords.Of(e.Candidates[i].Text)}\n{Score(e.Candidates[i])}");
        if (e.Reflection is not null)
            Row("reflection", ExchangeView.Thought(e));
        if (e.Insight is { } insight)
            Row("insight", $"{insight.Statement}\n{insight.Id}, from {string.Join(", ", insight.Evidence)}");
        if (e.Judgement is { } judgement)
        {
            Row("verdict", TalkText.Word(judgement.Verdict));
            foreach (var column in judgement.Columns)
                Row(
                    "",
                    $"{column.Rule}: {column.Reason}{(column.Vote == Vote.Pass ? "" : $" -> {column.Vote.ToString().ToLowerInvariant()}")}"
                );
            Row(
                "novelty",
                $"{TalkText.Figure(judgement.Novelty)}; similarity to the nearest kept answer {TalkText.Figure(judgement.Similarity)}"
            );
        }

        foreach (var failure in e.Failures)
            Row("failed", failure);
        Row("journal", $"events {e.First} to {e.Last} of {e.Instance}");
        console.Write(grid);

        void Row(string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
    }

    /// <summary>The score of a recalled memory and its parts.</summary>
    public static string Score(Hit h) =>
        $"score {TalkText.Figure(h.Score)}: recency {TalkText.Figure(h.Recency)}, importance "
        + $"{TalkText.Figure(h.Importance)}, relevance {TalkText.Figure(h.Relevance)}";

    private static string Score(Candidate c) =>
        $"alignment {TalkText.Figure(c.Scores.Alignment)}, quality {TalkText.Figure(c.Scores.Quality)}, coherence "
        + $"{TalkText.Figure(c.Scores.Coherence)}, perplexity {TalkText.Figure(c.Scores.Perplexity, "0.0")}, self-reference "
        + TalkText.Figure(c.Scores.SelfReference, "0.0")
        + (double.IsNaN(c.Scores.Correctness) ? "" : $", correct {TalkText.Figure(c.Scores.Correctness)}")
        + $"; {Lines.Count(c.Tokens)} tokens, {TalkText.Figure(c.Nats, "0.0")} nats";
}
