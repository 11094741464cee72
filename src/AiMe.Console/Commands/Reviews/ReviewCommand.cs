using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Reviews;

namespace AiMe.Console.Commands.Reviews;

/// <summary><c>aime review</c>: people decide on the experiences that a policy holds for them.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var target = new Argument<string?>("run or instance")
        {
            Description = "A run, or an instance such as inward-1; default: the store's only run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        target.CompletionSources.Add(Completions.Instances);
        var experience = new Argument<string?>("experience")
        {
            Description = "With --keep, --reject or --undo: the experience, such as e12",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var by = new Option<string?>("--as") { Description = "Your name, of your own choice; required to answer", HelpName = "name" };
        var keep = new Option<bool>("--keep") { Description = "Answer for one experience: it is to be trained on" };
        var reject = new Option<bool>("--reject") { Description = "Answer for one experience: it is not to be trained on, nor recalled" };
        var undo = new Option<bool>("--undo") { Description = "Withdraw your answer on one experience, until its round has its verdicts" };
        var note = new Option<string?>("--note") { Description = "With --keep or --reject: why, in your words", HelpName = "text" };
        var file = new Option<string?>("--from")
        {
            Description =
                "Answers from JSON Lines such as {\"id\": \"inward-1/e12\", \"value\": \"keep\", \"rater\": \"Ada\", \"note\": \"...\"}",
            HelpName = "answers.jsonl",
        };
        var list = new Option<bool>("--list") { Description = "List the held experiences; with --as, those that wait for you" };
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var json = SharedOptions.JsonOption(
            "With --list one JSON object per experience: {\"instance\", \"experience\", \"input\", \"output\", ...}; else one per answer"
        );
        var command = new Command("review", "Decide on the experiences that a policy holds for people, without seeing the machine's scores")
        {
            target,
            experience,
            by,
            keep,
            reject,
            undo,
            note,
            file,
            list,
            store,
            synchronous,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                ReviewRequest request = new(
                    parsed.GetValue(target),
                    parsed.GetValue(experience),
                    parsed.GetValue(by),
                    parsed.GetValue(keep),
                    parsed.GetValue(reject),
                    parsed.GetValue(undo),
                    parsed.GetValue(note),
                    parsed.GetValue(file),
                    parsed.GetValue(list),
                    parsed.GetValue(json)
                );
                request.Check(System.Console.IsInputRedirected || System.Console.IsOutputRedirected);
                var address = parsed.GetRequiredValue(store);
                ReviewTarget found;
                await using (var opened = Stores.OpenReadOnly(address))
                {
                    found = await ReviewTarget.FindAsync(opened, request.Target);
                    if (request.List)
                        return await ListAsync(opened, found, request);
                }

                using var interruption = new Interruption("Your answers are durable.");
                await using var writable = await Stores.OpenAsync(
                    address,
                    parsed.GetValue(synchronous),
                    interruption.Now,
                    CancellationToken.None
                );
                return await AnswerAsync(writable, found, request, interruption.Gently);
            }
        );
        return command;
    }

    private static async Task<int> ListAsync(EventStore store, ReviewTarget target, ReviewRequest request)
    {
        var list = target.Of(await new ReviewQueue(store, target.Run).LookAsync(CancellationToken.None));
        HeldExperience[] items = [.. request.By is { } by ? list.For(by) : list.Open];
        if (request.Json)
        {
            foreach (var item in items)
                TerminalWriter.Json(HeldOutput.Of(target.Run, item));
        }
        else
        {
            ReviewListView.Write(TerminalWriter.Output, target, list, items, request.By);
        }

        return ExitCode.Done;
    }

    private static async Task<int> AnswerAsync(EventStore store, ReviewTarget target, ReviewRequest request, CancellationToken over)
    {
        ReviewDesk desk = new(store, target.Run, TimeProvider.System);
        if (request.File is { } path)
            return await ReviewSubmission.FromFileAsync(desk, target, path, request);
        if (request.Experience is { } id)
            return await ReviewSubmission.OneAsync(desk, target, new MemoryId(id), request);
        TerminalWriter.Output.Profile.Capabilities.Interactive = true; // Spectre denies it to a terminal of a CI job
        ReviewLoop loop = new(desk, new ReviewSheets(store, target.Run), target, request.By!, TerminalWriter.Output);
        try
        {
            await loop.RunAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }

        await ReviewSubmission.TellWhatFollowsAsync(store, desk, target);
        return ExitCode.Done;
    }
}

