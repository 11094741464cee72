using System.Security.Claims;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Lab.Runs.Reviews;
using AiMe.Web.View.Security;

namespace AiMe.Web.View.Control;

/// <summary>One person at the review page of a run: what is asked, and what the person has answered here.</summary>
internal sealed class ReviewSession(StoreWriter writer, string run, string reviewer)
{
    private readonly ReviewQueue _queue = new(writer.Reading, run);
    private readonly ReviewSheets _sheets = new(writer.Reading, run);
    private readonly HashSet<string> _skipped = new(StringComparer.Ordinal);
    private readonly Stack<(string Instance, MemoryId Id)> _answered = new();
    private ReviewDesk? _desk;

    /// <summary>The person's name.</summary>
    public string Reviewer => reviewer;

    /// <summary>The experience that is asked about; null if none is left.</summary>
    public HeldExperience? Asked { get; private set; }

    /// <summary>It, as a person may see it before answering.</summary>
    public ReviewSheet? Sheet { get; private set; }

    /// <summary>What the machine and others thought of the last one that was answered.</summary>
    public ReviewDisclosure? Last { get; private set; }

    /// <summary>The person's own answer on it.</summary>
    public Verdict LastVerdict { get; private set; }

    /// <summary>How far the person is.</summary>
    public ReviewProgress Progress { get; private set; } = new(0, 0);

    /// <summary>Experiences passed over in this session.</summary>
    public int Skipped => _skipped.Count;

    /// <summary>Whether an answer of this session can be undone.</summary>
    public bool CanUndo => _answered.Count > 0;

    /// <summary>Reads what waits; keeps the experience that is asked about while it is open.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var list = await _queue.LookAsync(cancellationToken);
        Progress = list.ProgressOf(reviewer);
        if (Asked is { } asked && list.Find(asked.Instance, asked.Id)?.Asks(reviewer) == true)
            return;
        var next = list.For(reviewer).FirstOrDefault(i => !_skipped.Contains(i.Name));
        // together: an answer must be on the experience that is shown
        (Asked, Sheet) = (next, next is null ? null : await _sheets.ReadAsync(next, cancellationToken));
    }

    /// <summary>Answers, and goes on to the next.</summary>
    /// <returns>What to tell the person; null for nothing.</returns>
    public async Task<string?> AnswerAsync(ClaimsPrincipal user, Verdict verdict, string? note, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        if (Asked is not { } item)
            return null;
        _desk ??= new ReviewDesk(await writer.OpenAsync(cancellationToken), run, writer.Time);
        var receipt = await _desk.AnswerAsync(item.Instance, item.Id, reviewer, verdict, note, CancellationToken.None);
        if (receipt == ReviewReceipt.Taken)
        {
            _answered.Push((item.Instance, item.Id));
            var after = (await _queue.LookAsync(cancellationToken)).Find(item.Instance, item.Id) ?? With(item, verdict, note);
            (Last, LastVerdict) = (await _sheets.DiscloseAsync(after, reviewer, cancellationToken), verdict);
        }

        await LookAsync(cancellationToken);
        return receipt == ReviewReceipt.NotOpen ? "Too late: its round has its verdicts since. Nothing was written." : null;
    }

    /// <summary>Passes the experience over for this session.</summary>
    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        if (Asked is not { } item)
            return;
        _skipped.Add(item.Name);
        Asked = null;
        await LookAsync(cancellationToken);
    }

    /// <summary>Withdraws the last answer of this session, and asks again.</summary>
    /// <returns>What to tell the person.</returns>
    public async Task<string> UndoAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        if (_desk is null || !_answered.TryPop(out var last))
            return "You have answered nothing here that could be undone.";
        var receipt = await _desk.UndoAsync(last.Instance, last.Id, reviewer, CancellationToken.None);
        (Asked, Last) = (null, null);
        await LookAsync(cancellationToken);
        return receipt == ReviewReceipt.NotOpen ? "Too late: its round has its verdicts." : "Your last answer is withdrawn.";
    }

    // A live run may have settled the round by this answer.
    private HeldExperience With(HeldExperience item, Verdict verdict, string? note) =>
        item with
        {
            Answers = [.. item.Answers.Where(a => a.By != reviewer), new(reviewer, verdict, note)],
        };
}
