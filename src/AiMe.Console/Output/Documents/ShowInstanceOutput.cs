using System.Text.Json.Serialization;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>The page of an instance.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Replicate">From 1.</param>
/// <param name="Status">Living until its plan is complete.</param>
/// <param name="Parked">Why it is parked, or null.</param>
/// <param name="Parent">The instance that it was forked from; null for a planned one.</param>
/// <param name="ForkedAt">Index of the last event that it shares with its parent; null for a planned one.</param>
/// <param name="Beside">Experiences of unplanned input.</param>
/// <param name="Waiting">Inputs that were received and are not yet answered.</param>
/// <param name="RunState">Silent: the process of the run is there, but its heartbeat is overdue.</param>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Cycles">Planned experiences.</param>
/// <param name="SelfModel">The current self-model.</param>
/// <param name="Champion">The current model.</param>
/// <param name="ByHand">
/// Whether a user set the model after the last probes: the figures are of the one before it.
/// </param>
/// <param name="Keeping">What it keeps for training, in words.</param>
/// <param name="Learning">How it is trained, in words.</param>
/// <param name="Charter">Name of its charter; absent if the run has one charter.</param>
/// <param name="Goals">Of its charter.</param>
/// <param name="Interventions">
/// Those that the plan schedules for it, in the order in which they take effect; absent if there are none.
/// </param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Kept">Experiences kept for training.</param>
/// <param name="Calls">Calls to the model and the trainer by kind.</param>
/// <param name="Generations">From generation 0.</param>
/// <param name="SelfModels">From generation 0; the last is current.</param>
/// <param name="Insights">In order.</param>
/// <param name="Last">The last experiences, at most five.</param>
internal sealed record ShowInstanceOutput(
    string Run,
    string Instance,
    string Variant,
    int Replicate,
    InstanceState Status,
    string? Parked,
    string? Parent,
    long? ForkedAt,
    int Beside,
    int Waiting,
    RunState RunState,
    int Cycle,
    int Cycles,
    string SelfModel,
    string? Champion,
    bool ByHand,
    string Keeping,
    string Learning,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Charter,
    IReadOnlyList<string> Goals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ShownIntervention>? Interventions,
    int Experiences,
    int Kept,
    IReadOnlyList<CallOutput> Calls,
    IReadOnlyList<ShownGeneration> Generations,
    IReadOnlyList<ShownSelfModel> SelfModels,
    IReadOnlyList<ShownInsight> Insights,
    IReadOnlyList<ShownExperience> Last
) : OutputDocument
{
    private const int LastShown = 5;

    public static ShowInstanceOutput Of(InstancePage page) =>
        new(
            page.Run.Plan.Run,
            page.Instance.Name,
            page.Variant.Name,
            page.Instance.Replicate,
            page.Instance.Status,
            page.Instance.Parked,
            page.Instance.Parent,
            page.Fork?.Index,
            page.Instance.Unplanned,
            page.Instance.Waiting,
            page.Run.State,
            page.Self.Cycle,
            page.Run.Plan.Cycles,
            page.Self.SelfModel,
            page.Self.Model.Value,
            page.ByHand is not null,
            PolicyWords.Keeping(page.InstancesBy.Curate),
            PolicyWords.Learning(page.InstancesBy.Trainer, page.Run.Plan.Every),
            page.Run.Plan.HasCharters ? page.Run.Plan.CharterOf(page.Variant, page.Instance.Replicate).Name : null,
            page.Run.Plan.CharterOf(page.Variant, page.Instance.Replicate).Goals,
            page.Interventions.IsEmpty ? null : [.. page.Interventions.Select(ShownIntervention.Of)],
            page.Experiences.Count,
            page.Kept,
            CallOutput.Of(page.Calls),
            [.. page.Generations.Select(ShownGeneration.Of)],
            [.. page.SelfModels.Select(s => new ShownSelfModel(s.Cycle, s.Text, s.Because?.Value))],
            [.. page.Insights.Select(i => new ShownInsight(i.Id.Value, i.Statement, [.. i.Evidence.Select(e => e.Value)]))],
            [
                .. page
                    .Experiences.TakeLast(LastShown)
                    .Select(e => new ShownExperience(e.Id.Value, e.Input, e.Output, e.Reflection, e.Verdict, e.Reasons)),
            ]
        );
}

/// <summary>A generation of an instance.</summary>
/// <param name="Generation">From 0.</param>
/// <param name="Outcome">
/// Of the training before it, in words: <c>born</c>, <c>promoted</c>, <c>rolled back</c>, ...
/// </param>
/// <param name="Model">The model of this generation.</param>
/// <param name="Parent">The model that the training started from; null without a training.</param>
/// <param name="Candidate">The trained model, promoted or not; null without a training.</param>
/// <param name="BareDrift">Bare identity drift since generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">The same for the whole agent.</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="Asked">Choice probes, of the bare model and of the agent together.</param>
/// <param name="Answered">How many of them named an option; drift excludes the others.</param>
/// <param name="Why">The gate's objections, or why there was no training; empty otherwise.</param>
internal sealed record ShownGeneration(
    int Generation,
    string Outcome,
    string Model,
    string? Parent,
    string? Candidate,
    double? BareDrift,
    double? AgentDrift,
    double? HeldOut,
    int Asked,
    int Answered,
    string Why
)
{
    public static ShownGeneration Of(InstancePage.Generation g) =>
        new(
            g.Number,
            InstanceView.Outcome(g.Outcome),
            g.Model.Value,
            g.Parent?.Value,
            g.Candidate?.Value,
            g.Bare,
            g.Agent,
            g.HeldOut,
            g.Asked,
            g.Answered,
            g.Why
        );
}

/// <summary>A scheduled intervention.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="Action">What is done, in words.</param>
/// <param name="State"><c>pending</c>, <c>happened</c>, or <c>omitted</c>: the instance ended without it.</param>
/// <param name="HappenedAt">
/// The cycle of the instance that received the stimulus, or the last one before the change; null if it has not happened.
/// </param>
/// <param name="Event">Index of the event, as in <c>replay</c>; null if it has not happened.</param>
internal sealed record ShownIntervention(int Cycle, string Action, InterventionState State, int? HappenedAt, long? Event)
{
    public static ShownIntervention Of(InstanceIntervention i) =>
        new(i.Cycle, InterventionWords.Of(i.Action), i.State, i.Happened?.Cycle, i.Happened?.Event);
}

/// <summary>A self-model.</summary>
/// <param name="Cycle">The cycle that it is valid from.</param>
/// <param name="Text">The text.</param>
/// <param name="Because">The insight that changed it; null for the first.</param>
internal sealed record ShownSelfModel(int Cycle, string Text, string? Because);

/// <summary>An insight.</summary>
/// <param name="Id">Such as <c>i2</c>.</param>
/// <param name="Statement">The text.</param>
/// <param name="Evidence">Ids of the memories that it cites.</param>
internal sealed record ShownInsight(string Id, string Statement, IReadOnlyList<string> Evidence);

/// <summary>An experience.</summary>
/// <param name="Id">Such as <c>e12</c>.</param>
/// <param name="Input">The stimulus.</param>
/// <param name="Output">The answer.</param>
/// <param name="Reflection">The reflection on the answer.</param>
/// <param name="Verdict">The Curator's verdict.</param>
/// <param name="Reasons">Of the verdict.</param>
internal sealed record ShownExperience(
    string Id,
    string Input,
    string Output,
    string Reflection,
    Verdict Verdict,
    IReadOnlyList<string> Reasons
);
