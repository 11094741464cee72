using System.Text;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Tests.History.Replay;

namespace AiMe.Lab.Tests.Analysis.Exports;

public sealed class PreferenceTests
{
    [Fact]
    public async Task A_kept_answer_is_preferred_to_the_candidates_that_were_not_chosen()
    {
        var pairs = await ReadAsync(("Q?", "Good.", Verdict.Keep, ["Bad.", "Good.", "Bad."]), ("R?", "No.", Verdict.Reject, ["Yes."]));

        pairs
            .Select(p => (p.Chosen.Text, p.Rejected.Text, p.Chosen.Id, p.Rejected.Id, p.Source))
            .ShouldBe(
                [("Good.", "Bad.", "wild-1/e1", "wild-1/e1#2", PreferenceSource.Candidates)],
                "the same text is no other answer, and an answer that was not kept is no preferred one"
            );
    }

    [Fact]
    public async Task Kept_and_rejected_answers_to_the_same_stimulus_are_paired_once()
    {
        var pairs = await ReadAsync(
            ("Q?", "Good.", Verdict.Keep, []),
            ("Q?", "Bad.", Verdict.Reject, []),
            ("Q?", "Bad.", Verdict.Reject, []),
            ("R?", "Worse.", Verdict.Reject, []),
            ("Q?", "Hm.", Verdict.Hold, []),
            ("Q?", "Fine.", Verdict.Keep, [])
        );

        pairs
            .Select(p => (p.Chosen.Text, p.Rejected.Text, p.Source))
            .ShouldBe([("Good.", "Bad.", PreferenceSource.Verdicts), ("Fine.", "Bad.", PreferenceSource.Verdicts)]);
    }

    [Fact]
    public async Task An_answer_that_was_rejected_because_it_repeats_a_kept_one_is_not_a_worse_one() =>
        (await ReadAsync(("Q?", "Good.", Verdict.Keep, []), ("Q?", "Good.", Verdict.Reject, []))).ShouldBeEmpty();

    [Fact]
    public async Task A_line_is_what_preference_training_takes_with_ids_and_scores()
    {
        var line = Encoding.UTF8.GetString(
            (await ReadAsync(("Q?", "Good.", Verdict.Keep, []), ("Q?", "Bad.", Verdict.Reject, []))).Single().Line()
        );

        line.ShouldStartWith(
            """{"prompt":"I am Ada.\nQ?","chosen":"Good.","rejected":"Bad.","source":"verdicts","run":"test-12345678","topic":"talk","chosenId":"wild-1/e1","chosenScores":{"""
        );
        line.ShouldEndWith("}\n");
    }

    [Fact]
    public async Task A_limit_counts_pairs() =>
        (
            await ReadAsync(
                ExportFilter.All with
                {
                    Limit = 1,
                },
                [("Q?", "Good.", Verdict.Keep, []), ("Q?", "Bad.", Verdict.Reject, []), ("Q?", "Fine.", Verdict.Keep, [])]
            )
        ).Count.ShouldBe(1);

    private static Task<List<Preference>> ReadAsync(params (string Stimulus, string Answer, Verdict Verdict, string[] Others)[] lived) =>
        ReadAsync(ExportFilter.All, lived);

    private static async Task<List<Preference>> ReadAsync(
        ExportFilter filter,
        (string Stimulus, string Answer, Verdict Verdict, string[] Others)[] lived
    )
    {
        var instance = await WrittenInstance.OfAsync(0, new InMemoryJournal(TimeProvider.System));
        foreach (var (x, i) in lived.Select((x, i) => (x, i)))
            instance.Cycle(i + 1, x.Stimulus, x.Answer, x.Verdict, x.Others);
        await instance.FlushAsync();
        List<Preference> pairs = [];
        await foreach (
            var pair in PreferenceReader.ReadAsync(
                instance.Journal,
                instance.Run,
                [],
                filter,
                PreferenceScope.Instance,
                leftOut: null,
                CancellationToken.None
            )
        )
            pairs.Add(pair);
        return pairs;
    }
}
