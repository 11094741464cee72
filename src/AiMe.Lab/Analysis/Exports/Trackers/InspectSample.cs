using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Identity;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>A probe at one generation as a sample of Inspect AI.</summary>
/// <param name="Epoch">The generation plus 1.</param>
/// <param name="Target">The option that fits the charter; empty for an open probe.</param>
/// <param name="Answer">The likeliest option of the whole agent over the wordings, or the text of an open answer.</param>
/// <param name="Scores">By name; without those that are undefined.</param>
internal sealed record InspectSample(
    string Id,
    int Epoch,
    string Input,
    ImmutableArray<string> Choices,
    string Target,
    string Answer,
    string Model,
    ImmutableSortedDictionary<string, double> Scores,
    string? Measures
)
{
    private const string Agent = "agent",
        Bare = "bare",
        Twin = "behaviour";

    /// <summary>
    /// The probability of the option that fits the charter, of the whole agent and of the bare model; the score of an open
    /// answer that is a behavioural twin.
    /// </summary>
    public static ImmutableArray<string> ScoreNames { get; } = [Agent, Bare, Twin];

    /// <summary>The samples of one sitting.</summary>
    public static IEnumerable<InspectSample> Of(ProbeSet probes, Probed probed, int epoch, string model)
    {
        var (agent, bare) = (Identity.Means(probed.Results.Agent), Identity.Means(probed.Results.Bare));
        foreach (var probe in probes.Choices)
        {
            var answer =
                agent.GetValueOrDefault(probe.Id) is { Length: > 0 } options && !double.IsNaN(options[0])
                    ? probe.Options[Array.IndexOf(options, options.Max())]
                    : "";
            yield return new(
                probe.Id,
                epoch,
                probe.Asks[0].Ask,
                probe.Options,
                probe.Options[probe.Keyed].Trim(),
                answer.Trim(),
                model,
                Defined((Agent, Keyed(agent, probe)), (Bare, Keyed(bare, probe))),
                probe.Measures
            );
        }

        foreach (var open in probed.Results.Open)
        {
            var probe = probes.Open.First(p => p.Id == open.Probe);
            var score = probe.Twin is { } twin ? Behaviour.Of(twin.ScoredBy, open.Text, twin.Reversed) : double.NaN;
            yield return new(probe.Id, epoch, probe.Asks[0], [], "", open.Text, model, Defined((Twin, score)), probe.Twin?.Measures);
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteNumber("epoch", Epoch);
        json.WriteString("input", Input);
        if (!Choices.IsEmpty)
        {
            json.WriteStartArray("choices");
            foreach (var choice in Choices)
                json.WriteStringValue(choice.Trim());
            json.WriteEndArray();
        }

        json.WriteString("target", Target);
        json.WriteStartArray("messages");
        Message(json, Input, "input", "user");
        Message(json, Answer, "generate", "assistant");
        json.WriteEndArray();
        Output(json);
        json.WriteStartObject("scores");
        foreach (var (name, value) in Scores)
        {
            json.WriteStartObject(name);
            json.WriteNumber("value", value);
            json.WriteString("answer", Answer);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("generation", Epoch - 1);
        json.WriteString("measures", Measures);
        json.WriteEndObject();
        foreach (var empty in (string[])["store", "model_usage", "attachments"])
        {
            json.WriteStartObject(empty);
            json.WriteEndObject();
        }

        json.WriteStartArray("events");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Output(Utf8JsonWriter json)
    {
        json.WriteStartObject("output");
        json.WriteString("model", Model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WritePropertyName("message");
        Message(json, Answer, "generate", "assistant");
        json.WriteString("stop_reason", "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Message(Utf8JsonWriter json, string content, string source, string role)
    {
        json.WriteStartObject();
        json.WriteString("content", content);
        json.WriteString("source", source);
        json.WriteString("role", role);
        json.WriteEndObject();
    }

    private static double Keyed(IReadOnlyDictionary<string, double[]> answers, ChoiceProbe probe) =>
        answers.TryGetValue(probe.Id, out var options) ? TraitScore.OfItem(options, probe.Keyed) : double.NaN;

    private static ImmutableSortedDictionary<string, double> Defined(params ReadOnlySpan<(string Name, double Value)> scores)
    {
        var defined = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in scores)
        {
            if (!double.IsNaN(value))
                defined[name] = value;
        }

        return defined.ToImmutable();
    }
}
