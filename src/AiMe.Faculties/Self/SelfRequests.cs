using AiMe.EventSourcing;
using AiMe.Faculties.Memory;

namespace AiMe.Faculties.Self;

/// <summary>What the Self asks of the world and of Memory, from its state.</summary>
public static class SelfRequests
{
    /// <summary>The probes, for the whole agent and for the bare model.</summary>
    /// <param name="found">What was recalled for each of them.</param>
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
            // The same seed at every generation: what differs between the answers is the model, not the dice.
            state.Spec.Seed.Derive("probes")
        );

    /// <summary>The recall for the probes of a generation: the first wording of each probe.</summary>
    public static Recall RecallForProbes(SelfState state, int generation) =>
        new(
            RecallFor.OfProbes(generation),
            [.. state.Spec!.Probes.Choices.Select(p => p.Asks[0].Ask), .. state.Spec.Probes.Open.Select(p => p.Asks[0])],
            state.Spec.Epoch + state.Cycle * state.Spec.Tick
        );

    // An experience that is given is only measured.
    internal static Effect Answer(SelfState state, SelfPhase.Speaking duty) =>
        duty.Given is { } given
            ? new AppraiseAnswer(state.Cycle, duty.Attempt, given.Output, state.Spec!.Charter, duty.Stimulus)
            : new GenerateAnswer(
                state.Cycle,
                duty.Attempt,
                state.Model,
                duty.Prompt,
                state.Spec!.Charter,
                duty.Stimulus,
                state.Spec.Self,
                state.Spec.Seed.Derive(state.Cycle, "answer", duty.Attempt)
            );
}
