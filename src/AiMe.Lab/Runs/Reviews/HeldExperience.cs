using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.Runs.Reviews;

/// <summary>An experience that is held for people, and whose round has no verdicts yet.</summary>
/// <param name="Terms">How the answers become a verdict.</param>
/// <param name="Answers">
/// The last answer of each person, those in the inbox included, in ordinal order of name. Not for the eyes of a person who has not
/// answered.
/// </param>
/// <param name="IsAwaited">Whether its round is complete and waits for its verdict.</param>
public sealed record HeldExperience(
    string Instance,
    string Variant,
    int Replicate,
    Stored Stored,
    ReviewTerms Terms,
    ImmutableArray<ReviewOpinion> Answers,
    bool IsAwaited
)
{
    /// <summary>Its id in its instance, such as <c>e12</c>.</summary>
    public MemoryId Id => Stored.Id;

    /// <summary>Its id in its run, such as <c>aligned-1/e12</c>.</summary>
    public string Name => $"{Instance}/{Id}";

    /// <summary>Whether it has no verdict by the answers up to now.</summary>
    public bool IsOpen => Terms.Settle(Answers) == Verdict.Hold;

    /// <summary>Whether enough have answered, and as many keep as reject: one more answer decides.</summary>
    public bool IsTie => Terms.IsTie(Answers);

    /// <summary>A person's answer, or null.</summary>
    public ReviewOpinion? By(string reviewer) => Answers.FirstOrDefault(a => a.By == reviewer);

    /// <summary>Whether a person is asked: it has no verdict, and the person has not answered.</summary>
    public bool Asks(string reviewer) => IsOpen && By(reviewer) is null;
}

/// <summary>How far a person is.</summary>
/// <param name="Answered">Experiences in the queue that the person has answered.</param>
/// <param name="Left">Those on which the person's answer is wanted.</param>
public sealed record ReviewProgress(int Answered, int Left)
{
    /// <summary>All of the person's experiences.</summary>
    public int All => Answered + Left;
}

/// <summary>The held experiences of a run at a moment.</summary>
/// <param name="Items">In the order of instances, then by cycle.</param>
public sealed record ReviewList(string Run, ImmutableArray<HeldExperience> Items)
{
    /// <summary>Those without a verdict.</summary>
    public IEnumerable<HeldExperience> Open => Items.Where(i => i.IsOpen);

    /// <summary>Those on which a person's answer is wanted: the rounds that wait come first.</summary>
    public IEnumerable<HeldExperience> For(string reviewer) => Items.Where(i => i.Asks(reviewer)).OrderByDescending(i => i.IsAwaited);

    /// <summary>A page of the open ones.</summary>
    public ImmutableArray<HeldExperience> Page(int skip, int take) => [.. Open.Skip(skip).Take(take)];

    /// <summary>How far a person is.</summary>
    public ReviewProgress ProgressOf(string reviewer) =>
        new(Items.Count(i => i.By(reviewer) is not null), Items.Count(i => i.Asks(reviewer)));

    /// <summary>An experience; null if it is not held, or its round has its verdicts.</summary>
    public HeldExperience? Find(string instance, MemoryId id) => Items.FirstOrDefault(i => i.Instance == instance && i.Id == id);
}
