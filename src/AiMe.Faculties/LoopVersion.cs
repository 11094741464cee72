namespace AiMe.Faculties;

/// <summary>
/// Versions of what an instance does. A run keeps the version it was planned with, so that it is replayed and continued as it
/// began.
/// </summary>
public static class LoopVersion
{
    /// <summary>
    /// An answer without text is a failed call; an insight has importance 10; what a prompt leaves out is not recorded.
    /// </summary>
    public const int First = 1;

    /// <summary>
    /// A model that stops without text has answered: the experience is empty. An insight has the mean importance of its evidence.
    /// What a prompt leaves out for lack of room is recorded with the answer.
    /// </summary>
    public const int Second = 2;

    /// <summary>
    /// The probes also measure a local model against generation 0. An answer also has its perplexity under the model that gave it
    /// and its place on the charter's axis.
    /// </summary>
    public const int Third = 3;

    /// <summary>The probes also measure a local model on the commoner half of the corpus' tokens.</summary>
    public const int Fourth = 4;

    /// <summary>The newest version.</summary>
    public const int Newest = Fourth;

    /// <summary>The version of runs that name none.</summary>
    public const int Usual = Third;

    /// <summary>Whether an answer without text is an experience, if the model itself ended it; else it is a failed call.</summary>
    public static bool TakesEmptyAnswers(int? version) => version >= Second;

    /// <summary>Whether what a prompt leaves out for lack of room is recorded with the answer.</summary>
    public static bool RecordsWhatIsLeftOut(int? version) => version >= Second;

    /// <summary>Whether an insight has the mean importance of its evidence; else 10, the highest.</summary>
    public static bool WeighsInsights(int? version) => version >= Second;

    /// <summary>Whether a local model and its answers are also measured against generation 0 and on the charter's axis.</summary>
    public static bool MeasuresModels(int? version) => version >= Third;

    /// <summary>Whether a local model is also measured on common tokens.</summary>
    public static bool MeasuresCommonTokens(int? version) => version >= Fourth;
}