/// <summary>What the command line asks for.</summary>
internal sealed record ReviewRequest(
    string? Target,
    string? Experience,
    string? By,
    bool Keep,
    bool Reject,
    bool Undo,
    string? Note,
    string? File,
    bool List,
    bool Json
)
{
    /// <summary>The verdict; null to withdraw.</summary>
    public Verdict? Verdict =>
        Keep ? Faculties.Verdict.Keep
        : Reject ? Faculties.Verdict.Reject
        : null;

    /// <summary>Refuses what does not fit together.</summary>
    /// <param name="redirected">Whether standard input or output is no terminal.</param>
    /// <exception cref="UsageException">The request is wrong.</exception>
    public void Check(bool redirected)
    {
        var answers = (Keep ? 1 : 0) + (Reject ? 1 : 0) + (Undo ? 1 : 0);
        if (answers > 1)
            throw new UsageException("found several of --keep, --reject and --undo, expected one");
        if (By is not null && ReviewDesk.FaultOf(By) is { } fault)
            throw new UsageException($"--as: {fault}");
        if (Note?.Length > ReviewDesk.LongestNote)
            throw new UsageException($"--note has {Note.Length} characters, expected at most {ReviewDesk.LongestNote}");
        if ((List || File is not null) && (answers > 0 || Note is not null || Experience is not null) || List && File is not null)
            throw new UsageException("found --list or --from with an answer, expected one of the three");
        if (Note is not null && !Keep && !Reject)
            throw new UsageException("found --note without --keep or --reject, expected a note on an answer");
        if (answers > 0 && Experience is null)
            throw new UsageException(
                "found an answer without an experience, expected both, such as "
                    + $"{Invocation.Of("review", "inward-1", "e12", "--keep", "--as", "Ada")}"
            );
        if (Experience is not null && answers == 0)
            throw new UsageException($"found the experience {Experience} without an answer, expected --keep, --reject or --undo with it");
        if (!List && File is null && By is null)
            throw new UsageException(
                "found no --as, expected your name, of your own choice, such as --as Ada: it stands beside your answers"
            );
        if (!List && File is null && answers == 0 && redirected)
            throw new UsageException(
                "standard input or output is not a terminal, so nobody can press keys. To answer from a script, use "
                    + "--list --json, and then "
                    + "`aime review INSTANCE EXPERIENCE --keep|--reject --as NAME` or `aime review --from answers.jsonl`"
            );
    }
}

/// <summary>What is reviewed: a run, or one instance of it.</summary>
/// <param name="Instance">Null for all instances.</param>
internal sealed record ReviewTarget(SupervisorState State, string? Instance, StoreAddress Store)
{
    /// <summary>The run's id.</summary>
    public string Run => State.Plan!.Run;

    /// <summary>Finds it by its name.</summary>
    /// <exception cref="UsageException">Nothing fits, or several do.</exception>
    public static async Task<ReviewTarget> FindAsync(EventStore store, string? name)
    {
        if (name is null)
            return new(await StoreLookup.RunAsync(store, null, CancellationToken.None), null, store.Address);
        var (run, instance) = await StoreLookup.RunOrInstanceAsync(store, name, CancellationToken.None);
        return new(run, instance, store.Address);
    }

    /// <summary>The part of a list that belongs to it.</summary>
    public ReviewList Of(ReviewList list) =>
        Instance is null ? list : list with { Items = [.. list.Items.Where(i => i.Instance == Instance)] };
}
