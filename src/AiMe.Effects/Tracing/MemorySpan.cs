using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Tracing;

/// <summary>The span of a search in memory, by OpenTelemetry's conventions for generative AI.</summary>
internal static class MemorySpan
{
    /// <summary>Starts the span; null if nobody listens.</summary>
    public static Activity? Begin(SearchMemory search)
    {
        if (!Telemetry.Source.HasListeners())
            return null;
        var agent = Activity.Current?.GetTagItem("gen_ai.agent.id"); // of the effect's span
        var span = Telemetry.Source.StartActivity("search_memory");
        span?.SetTag("gen_ai.operation.name", "search_memory")
            .SetTag("gen_ai.memory.store.id", agent)
            .SetTag("gen_ai.agent.id", agent)
            .SetTag("gen_ai.memory.record.count", 0)
            .SetTag("aime.memory.items", search.View.Items.Length)
            .SetTag("aime.memory.queries", search.Queries.Length);
        if (MessageContent.IsWanted)
            span?.SetTag("gen_ai.memory.query.text", string.Join('\n', search.Queries));
        return span;
    }
}
