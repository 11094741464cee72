using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Reviews;

namespace AiMe.Console.Commands.Reviews;

/// <summary>Answers without a conversation: one on the command line, or many from a file.</summary>
internal static class ReviewSubmission
{
    /// <summary>Takes the answer on one experience, or withdraws it.</summary>
    public static async Task<int> OneAsync(ReviewDesk desk, ReviewTarget target, MemoryId id, ReviewRequest request)
    {
        var instance = target.Instance
            ?? throw new UsageException($"found the run {target.Run} with an experience, expected an instance of it, such as inward-1");
        var receipt = request.Verdict is { } verdict
            ? await desk.AnswerAsync(instance, id, request.By!, verdict, request.Note, CancellationToken.None)
            : await desk.UndoAsync(instance, id, request.By!, CancellationToken.None);
        var list = target.Of(await desk.Queue.LookAsync(CancellationToken.None));
        if (request.Json)
            TerminalWriter.Json(
                new ReviewReceiptOutput(target.Run, instance, id.Value, request.By!, request.Verdict, receipt, list.Open.Count())
            );
        else
            Tell(instance, id, request.Verdict, receipt, list);
        return receipt == ReviewReceipt.NotOpen ? ExitCode.Error : ExitCode.Done;
    }

    /// <summary>Takes the answers of a file. A line that was taken before changes nothing, so the file can be given again.</summary>
    public static async Task<int> FromFileAsync(ReviewDesk desk, ReviewTarget target, string path, ReviewRequest request)
    {
        if (!File.Exists(path))
            throw new UsageException($"--from {path}: there is no such file");
        var (lines, problems) = ReviewFile.Read(path, await File.ReadAllLinesAsync(path, CancellationToken.None), request.By);
        foreach (var problem in problems)
            System.Console.Error.WriteLine(problem);
        if (!problems.IsEmpty)
            throw new UsageException($"{path} has {Lines.Count(problems.Length, "problem")}; nothing was written.");
        if (lines.FirstOrDefault(l => !target.State.Instances.ContainsKey(l.Instance)) is { } stranger)
            throw new UsageException(
                $"{path}:{stranger.Line}: the run {target.Run} has no instance '{stranger.Instance}'; nothing was written."
            );
        var counts = new Dictionary<ReviewReceipt, int>();
        foreach (var line in lines)
        {
            var receipt = await desk.AnswerAsync(line.Instance, line.Experience, line.By, line.Verdict, line.Note, CancellationToken.None);
            counts[receipt] = counts.GetValueOrDefault(receipt) + 1;
            if (request.Json)
                TerminalWriter.Json(
                    new ReviewReceiptOutput(target.Run, line.Instance, line.Experience.Value, line.By, line.Verdict, receipt, Open: null)
                );
            else if (receipt == ReviewReceipt.NotOpen)
                System.Console.Error.WriteLine($"{path}:{line.Line}: {NotOpen(line.Instance, line.Experience)}");
        }

        if (!request.Json)
            TerminalWriter.Line(
                $"{Lines.Count(counts.GetValueOrDefault(ReviewReceipt.Taken), "answer")} taken, "
                    + $"{Lines.Count(counts.GetValueOrDefault(ReviewReceipt.Unchanged))} unchanged, "
                    + $"{Lines.Count(counts.GetValueOrDefault(ReviewReceipt.NotOpen))} on experiences that are not open."
            );
        return counts.ContainsKey(ReviewReceipt.NotOpen) ? ExitCode.Error : ExitCode.Done;
    }

    /// <summary>Says what is still open, and how the run goes on.</summary>
    public static async Task TellWhatFollowsAsync(EventStore store, ReviewDesk desk, ReviewTarget target)
    {
        var list = await desk.Queue.LookAsync(CancellationToken.None);
        var waiting = list.Open.Count(i => i.IsAwaited);
        if (waiting > 0)
            TerminalWriter.Line(
                $"{Lines.Count(waiting, "experience")} of complete rounds still {(waiting == 1 ? "waits" : "wait")} for review."
            );
        else if (!RunHost.HasEnded(desk.Queue.State) && await store.Ownership.FindAsync(target.Run, CancellationToken.None) is null)
            TerminalWriter.Line("No complete round waits any more: run the same `aime run` to resume.");
    }

    private static void Tell(string instance, MemoryId id, Verdict? verdict, ReviewReceipt receipt, ReviewList list)
    {
        var what = verdict switch
        {
            Verdict.Keep => "kept",
            Verdict.Reject => "rejected",
            _ => "withdrawn",
        };
        TerminalWriter.Line(
            receipt switch
            {
                ReviewReceipt.Taken => $"{instance}/{id}: {what}. {Lines.Count(list.Open.Count())} without a verdict.",
                ReviewReceipt.Unchanged => $"{instance}/{id}: {what} before; nothing was written.",
                ReviewReceipt.NotOpen => NotOpen(instance, id),
                _ => throw new System.Diagnostics.UnreachableException(),
            }
        );
    }

    private static string NotOpen(string instance, MemoryId id) =>
        $"{instance}/{id} is not held for people, or its round has its verdicts; `aime review --list` lists what is open";
}
