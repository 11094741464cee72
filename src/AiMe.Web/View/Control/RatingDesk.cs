using System.Security.Claims;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.History;
using AiMe.Web.View.Security;

namespace AiMe.Web.View.Control;

/// <summary>One person at the rating page of a run. What is asked names no variant; ratings go to the rater's file in the store.</summary>
internal sealed class RatingDesk
{
    private readonly StoreWriter _writer;
    private readonly FilledForm _form;

    private RatingDesk(StoreWriter writer, FilledForm form) => (_writer, _form) = (writer, form);

    /// <summary>The person's name.</summary>
    public string Rater => Queue.Rater;

    /// <summary>Pairs that are rated or skipped.</summary>
    public int Done => _form.Session.Done;

    /// <summary>Pairs that are left.</summary>
    public int Left => Queue.Pairs.Length - Done;

    /// <summary>Pairs that are left out because both answers are the same.</summary>
    public int Equal => Queue.Equal;

    /// <summary>The question on the pair that is shown; null if all are done.</summary>
    public PairSheet? Sheet =>
        _form.Pair is { } pair
            ? new(pair.Id, pair.Question, pair.First, pair.Second, _form.Sign.Question, _form.Answered + 1, SignForm.Signs.Length)
            : null;

    /// <summary>Whether there is something to take back.</summary>
    public bool CanUndo => _form.CanUndo;

    private PairQueue Queue => _form.Session.Queue;

    /// <summary>Begins, or resumes where the rater's file ends.</summary>
    /// <param name="one">A variant.</param>
    /// <param name="other">Another variant.</param>
    /// <param name="rater">A name without fault.</param>
    /// <exception cref="ControlException">There is nothing to rate, or the server was started to look only.</exception>
    /// <exception cref="PairRatingException">The rater's file is of other answers.</exception>
    public static async Task<RatingDesk> OpenAsync(
        ClaimsPrincipal user,
        StoreWriter writer,
        string run,
        string one,
        string other,
        string rater,
        CancellationToken cancellationToken
    )
    {
        NotUnlockedException.Demand(user);
        writer.Demand();
        if (one == other)
            throw new ControlException("Choose two different variants.");
        var record = await RunRecord.ReadAsync(writer.Reading.Journal, run, cancellationToken);
        var queue = PairQueue.Of(record, one, other, rater);
        if (queue.Pairs.IsEmpty)
            throw new ControlException($"{RatingWords.NoPairs(queue)}.");
        return new RatingDesk(
            writer,
            new FilledForm(new RatingSession(queue, PairRatingFolder.FileOf(writer.Reading.Root, queue.Run, rater)))
        );
    }

    /// <summary>Answers the question.</summary>
    /// <exception cref="ControlException">The rating could not be written.</exception>
    public void Choose(ClaimsPrincipal user, SignChoice choice, string? note) => Write(user, () =>
        {
            _form.Note = note;
            _form.Choose(choice);
        });

    /// <summary>Passes the pair over.</summary>
    /// <exception cref="ControlException">It could not be written.</exception>
    public void Skip(ClaimsPrincipal user, string? note) => Write(user, () =>
        {
            _form.Note = note;
            _form.Skip();
        });

    /// <summary>Takes the last answer back: on this pair, else on the last one.</summary>
    /// <exception cref="ControlException">It could not be written.</exception>
    public void Undo(ClaimsPrincipal user) => Write(user, () => _form.Undo());

    /// <summary>The ratings of these two variants by everybody whose file is in the store.</summary>
    public async Task<SignReport> ReportAsync(CancellationToken cancellationToken)
    {
        var record = await RunRecord.ReadAsync(_writer.Reading.Journal, Queue.Run, cancellationToken);
        var lines = PairRatingFolder.FilesOf(_writer.Reading.Root, Queue.Run).SelectMany(f => PairRatingFile.Read(f));
        return SignReport.Of(record, [.. PairRatingFile.Between(lines, Queue.Variants)]);
    }

    private static void Write(ClaimsPrincipal user, Action what)
    {
        NotUnlockedException.Demand(user);
        try
        {
            what();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlException($"It could not be written, so nothing has changed: {e.Message}");
        }
    }
}

/// <summary>What a rater sees of a pair. It has no variant, and nothing from which one follows.</summary>
/// <param name="Pair">Id of the pair.</param>
/// <param name="Asked">The stimulus, the drive or the probe.</param>
/// <param name="Sign">The question of the form.</param>
/// <param name="Number">Of that question, from 1.</param>
/// <param name="Of">Number of questions.</param>
public sealed record PairSheet(string Pair, string Asked, string First, string Second, string Sign, int Number, int Of);
