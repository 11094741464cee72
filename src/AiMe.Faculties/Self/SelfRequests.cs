using AiMe.EventSourcing;
using AiMe.Faculties.Memory;

namespace AiMe.Faculties.Self;

/// <summary>The Self's effects and its messages to Memory, as functions of its state.</summary>
public static class SelfRequests
{
    /// <summary>Asks the probes, of the whole agent and of the bare model.</summary>
    /// <param name="found">The memories recalled for each probe.</param>
    public static AskProbes Probe(SelfState state, RecallFound found, int attempt) =>
        new(
            state.Generation,
            attempt,
            state.Model,
            state.Spec!.Charter,
            state.Spec.Probes,
            state.SelfModel,
            found.Hits,
            state.Spec.Self.Sampling,
            state.Spec.BlockSeed.Derive("held-out"),
            // The same seed at every generation: the answers differ because of the model, not because of sampling.
            state.Spec.Seed.Derive("probes"),
            state.Spec.LoopVersion
        );

    /// <summary>Recalls memories for the probes of a generation, by the first wording of each.</summary>
    public static Recall RecallForProbes(SelfState state, int generation) =>
        new(
            RecallFor.OfProbes(generation),
            [.. state.Spec!.Probes.Choices.Select(p => p.Asks[0].Ask), .. state.Spec.Probes.Open.Select(p => p.Asks[0])],
            state.Spec.Epoch + state.Cycle * state.Spec.Tick
        );

    // A given experience is only scored.
    internal static Effect Answer(SelfState state, SelfPhase.Answering duty) =>
        duty.Given is { } given
            ? new AppraiseAnswer(
                state.Cycle,
                duty.Attempt,
                given.Output,
                state.Spec!.Charter,
                duty.Stimulus,
                given.Rejected,
                state.Spec.LoopVersion
            )
            : new GenerateAnswer(
                state.Cycle,
                duty.Attempt,
                state.Model,
                duty.Prompt,
                state.Spec!.Charter,
                duty.Stimulus,
                state.Spec.Self,
                state.Spec.Seed.Derive(state.Cycle, "answer", duty.Attempt),
                state.Spec.LoopVersion
            );
}
