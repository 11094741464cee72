using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Identities;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Models.OpenAi;
using AiMe.Models.OpenAi.Scoring;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs;

/// <summary>Prepares the scoring of given text by a hosted model's server.</summary>
internal static class HostedScorer
{
    /// <summary>The options of an origin's scoring; null if it has none.</summary>
    public static ScoringOptions? OptionsOf(ModelOrigin.Hosted origin) =>
        origin.Scoring is not { } way
            ? null
            : new(
                way switch
                {
                    "auto" => ScoringWay.Auto,
                    "prompt-logprobs" => ScoringWay.PromptLogProbabilities,
                    "completions" => ScoringWay.Completions,
                    _ => throw new ModelPreparationException($"This build does not know the scoring '{way}': use the original build."),
                },
                origin.ChatTemplate is { } family ? ChatTemplate.Of(family) : null
            );

    /// <summary>The scoring of a run; null if it has none. Makes no request.</summary>
    public static async Task<HostedScoring?> ForAsync(
        ModelOrigin.Hosted origin,
        OpenAiServer server,
        ModelId birth,
        RunSubject subject,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        if (OptionsOf(origin) is not { } options)
            return null;
        var heldOut = await HeldOutAsync(origin, store, cancellationToken);
        var model = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{origin.BaseUrl}\n{birth.Value}\n{origin.SendNames}\n{subject.Run}"))
        )[..8];
        return new HostedScoring(
            new OpenAiScorer(server, options),
            birth,
            heldOut,
            Stimuli(heldOut, subject.Stimuli),
            Path.Combine(store.ModelsDirectory, $"calibration-{model}")
        );
    }

    private static async Task<ImmutableArray<IReadOnlyList<ChatMessage>>> HeldOutAsync(
        ModelOrigin.Hosted origin,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        if (origin.HeldOut is not { } heldOut)
            return [];
        var data = await store.Blobs.GetAsync(new BlobId(heldOut.Data), cancellationToken);
        return HeldOutFile.Read(data, (line, text) =>
            throw new ModelPreparationException($"The held-out text of the run cannot be read: line {line}: {text}.")
        );
    }

    // What people said in the held-out text, or without one the run's own stimuli.
    private static ImmutableArray<Stimulus> Stimuli(ImmutableArray<IReadOnlyList<ChatMessage>> heldOut, ImmutableArray<Stimulus> ofRun)
    {
        ImmutableArray<Stimulus> asked =
        [
            .. heldOut
                .Select(e => e.LastOrDefault(m => m.Role == ChatRole.User))
                .OfType<ChatMessage>()
                .Select((m, i) => new Stimulus($"calibration-{i}", m.Text, "held-out", Parts.Of(m) == Parts.Drive)),
        ];
        return asked.IsEmpty ? ofRun : asked;
    }
}
