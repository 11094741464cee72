using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>The events that record that something outside failed.</summary>
public static class FailureEvents
{
    /// <summary>Whether an event records a failure.</summary>
    public static bool Includes(Event happened) =>
        happened
            is GenerationFailed
                or ProbingFailed
                or MemorySearchFailed
                or ReflectorGenerationFailed
                or CuratorEmbeddingFailed
                or Failed
                or LostTrack
                or SubmissionRefused
                or SubmissionUnclear
                or AskingFailed;
}
