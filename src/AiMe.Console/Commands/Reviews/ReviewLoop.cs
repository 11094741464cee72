using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Lab.Runs.Reviews;
using Spectre.Console;

namespace AiMe.Console.Commands.Reviews;

/// <summary>
/// Shows one held experience after another and takes a person's keys. The machine's scores and the other answers appear after the
/// person's own.
/// </summary>
internal sealed class ReviewLoop(ReviewDesk desk, ReviewSheets sheets, ReviewTarget target, string reviewer, IAnsiConsole console)
{
    private const string Keys = "k keep, r reject, n note, s skip, u undo, q leave";

    private readonly HashSet<string> _skipped = new(StringComparer.Ordinal);
    private readonly Stack<(string Instance, MemoryId Id)> _answered = new();
    private string? _note;

    /// <summary>Asks until nothing is left, or the person leaves.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        HeldExperience? shown = null;
        while (true)
        {
            var list = target.Of(await desk.Queue.LookAsync(cancellationToken));
            var next = list.For(reviewer).FirstOrDefault(i => !_skipped.Contains(i.Name));
            if (next is null)
            {
                Say(_skipped.Count > 0 ? $"Nothing else waits for you; {Lines.Count(_skipped.Count)} skipped." : "Nothing waits for you.");
                return;
            }

            if (next.Name != shown?.Name)
            {
                _note = null;
                var progress = list.ProgressOf(reviewer);
                ReviewView.Write(console, await sheets.ReadAsync(next, cancellationToken), progress.Answered + 1, progress.All);
                shown = next;
            }

            Say(Keys);
            var again = await TakeAsync(next, await KeyAsync(cancellationToken), cancellationToken);
            if (again is null)
                return;
            shown = again.Value ? shown : null;
        }
    }

    // Null to leave; true if the same experience stays on the screen.
    private async Task<bool?> TakeAsync(HeldExperience item, ConsoleKeyInfo key, CancellationToken cancellationToken)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } or { Key: ConsoleKey.Escape })
            return null;
        switch (char.ToLowerInvariant(key.KeyChar))
        {
            case 'k':
                await AnswerAsync(item, Verdict.Keep, cancellationToken);
                return false;
            case 'r':
                await AnswerAsync(item, Verdict.Reject, cancellationToken);
                return false;
            case 's':
                _skipped.Add(item.Name);
                return false;
            case 'u':
                return !await UndoAsync(cancellationToken);
            case 'n':
                _note = await NoteAsync(cancellationToken);
                return true;
            case 'q':
                return null;
            default:
                return true;
        }
    }

    private async Task AnswerAsync(HeldExperience item, Verdict verdict, CancellationToken cancellationToken)
    {
        var receipt = await desk.AnswerAsync(item.Instance, item.Id, reviewer, verdict, _note, CancellationToken.None);
        if (receipt == ReviewReceipt.NotOpen)
        {
            Say("Too late: its round has its verdicts since. Nothing was written.");
            return;
        }

        _answered.Push((item.Instance, item.Id));
        var after = (await desk.Queue.LookAsync(cancellationToken)).Find(item.Instance, item.Id) ?? WithOwn(item, verdict);
        if (await sheets.DiscloseAsync(after, reviewer, cancellationToken) is { } disclosed)
            ReviewView.Write(console, disclosed, verdict);
    }

    // A live run may have settled the round by this answer.
    private HeldExperience WithOwn(HeldExperience item, Verdict verdict) =>
        item with
        {
            Answers = [.. item.Answers.Where(a => a.By != reviewer), new(reviewer, verdict, _note)],
        };

    private async Task<bool> UndoAsync(CancellationToken cancellationToken)
    {
        if (!_answered.TryPop(out var last))
        {
            Say("You have answered nothing yet that could be undone.");
            return false;
        }

        var receipt = await desk.UndoAsync(last.Instance, last.Id, reviewer, cancellationToken);
        Say(
            receipt == ReviewReceipt.NotOpen
                ? $"Too late: the round of {last.Instance}/{last.Id} has its verdicts."
                : $"Your answer on {last.Instance}/{last.Id} is withdrawn."
        );
        return receipt != ReviewReceipt.NotOpen;
    }

    private async Task<string?> NoteAsync(CancellationToken cancellationToken)
    {
        Say("Note, ended by Enter (Esc for none):");
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var key = await KeyAsync(cancellationToken);
            if (key.Key == ConsoleKey.Escape)
                return null;
            if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
                break;
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
            {
                text.Length--;
                console.Write(new ControlCode("\b \b"));
            }
            else if (!char.IsControl(key.KeyChar) && text.Length < ReviewDesk.LongestNote)
            {
                text.Append(key.KeyChar);
                console.Write(new Text(key.KeyChar.ToString()));
            }
        }

        console.WriteLine();
        return text.ToString().Trim() is { Length: > 0 } note ? note : null;
    }

    private async Task<ConsoleKeyInfo> KeyAsync(CancellationToken cancellationToken) =>
        await console.Input.ReadKeyAsync(intercept: true, cancellationToken) ?? new ConsoleKeyInfo('q', ConsoleKey.Q, false, false, false);

    private void Say(string text) => console.Write(new Text($"{text}\n", Lines.Dim));
}
